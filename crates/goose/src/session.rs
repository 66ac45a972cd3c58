//! What one of goose's users does: one session of the load, from its first operation to its last.

use cachemark_bench::{Asked, Issued, Load, Recorder, Window};
use cachemark_core::{Clock, SystemClock, WriteId};
use cachemark_http::{HttpTarget, whole};
use cachemark_workload::{OpStream, Operation};
use goose::goose::{GooseRequest, GooseUser};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Requests by name: how many were answered, and how many were not.
pub(crate) type Counts<'a> = BTreeMap<&'a str, (usize, usize)>;

/// What all sessions of a trial share.
pub(crate) struct Shared {
    pub(crate) load: Arc<Load<HttpTarget>>,
    pub(crate) clock: SystemClock,
    pub(crate) window: Arc<Window>,
    /// What each of goose's threads records into.
    pub(crate) recorders: Vec<Mutex<Recorder>>,
    /// Goose must have counted the same.
    pub(crate) requests: Mutex<Counts<'static>>,
    /// Why goose would not send, if it would not.
    pub(crate) fault: OnceLock<String>,
    /// How many users have come: each takes the next session.
    pub(crate) sessions: AtomicU32,
}

/// Runs the next session that nobody runs yet. Which user runs it makes no difference to what it asks.
pub(crate) async fn run(shared: &Shared, user: &mut GooseUser) {
    let session = shared.sessions.fetch_add(1, Ordering::Release);
    // Goose's own client follows redirects and asks for gzip, which would measure something else.
    user.client = shared.target().client(session).clone();
    let load = &shared.load;
    let mut operations = OpStream::new(&load.spec, load.seed, load.block, session);
    for sequence in 0.. {
        let write = WriteId { session, sequence };
        if load.stop.is_stopped() || !shared.issue(user, operations.next_operation(), write).await {
            return;
        }
    }
}

impl Shared {
    /// The service that is asked: whatever its strategy, it is one.
    pub(crate) fn target(&self) -> &HttpTarget {
        &self.load.instances[0]
    }

    /// What the calling thread records into. A thread's operations come in the order of their ends, as a recorder takes
    /// them, whatever sessions they are of; those of one session may end on any thread.
    fn recorder(&self) -> MutexGuard<'_, Recorder> {
        let thread = tokio::runtime::worker_index().unwrap_or_default();
        self.recorders[thread].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Issues one operation and records it; `false` once the window is over.
    async fn issue(&self, user: &mut GooseUser, operation: Operation, write: WriteId) -> bool {
        let (load, target, kind, session) = (&self.load, self.target(), operation.kind, write.session);
        let key = &load.keys.key(operation.key);
        let mut known = self.recorder().ask(kind, operation.key);
        let value = operation.value(&load.payloads, load.trial, key, known.in_stamp(write));
        // The client's own work, making the request, is done before the clock is read.
        let request = target.prepare(session, kind, key, value).timeout(load.driving.operation_timeout);
        let request = GooseRequest::builder().name(kind.name()).set_request_builder(request).build();
        let started_ns = self.clock.now_ns();
        if started_ns >= self.window.end() {
            return false;
        }
        let measured = self.recorder().issue(started_ns);
        let mut sent = match user.request(request).await {
            Ok(sent) => sent,
            // Goose gave up before sending: it counts nothing then, and the load cannot go on.
            Err(error) => {
                let _ = self.fault.set(error.to_string());
                load.stop.stop();
                return false;
            }
        };
        let answer = whole(sent.response).await;
        let ended_ns = self.clock.now_ns();
        let (told, found) = target.understand(kind, load.asks_cache, answer);
        let answered = told.outcome.is_answered();
        // Goose takes every status below 200 or above 299 for a failure, and never sees a body that breaks off. Both calls
        // say whether the channel to it is open; the second gives an error by design.
        let _ = match answered {
            true => user.set_success(&mut sent.request),
            false => user.set_failure("not answered", &mut sent.request, None, None),
        };
        let issued =
            Issued { operation: kind, key: operation.key, session, known, intended_ns: None, started_ns, measured };
        self.recorder().end(issued, key, told, &found, ended_ns, None);
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = requests.entry(kind.name()).or_default();
        *if answered { &mut counts.0 } else { &mut counts.1 } += 1;
        true
    }
}

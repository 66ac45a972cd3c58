//! What one of goose's users does: one session of the load, from its first operation to its last.

use crate::threads::Threads;
use cachemark_bench::{Asked, Issued, Load, Recorder, Window};
use cachemark_core::{Clock, SystemClock, WriteId};
use cachemark_http::HttpTarget;
use cachemark_http::http::{Answered, WholeAnswer};
use cachemark_workload::{OpStream, Operation, OperationKind};
use goose::goose::{GooseRequest, GooseUser};
use goose::metrics::GooseRequestMetric;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// What all sessions of a trial share.
pub(crate) struct Shared {
    pub(crate) load: Arc<Load<HttpTarget>>,
    pub(crate) clock: SystemClock,
    pub(crate) window: Arc<Window>,
    pub(crate) recorders: Vec<Mutex<Thread>>,
    /// Why goose would not send, if it would not.
    pub(crate) fault: OnceLock<String>,
    /// How many users have come: each takes the next session.
    pub(crate) sessions: AtomicU32,
}

/// What one of goose's threads records.
pub(crate) struct Thread {
    pub(crate) recorder: Recorder,
    /// Requests by kind of operation: answered and not. Goose must have counted the same.
    pub(crate) requests: HashMap<OperationKind, (u64, u64)>,
}

impl Shared {
    /// The service that is asked: whatever its strategy, it is one.
    pub(crate) fn target(&self) -> &HttpTarget {
        &self.load.instances[0]
    }

    /// What the calling thread records into. A thread's operations come in the order of their ends, as a recorder takes
    /// them, whatever sessions they are of; those of one session may end on any thread.
    fn thread(&self) -> MutexGuard<'_, Thread> {
        let thread = &self.recorders[Threads::number() % self.recorders.len()];
        thread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs the next session that nobody runs yet. Which user runs it makes no difference to what it asks.
pub(crate) async fn run(shared: &Shared, user: &mut GooseUser) {
    let session = shared.sessions.fetch_add(1, Ordering::Release);
    // Goose's own client follows redirects and asks for gzip, which would measure something else.
    user.client = shared.target().client(session).clone();
    let (mut session, load) = (Session { shared, user, session }, &shared.load);
    let mut operations = OpStream::new(&load.spec, load.seed, load.block, session.session);
    for sequence in 0.. {
        if load.stop.is_stopped() || !session.issue(operations.next_operation(), sequence).await {
            return;
        }
    }
}

struct Session<'a> {
    shared: &'a Shared,
    user: &'a mut GooseUser,
    session: u32,
}

impl Session<'_> {
    /// Issues one operation and records it; `false` once the window is over.
    async fn issue(&mut self, operation: Operation, sequence: u64) -> bool {
        let (shared, kind, session) = (self.shared, operation.kind, self.session);
        let (load, target) = (&shared.load, shared.target());
        let key = &load.keys.key(operation.key);
        let mut known = shared.thread().recorder.ask(kind, operation.key);
        let write = known.in_stamp(WriteId { session, sequence });
        let value = operation.value(&load.payloads, load.trial, key, write);
        // The client's own work, making the request, is done before the clock is read.
        let request = target.prepare(session, kind, key, value).timeout(load.driving.operation_timeout);
        let request = GooseRequest::builder().name(kind.name()).set_request_builder(request).build();
        let started_ns = shared.clock.now_ns();
        if started_ns >= shared.window.end() {
            return false;
        }
        let measured = shared.thread().recorder.issue(started_ns);
        let Some((answer, ended_ns, mut sent)) = self.send(request).await else { return false };
        let (told, found) = target.understand(kind, load.asks_cache, answer);
        let answered = told.outcome.is_answered();
        // Goose takes every status below 200 or above 299 for a failure, and never sees a body that breaks off. Both calls
        // say whether the channel to it is open; the second gives an error by design.
        let _ = match answered {
            true => self.user.set_success(&mut sent),
            false => self.user.set_failure("not answered", &mut sent, None, None),
        };
        let mut thread = shared.thread();
        let issued =
            Issued { operation: kind, key: operation.key, session, known, intended_ns: None, started_ns, measured };
        thread.recorder.end(issued, key, told, &found, ended_ns, None);
        let counts = thread.requests.entry(kind).or_default();
        *if answered { &mut counts.0 } else { &mut counts.1 } += 1;
        true
    }

    /// Sends a request through goose and reads the answer to its end: what it was, when that was, and what goose has of it.
    /// None where goose gave up before sending: it counts nothing then, and the load cannot go on.
    async fn send(&mut self, request: GooseRequest<'_>) -> Option<(Answered, u64, GooseRequestMetric)> {
        match self.user.request(request).await {
            Ok(sent) => {
                let answer = WholeAnswer::of(sent.response).await;
                Some((answer, self.shared.clock.now_ns(), sent.request))
            }
            Err(error) => {
                let _ = self.shared.fault.set(error.to_string());
                self.shared.load.stop.stop();
                None
            }
        }
    }
}

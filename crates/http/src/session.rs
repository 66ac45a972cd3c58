//! What one of goose's users does: one session of the workload, from its first operation to its last.
//!
//! Goose would call a transaction again and again; here one transaction is the whole session. So the session ends where
//! the window does, to the operation, and not at one of goose's whole seconds, and nothing is cut off or left uncounted.

use crate::LoadPlan;
use crate::http::{Answer, Verdict};
use crate::recorder::{Ended, Recorder};
use cachemark_core::{Clock, Key, PreloadRows, SystemClock, Value, WriteId};
use cachemark_workload::{KeyTable, OpStream, Operation, OperationKind, Preload};
use goose::goose::{GooseRequest, GooseUser};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// What all sessions of a trial share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) plan: LoadPlan,
    pub(crate) keys: KeyTable,
    pub(crate) preload: Preload,
    pub(crate) clock: SystemClock,
    /// Set when the last user has come; moments on `clock`, in nanoseconds.
    pub(crate) window: OnceLock<Range<u64>>,
    pub(crate) halt: AtomicBool,
    pub(crate) recorders: Vec<Mutex<Recorder>>,
    pub(crate) preload_failures: AtomicU64,
    /// The first client that could not be made, if any.
    pub(crate) fault: OnceLock<String>,
    sessions: AtomicU32,
    arrived: AtomicU32,
}

impl Shared {
    pub(crate) fn new(plan: LoadPlan, preload: Preload, keys: KeyTable) -> Self {
        let recorders = (0..plan.threads).map(|_| Mutex::new(Recorder::default())).collect();
        Self {
            plan,
            keys,
            preload,
            clock: SystemClock::new(),
            window: OnceLock::new(),
            halt: AtomicBool::new(false),
            recorders,
            preload_failures: AtomicU64::new(0),
            fault: OnceLock::new(),
            sessions: AtomicU32::new(0),
            arrived: AtomicU32::new(0),
        }
    }

    fn is_halted(&self) -> bool {
        self.halt.load(Ordering::Relaxed)
    }

    /// The last to come sets the window.
    fn arrive(&self) {
        if self.arrived.fetch_add(1, Ordering::Relaxed) + 1 == self.plan.users {
            let start = self.clock.now_ns() + crate::nanos(self.plan.warm_up);
            let _ = self.window.set(start..start + crate::nanos(self.plan.duration));
        }
    }

    fn recorder(&self, session: u32) -> MutexGuard<'_, Recorder> {
        let recorder = &self.recorders[session as usize % self.recorders.len()];
        recorder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs the next session that nobody runs yet. Which user runs it makes no difference to what it asks.
pub(crate) async fn run(shared: &Shared, user: &mut GooseUser) {
    match client(&shared.plan) {
        // Goose's own client follows redirects and asks for gzip, which would measure something else.
        Ok(client) => user.client = client,
        Err(error) => {
            let _ = shared.fault.set(error.to_string());
            shared.halt.store(true, Ordering::Relaxed);
            return;
        }
    }
    let session = shared.sessions.fetch_add(1, Ordering::Relaxed);
    let mut session = Session { shared, user, session };
    if shared.plan.preload {
        session.preload().await;
    }
    shared.arrive();
    session.operate().await;
}

/// A client of its own for each user, so that each has one connection, as a sweep's clients have one lane.
fn client(plan: &LoadPlan) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .user_agent(concat!("cachemark/", env!("CARGO_PKG_VERSION")))
        .timeout(plan.timeout)
        .connect_timeout(plan.http.connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .no_gzip()
        .tcp_nodelay(true)
        .build()
}

struct Session<'a> {
    shared: &'a Shared,
    user: &'a mut GooseUser,
    session: u32,
}

impl Session<'_> {
    /// Writes this session's share of the keys.
    async fn preload(&mut self) {
        let plan = &self.shared.plan;
        for index in (u64::from(self.session)..plan.spec.keys()).step_by(plan.users as usize) {
            if self.shared.is_halted() {
                return;
            }
            let (key, value) = self.shared.preload.row(index);
            let outcome = self.issue(OperationKind::Write, &key, value).await;
            if !outcome.is_some_and(|verdict| verdict.outcome.is_answered()) {
                self.shared.preload_failures.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Asks one operation after another until the window ends.
    async fn operate(&mut self) {
        let plan = &self.shared.plan;
        let mut operations = OpStream::new(&plan.spec, plan.seed, plan.block, self.session);
        let mut sequence = 0;
        while !self.shared.is_halted() {
            let operation = operations.next_operation();
            let key = self.shared.keys.key(operation.key);
            let value = self.value_of(&operation, key, sequence);
            if self.issue(operation.kind, key, value).await.is_none() {
                return;
            }
            sequence += 1;
        }
    }

    fn value_of(&self, operation: &Operation, key: &Key, sequence: u64) -> Value {
        match operation.kind {
            OperationKind::Write => {
                let write_id = WriteId { session: self.session, sequence };
                self.shared.preload.payloads().seal(self.shared.plan.trial, key, write_id, operation.value_bytes)
            }
            OperationKind::Read | OperationKind::Delete => Value::default(),
        }
    }

    /// Issues one operation and records it; `None` once the window is over.
    async fn issue(&mut self, kind: OperationKind, key: &Key, value: Value) -> Option<Verdict> {
        let (shared, plan) = (self.shared, &self.shared.plan);
        // The client's own work, making the request, is done before the clock is read.
        let request = plan.http.of(kind).request(&self.user.client, &plan.base_url, key, &value);
        let request = GooseRequest::builder().name(kind.name()).set_request_builder(request).build();
        let started_ns = shared.clock.now_ns();
        let window = shared.window.get();
        if window.is_some_and(|window| started_ns >= window.end) {
            return None;
        }
        let in_window = shared.recorder(self.session).issue(window, started_ns);
        let (mut verdict, ended_ns) = self.send(kind, request).await;
        let seal = verdict.seal(key);
        let ended = Ended {
            operation: kind,
            source: verdict.source,
            outcome: verdict.outcome,
            started_ns,
            ended_ns,
            in_window,
        };
        let mut recorder = shared.recorder(self.session);
        recorder.end(shared.window.get(), crate::nanos(plan.interval), ended);
        recorder.seal(seal);
        recorder.reason(verdict.outcome, verdict.reason.take());
        drop(recorder);
        Some(verdict)
    }

    /// Sends a request through goose, reads the whole answer, and lets goose know where it counted otherwise than we do:
    /// goose takes every status below 200 or above 299 for a failure and never sees a body that breaks off.
    async fn send(&mut self, kind: OperationKind, request: GooseRequest<'_>) -> (Verdict, u64) {
        let (shared, http) = (self.shared, &self.shared.plan.http);
        let mut sent = match self.user.request(request).await {
            Ok(sent) => sent,
            Err(error) => {
                // Goose gave up before sending, and counts nothing then: the load cannot go on.
                let ended_ns = shared.clock.now_ns();
                let _ = shared.fault.set(error.to_string());
                shared.halt.store(true, Ordering::Relaxed);
                return (Verdict::not_sent(), ended_ns);
            }
        };
        let answer = match sent.response {
            Ok(response) => {
                let (status, headers) = (response.status(), response.headers().clone());
                response.bytes().await.map(|body| Answer { status, headers, body })
            }
            Err(error) => Err(error),
        };
        let ended_ns = shared.clock.now_ns();
        let verdict = http.judge(kind, &answer);
        // Both say whether the channel to goose is open; set_failure gives an error by design.
        let _ = if verdict.outcome.is_answered() {
            self.user.set_success(&mut sent.request)
        } else {
            self.user.set_failure("not answered", &mut sent.request, None, None)
        };
        (verdict, ended_ns)
    }
}

//! What the suites share: keys of their own, contexts, values, rows for a preload.

use cachemark_core::{ErrorKind, Key, OpContext, PreloadRows, Value};
use std::future::Future;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Calls with a short deadline may end this much after it: a timer's step, and a machine with other work to do.
const GRACE: Duration = Duration::from_millis(500);

/// Keys that no other check, and no earlier run over the same server, has used.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    prefix: String,
}

impl Keys {
    pub(super) fn new(check: &str) -> Self {
        let run = RandomState::new().build_hasher().finish();
        Self { prefix: format!("cm:conformance:{check}:{run:016x}") }
    }

    /// The key called `name`.
    pub(super) fn key(&self, name: impl std::fmt::Display) -> Key {
        key(&format!("{}:{name}", self.prefix))
    }

    /// A key of exactly `len` bytes.
    pub(super) fn of_length(&self, len: usize) -> Key {
        key(&format!("{:x<len$}", self.prefix))
    }
}

fn key(text: &str) -> Key {
    Key::new(text).expect("the suites' keys are short printable text")
}

/// A context without a deadline.
pub(super) fn ctx() -> OpContext {
    OpContext::new(1)
}

/// A value of `len` bytes that depends on `seed` in every part.
pub(super) fn value(seed: u64, len: usize) -> Value {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(len + 8);
    while bytes.len() < len {
        // A xorshift: cheap, and a page that went missing or came twice does not fit its neighbours.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(len);
    Value::new(bytes)
}

/// The sizes that every backend must take, in bytes.
pub(super) const SIZES: [usize; 6] = [0, 1, 40, 1 << 10, 64 << 10, 1 << 20];

/// Every byte there is, three times over, the troublesome ones side by side.
pub(super) fn every_byte() -> Value {
    let mut bytes: Vec<u8> = (0..=255).collect();
    bytes.extend((0..=255).rev());
    bytes.extend(b"\0\0\r\n\r\n\\x27'\"END\r\n$-1\r\n");
    Value::new(bytes)
}

/// Runs `tasks` tasks at once, task `n` on driver thread `n`, and waits for them all.
pub(super) async fn at_once<T, F>(subject: &Arc<T>, tasks: u16, task: impl Fn(Arc<T>, u16, OpContext) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut running = JoinSet::new();
    for number in 0..tasks {
        running.spawn(task(Arc::clone(subject), number, ctx().on_driver(number)));
    }
    while let Some(ended) = running.join_next().await {
        ended.expect("no task panics");
    }
}

/// Runs `call` with deadlines in the past and close by; it must end soon, in an answer or in a timeout.
pub(super) async fn keeps_deadlines<E>(call: impl AsyncFn(OpContext) -> Result<(), E>, kind: impl Fn(&E) -> ErrorKind) {
    for millis in [0, 0, 1, 1, 2, 5] {
        let deadline = tokio::time::Instant::now() + Duration::from_millis(millis);
        let ended = tokio::time::timeout_at(deadline + GRACE, call(ctx().until(deadline))).await;
        let result = ended.unwrap_or_else(|_| panic!("a call with {millis} ms left ran on for {GRACE:?} after that"));
        if let Err(error) = result {
            let kind = kind(&error);
            let ends = [ErrorKind::Timeout, ErrorKind::QueueTimeout, ErrorKind::Deadline];
            assert!(ends.contains(&kind), "a deadline ended in {kind:?}");
        }
    }
}

/// Begins `call` and drops it midway, after `polls` turns of the runtime.
pub(super) async fn dropped_midway(polls: u32, call: impl Future) {
    tokio::select! {
        biased;
        _ = call => {}
        () = async { for _ in 0..polls { tokio::task::yield_now().await } } => {}
    }
}

/// Rows for a preload: `count` of them, each of `len` bytes, different for each `seed`.
#[derive(Debug, Clone)]
pub struct SampleRows {
    prefix: String,
    count: u64,
    len: usize,
    seed: u64,
}

impl SampleRows {
    /// Makes the rows; keys begin with `prefix`.
    #[must_use]
    pub fn new(prefix: impl Into<String>, count: u64, len: usize, seed: u64) -> Self {
        Self { prefix: prefix.into(), count, len, seed }
    }

    pub(super) fn of(keys: &Keys, count: u64, seed: u64) -> Self {
        Self::new(keys.prefix.clone(), count, 64, seed)
    }
}

impl PreloadRows for SampleRows {
    fn count(&self) -> u64 {
        self.count
    }

    fn row(&self, index: u64) -> (Key, Value) {
        (key(&format!("{}:{index:08}", self.prefix)), value(self.seed ^ (index << 20), self.len))
    }

    fn identity(&self) -> String {
        format!("{} {} {} {}", self.prefix, self.count, self.len, self.seed)
    }
}

//! The checks themselves: each of what they are to find is planted, and found.

use crate::cell::{Cell, Length, Span};
use crate::memory::MOST_GROWTH_KIB;
use crate::stack::Stack;
use crate::{MOMENT, alone};
use cachemark_backend::{AnyCache, AnyStore};
use cachemark_core::{Key, OpContext, OpError, ReadOutcome, Settings, Strategy, Value, WriteOutcome};
use cachemark_strategy::{CacheAside, Parts, cache_aside};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Planted {
    Nothing,
    /// Each read leaves as much as a value behind.
    Memory,
    /// An instance leaves a task behind.
    Task,
    /// A task that has the cache.
    Holder,
    /// A connection.
    Socket,
    /// Some writes are acknowledged and not made.
    LostWrite,
    /// Some reads give what another key was written with.
    Misrouted,
    /// Some reads give a value with a byte changed.
    Corrupt,
    /// Some reads give the value at another version than it was acknowledged as.
    Misplaced,
}

/// Cache-aside with something planted.
struct Faulty {
    inner: CacheAside<AnyCache, AnyStore>,
    planted: Planted,
    turns: AtomicU64,
    last: std::sync::Mutex<Option<ReadOutcome>>,
}

impl Faulty {
    fn new(planted: Planted, parts: Parts<AnyCache, AnyStore>) -> Self {
        let cache = Arc::clone(&parts.cache);
        match planted {
            Planted::Task => drop(tokio::spawn(std::future::pending::<()>())),
            Planted::Holder => drop(tokio::spawn(async move {
                std::future::pending::<()>().await;
                drop(cache);
            })),
            Planted::Socket => std::mem::forget(socket()),
            _ => {}
        }
        let inner = CacheAside::new(&Settings::defaults(cache_aside::DESCRIPTOR.settings), parts);
        Self { inner, planted, turns: AtomicU64::new(0), last: std::sync::Mutex::default() }
    }

    /// Now and then.
    fn is_turn(&self) -> bool {
        self.turns.fetch_add(1, Ordering::Relaxed) % 8 == 7
    }
}

fn socket() -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    TcpStream::connect(listener.local_addr().unwrap()).unwrap()
}

impl Strategy for Faulty {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        let mut read = self.inner.read(ctx, key).await?;
        match self.planted {
            Planted::Memory => std::mem::forget(vec![1u8; 1024]),
            Planted::Misrouted if self.is_turn() => {
                let other = self.last.lock().unwrap().take();
                read.value = other.and_then(|other| other.value).or(read.value);
            }
            Planted::Misrouted => *self.last.lock().unwrap() = Some(read.clone()),
            Planted::Corrupt if self.is_turn() => {
                read.value = read.value.map(|value| {
                    let mut bytes = value.as_bytes().to_vec();
                    *bytes.last_mut().unwrap() ^= 1;
                    Value::new(bytes)
                });
            }
            Planted::Misplaced if self.is_turn() => {
                read.version = read.version.map(|version| cachemark_core::Version(version.0.saturating_sub(1).max(1)));
            }
            _ => {}
        }
        Ok(read)
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        if self.planted == Planted::LostWrite && self.is_turn() {
            let newest = self.inner.read(ctx, key).await?.version.unwrap();
            let version = cachemark_core::Version(newest.0 + 1_000);
            return Ok(WriteOutcome::committed(version, cachemark_core::CacheEffect::Untouched));
        }
        self.inner.write(ctx, key, value).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        self.inner.delete(ctx, key).await
    }

    async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        self.inner.drain(ctx).await
    }
}

/// What a cell says of it.
fn found(planted: Planted, span: Span) -> String {
    let stack = Stack::up("in-process", "sqlite");
    let cell = Cell { stack: &stack, number: 1, span, patience: Duration::from_millis(200) };
    cell.run(|_, parts| Faulty::new(planted, parts)).faults.join("\n")
}

/// As many operations as leave more behind than is allowed, if half of them read and each read leaves a KiB.
const ENOUGH: Span = Span { length: Length::Operations(2 * 3 * MOST_GROWTH_KIB), watches_memory: true };

#[test]
fn memory_that_is_left_behind_is_found_and_what_is_not_is_not() {
    let _alone = alone();
    assert_eq!(found(Planted::Nothing, ENOUGH), "");
    let said = found(Planted::Memory, ENOUGH);
    assert!(said.starts_with("memory grew by "), "{said}");
}

#[test]
fn what_stays_open_or_alive_is_found() {
    let _alone = alone();
    for (planted, words) in [
        (Planted::Task, "2 tasks are alive"),
        (Planted::Holder, "holds 2 caches and 0 stores"),
        (Planted::Socket, " files are open, "),
    ] {
        let said = found(planted, MOMENT);
        assert!(said.contains(words), "{planted:?}: {said}");
    }
}

#[test]
fn what_was_never_written_and_what_is_lost_is_found() {
    let _alone = alone();
    for (planted, words) in [
        (Planted::LostWrite, "a lost write: the store has "),
        (Planted::Misrouted, "is corrupt: the value was written for another key"),
        (Planted::Corrupt, "is corrupt: the checksum"),
        (Planted::Misplaced, "which was acknowledged as"),
    ] {
        // On a busy machine a moment may be over before anything was read of what is wrong.
        let said = (0..5).map(|_| found(planted, MOMENT)).find(|said| !said.is_empty()).unwrap_or_default();
        assert!(said.contains(words), "{planted:?}: {said}");
    }
}

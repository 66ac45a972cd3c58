//! An operation recorded: alone, and with what the oracle adds.

use cachemark_bench::{Answer, IntervalPort, Issued, Known, Oracle, OraclePlan, Outcome, Recorder, Versions, Window};
use cachemark_core::{Key, Source, Version};
use cachemark_workload::OperationKind;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// A read that found nothing, past the cache.
const BYPASS: Answer = Answer { source: Some(Source::Bypass), outcome: Outcome::Absent, version: None, cache: None };

pub(super) fn watched_read(count: u64) -> Duration {
    watched(count, OperationKind::Read, false)
}

pub(super) fn watched_reread(count: u64) -> Duration {
    watched(count, OperationKind::Read, true)
}

pub(super) fn watched_write(count: u64) -> Duration {
    watched(count, OperationKind::Write, true)
}

pub(super) fn alone(count: u64) -> Duration {
    let (mut recorder, name) = (open(), name());
    let began = Instant::now();
    for number in 0..count {
        let started_ns = number * 1_000;
        let measured = recorder.issue(started_ns);
        let (operation, known) = (OperationKind::Read, Known::default());
        let issued = Issued { operation, key: 0, session: 0, known, intended_ns: None, started_ns, measured };
        recorder.end(issued, &name, BYPASS, &Ok(None), started_ns + black_box(number % 1_024), None);
    }
    black_box(recorder.finish());
    began.elapsed()
}

/// A recorder whose window takes all.
fn open() -> Recorder {
    let (parts, _received) = channel();
    let (_spares, spare) = channel();
    let long = u64::MAX / 2;
    let port = IntervalPort { parts, spare, interval_ns: long };
    Recorder::new(Arc::new(Window::at(0..long)), port)
}

/// An operation of the null cell on one of ten thousand keys, all of which were written before or none.
fn watched(count: u64, operation: OperationKind, written: bool) -> Duration {
    const KEYS: u64 = 10_000;
    let plan = OraclePlan {
        keys: KEYS,
        sessions: 1,
        trial: 1,
        loaded: true,
        our_rows: true,
        by_stamp: false,
        caches: 1,
        fills_unseen: false,
        versions: Versions::OfStore,
        window: Duration::from_secs(1),
    };
    let oracle = Oracle::new(plan);
    let mut recorder = open().watched_by(Some(&oracle));
    let name = name();
    let mut versions = vec![1; KEYS as usize];
    let mut one = |operation, key: u64, number: u64| {
        let version = &mut versions[key as usize];
        *version += u64::from(operation == OperationKind::Write);
        let version = Some(Version(*version));
        let known = recorder.ask(operation, key);
        let (started_ns, ended_ns) = (number * 1_000, number * 1_000 + black_box(number % 1_024));
        let measured = recorder.issue(started_ns);
        let issued = Issued { operation, key, session: 0, known, intended_ns: None, started_ns, measured };
        recorder.end(issued, &name, Answer { version, ..BYPASS }, &Ok(None), ended_ns, None);
    };
    if written {
        (0..KEYS).for_each(|key| one(OperationKind::Write, key, key));
    }
    let began = Instant::now();
    for number in 0..count {
        one(operation, number.wrapping_mul(7_919) % KEYS, KEYS + number);
    }
    black_box(recorder.finish());
    began.elapsed()
}

fn name() -> Key {
    Key::new(&b"k"[..]).expect("it is short")
}

//! The parts of an operation of the null cell, each alone: their sum is what the harness should cost.
//!
//! `parts PART COUNT` repeats one part and prints its nanoseconds for each repetition; run under an instruction counter
//! with two counts, the difference gives its instructions. Parts: `operation`, `clock`, `context`, `strategy`,
//! `recorder`, `turn`; and what the oracle adds to the recorder's, by what is done: `recorder-watched-read` of a key that
//! nobody writes, `recorder-watched-reread` of one that was written, `recorder-watched-write`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose output this is")]

use cachemark_bench::{Answer, IntervalPort, Issued, Known, Oracle, OraclePlan, Outcome, Recorder, Versions, Window};
use cachemark_core::{Clock, Key, OpContext, Source, Strategy, SystemClock, Version};
use cachemark_strategy::Null;
use cachemark_workload::{KeyDistribution, Keyspace, Mix, OpStream, OperationKind, Seed, ValueSize, WorkloadSpec};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// As a client of a closed loop does: it lets others run after as many operations.
const OPERATIONS_A_TURN: u64 = 8;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let part = arguments.next().unwrap_or_default();
    let count: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    let began = Instant::now();
    match part.as_str() {
        "operation" => operation(count),
        "clock" => clock(count),
        "context" => context(count),
        "strategy" => runtime.block_on(strategy(count)),
        "recorder" => recorder(count),
        "recorder-watched-read" => watched(count, OperationKind::Read, false),
        "recorder-watched-reread" => watched(count, OperationKind::Read, true),
        "recorder-watched-write" => watched(count, OperationKind::Write, true),
        "turn" => runtime.block_on(tokio::task::LocalSet::new().run_until(async move {
            tokio::task::spawn_local(turn(count)).await.expect("it does not panic");
        })),
        _ => {
            eprintln!(
                "usage: parts operation|clock|context|strategy|recorder|turn|recorder-watched-[re]read|recorder-watched-write COUNT"
            );
            std::process::exit(2);
        }
    }
    println!("{:.1}", began.elapsed().as_nanos() as f64 / count.max(1) as f64);
}

/// Which key and what: the same workload as workloads/test/null.toml.
fn operation(count: u64) {
    let mix = Mix { read_ratio: 1.0, delete_ratio: 0.0 };
    let size = ValueSize::Fixed { bytes: 256 };
    let spec = WorkloadSpec::new(10_000, KeyDistribution::Zipf { exponent: 0.99 }, mix, size).expect("it is valid");
    let keys = Keyspace::new("cm:", 10_000).expect("it is valid");
    let mut stream = OpStream::new(&spec, Seed::new(1), 0, 0);
    for _ in 0..count {
        black_box(keys.key(stream.next_operation().key));
    }
}

fn clock(count: u64) {
    let clock = SystemClock::from_zero();
    for _ in 0..count {
        black_box((clock.now_ns(), clock.now_ns()));
    }
}

fn context(count: u64) {
    let origin = tokio::time::Instant::now();
    for sequence in 0..count {
        let deadline = origin + Duration::from_nanos(sequence) + Duration::from_secs(1);
        black_box(OpContext::new(0).on_driver(0).at(sequence).until(deadline));
    }
}

async fn strategy(count: u64) {
    let (ctx, key) = (OpContext::new(0), Key::new("cm:0").expect("it is short"));
    for _ in 0..count {
        black_box(Null.read(black_box(&ctx), black_box(&key)).await.is_ok());
    }
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
fn watched(count: u64, operation: OperationKind, written: bool) {
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
    for number in 0..count {
        one(operation, number.wrapping_mul(7_919) % KEYS, KEYS + number);
    }
    black_box(recorder.finish());
}

/// A read that found nothing, past the cache.
const BYPASS: Answer = Answer { source: Some(Source::Bypass), outcome: Outcome::Absent, version: None, cache: None };

fn name() -> Key {
    Key::new(&b"k"[..]).unwrap()
}

fn recorder(count: u64) {
    let (mut recorder, name) = (open(), name());
    for number in 0..count {
        let started_ns = number * 1_000;
        let measured = recorder.issue(started_ns);
        let (operation, known) = (OperationKind::Read, Known::default());
        let issued = Issued { operation, key: 0, session: 0, known, intended_ns: None, started_ns, measured };
        recorder.end(issued, &name, BYPASS, &Ok(None), started_ns + black_box(number % 1_024), None);
    }
    black_box(recorder.finish());
}

async fn turn(count: u64) {
    for number in 0..count {
        if number % OPERATIONS_A_TURN == 0 {
            tokio::task::yield_now().await;
        }
    }
}

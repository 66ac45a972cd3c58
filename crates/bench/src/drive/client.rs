//! One session: in a closed loop a client of its own, in an open loop one of those that arrivals take.

use super::asked::Asked;
use super::load::Load;
use super::pace::Pace;
use crate::instrument::{Issued, Recorder};
use crate::timeline::Window;
use cachemark_core::{Clock, ErrorKind, HopLease, Hops, Key, OpContext, OpError, Stamp, SystemClock, Value, WriteId};
use cachemark_workload::{OpStream, Operation, OperationKind};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How many operations a client issues before it lets the others of its thread run, if none of them had to wait. With
/// more, an answer that has come for another client would wait for this one's hits and be recorded late; with fewer,
/// the scheduler's own cost (a third of a microsecond) would tell in every operation.
pub(super) const OPERATIONS_A_TURN: u64 = 8;

/// One arrival of an open loop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    /// Its number on its driver thread, from 0.
    pub(super) sequence: u64,
    /// When it was to be issued.
    pub(super) intended_ns: u64,
    /// Whether it belongs to the window.
    pub(super) measured: bool,
    /// Whether it waited for one in flight to end.
    pub(super) held_up: bool,
}

/// What starts an operation.
enum Start<'a> {
    /// The end of the one before, before the window is thought of.
    WarmUp,
    /// The end of the one before, until the window is over.
    Now { before: &'a Window },
    /// Its arrival.
    Arrival(Arrival),
}

/// A client: a session of its own on one driver thread.
pub(super) struct Client<T, C = SystemClock> {
    pub(super) load: Arc<Load<T>>,
    pub(super) asked: Arc<T>,
    pub(super) clock: C,
    /// By when an operation would have to be done that was issued at zero on `clock`: deadlines need no second look at the time.
    pub(super) first_deadline: Instant,
    pub(super) session: u32,
    pub(super) driver: u16,
    /// Which of the instances that is.
    pub(super) instance: usize,
    /// Where the hops of its operations are timed; none where they are not.
    pub(super) hops: Option<HopLease>,
}

/// What came of reading keys once.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// Reads issued.
    pub(super) issued: u64,
    /// Whether it took too long and was broken off.
    pub(super) cut_short: bool,
    /// Reads that failed, by kind: their keys may be in no cache.
    pub(super) errors: BTreeMap<ErrorKind, u64>,
    /// Values whose stamp did not fit.
    pub(super) bad_stamps: u64,
}

impl<T: Asked, C: Clock> Client<T, C> {
    fn context(&self, sequence: u64, started_ns: u64) -> OpContext {
        let deadline = self.first_deadline + Duration::from_nanos(started_ns);
        OpContext::new(self.session).on_driver(self.driver).at(sequence).until(deadline)
    }

    /// Reads `keys` once, until `until_ns` on the trial's clock, and counts into `scanned`, which others use meanwhile.
    pub(super) async fn scan(&self, keys: impl Iterator<Item = u64>, until_ns: u64, scanned: &RefCell<Scanned>) {
        for (issued, key) in (1..).zip(keys) {
            let now_ns = self.clock.now_ns();
            if self.load.stop.is_stopped() || now_ns >= until_ns {
                scanned.borrow_mut().cut_short = true;
                break;
            }
            let (ctx, key) = (self.context(0, now_ns), &self.load.keys.key(key));
            let prepared = self.asked.prepare(self.session, OperationKind::Read, key, Value::default());
            let reply = self.asked.ask(&ctx, OperationKind::Read, key, prepared).await;
            let (_, found) = self.asked.understand(OperationKind::Read, self.load.asks_cache, reply);
            scanned.borrow_mut().count(&found, key);
            if issued % OPERATIONS_A_TURN == 0 {
                tokio::task::yield_now().await;
            }
        }
    }

    /// Issues `operations` one after the other, at their `pace` if they have one, until `goes_on` says no: what the cache is
    /// warmed by. Their sequences count from `sequence`, so that no two writes of a session have the same.
    pub(super) async fn warm(
        &self,
        operations: impl Iterator<Item = Operation>,
        sequence: u64,
        pace: Option<Pace>,
        goes_on: impl Fn() -> bool,
        recorder: &RefCell<Recorder>,
    ) {
        for (number, operation) in (0..).zip(operations) {
            if let Some(pace) = pace {
                pace.wait_for(number).await;
            } else if number % OPERATIONS_A_TURN == 0 {
                tokio::task::yield_now().await;
            }
            if self.load.stop.is_stopped() || !goes_on() {
                break;
            }
            self.issue(operation, sequence + number, Start::WarmUp, recorder).await;
        }
    }

    /// A closed loop: issues operations until the window ends, one at a time.
    pub(super) async fn run(&self, mut operations: OpStream, window: &Window, recorder: Rc<RefCell<Recorder>>) {
        let mut sequence = 0;
        while !self.load.stop.is_stopped() {
            let operation = operations.next_operation();
            if !self.issue(operation, sequence, Start::Now { before: window }, &recorder).await {
                recorder.borrow_mut().window_over();
                break;
            }
            sequence += 1;
            if sequence % OPERATIONS_A_TURN == 0 {
                tokio::task::yield_now().await;
            }
        }
    }

    /// One arrival of an open loop.
    pub(super) async fn arrive(&self, operation: Operation, arrival: Arrival, recorder: &RefCell<Recorder>) {
        self.issue(operation, arrival.sequence, Start::Arrival(arrival), recorder).await;
    }

    /// Issues one operation and records its end; `false` if it would have started too late.
    async fn issue(&self, operation: Operation, sequence: u64, start: Start<'_>, recorder: &RefCell<Recorder>) -> bool {
        let key = &self.load.keys.key(operation.key);
        // Making the value and the request is the client's work, not the target's: it is done before the clock is read.
        let session = self.session;
        let mut known = recorder.borrow_mut().ask(operation.kind, operation.key);
        let value = match operation.kind {
            OperationKind::Write => {
                let write = known.in_stamp(WriteId { session, sequence });
                operation.value(&self.load.payloads, self.load.trial, key, write)
            }
            OperationKind::Read | OperationKind::Delete => Value::default(),
        };
        let prepared = self.asked.prepare(session, operation.kind, key, value);
        let hops = self.hops.as_ref().map(HopLease::begin);
        let started_ns = self.clock.now_ns();
        let (intended_ns, measured) = match start {
            Start::WarmUp => {
                recorder.borrow_mut().issue_unmeasured();
                (None, false)
            }
            Start::Now { before } if started_ns >= before.end() => return false,
            Start::Now { .. } => (None, recorder.borrow_mut().issue(started_ns)),
            Start::Arrival(arrival) => {
                let lag_ns = started_ns.saturating_sub(arrival.intended_ns);
                recorder.borrow_mut().issue_arrival(arrival.measured, lag_ns, arrival.held_up);
                (Some(arrival.intended_ns), arrival.measured)
            }
        };
        let ctx = self.context(sequence, started_ns).timed(hops);
        let reply = self.asked.ask(&ctx, operation.kind, key, prepared).await;
        let ended_ns = self.clock.now_ns();
        // So is understanding the reply, once the clock was read again.
        let (answer, found) = self.asked.understand(operation.kind, self.load.asks_cache, reply);
        let hops = hops.map(Hops::times);
        let issued =
            Issued { operation: operation.kind, key: operation.key, session, known, intended_ns, started_ns, measured };
        recorder.borrow_mut().end(issued, key, answer, &found, ended_ns, hops);
        true
    }
}

impl Scanned {
    /// The same with what came of reading others.
    pub(super) fn and(mut self, other: Self) -> Self {
        for (kind, count) in other.errors {
            *self.errors.entry(kind).or_default() += count;
        }
        Self {
            issued: self.issued + other.issued,
            cut_short: self.cut_short || other.cut_short,
            bad_stamps: self.bad_stamps + other.bad_stamps,
            errors: self.errors,
        }
    }

    fn count(&mut self, found: &Result<Option<Value>, OpError>, key: &Key) {
        self.issued += 1;
        self.bad_stamps += u64::from(found.as_ref().is_ok_and(|value| !stamp_fits(value.as_ref(), key)));
        if let Err(error) = found {
            *self.errors.entry(error.kind()).or_default() += 1;
        }
    }
}

fn stamp_fits(value: Option<&Value>, key: &Key) -> bool {
    value.is_none_or(|value| Stamp::check(value, key).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Catalogue, Definition, Draft};
    use crate::instrument::{Answer, IntervalPort};
    use crate::observer::StopFlag;
    use crate::warm_up::WarmUp;
    use cachemark_testkit::scripted::{self, ManualClock};
    use cachemark_workload::{KeyDistribution, Keyspace, Mix, Preload, Seed, ValueSize, WorkloadSpec};
    use std::sync::mpsc;

    /// The clock of both, the target and its client.
    #[derive(Debug, Clone)]
    struct Held(Arc<ManualClock>);

    impl Clock for Held {
        fn now_ns(&self) -> u64 {
            self.0.now_ns()
        }
    }

    /// Takes 100 us to be prepared, 7 us to reply, and 1000 us to be understood.
    struct Slow(Held);

    impl Slow {
        fn take(&self, micros: u64) {
            self.0.0.advance(Duration::from_micros(micros));
        }
    }

    impl Asked for Slow {
        type Prepared = ();
        type Reply = ();

        fn prepare(&self, _session: u32, _kind: OperationKind, _key: &Key, _value: Value) {
            self.take(100);
        }

        async fn ask(&self, _ctx: &OpContext, _kind: OperationKind, _key: &Key, (): ()) {
            self.take(7);
        }

        fn understand(&self, _: OperationKind, asks_cache: bool, (): ()) -> (Answer, Result<Option<Value>, OpError>) {
            self.take(1000);
            let found =
                Ok(cachemark_core::ReadOutcome { value: None, version: None, source: cachemark_core::Source::Bypass });
            (Answer::of_read(&found, asks_cache), Ok(None))
        }

        async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
            Ok(())
        }
    }

    /// A load of one key, driven by what a definition that says nothing has.
    fn load(asked: Slow) -> Load<Slow> {
        let catalogue = Catalogue {
            strategies: cachemark_strategy::strategies(),
            caches: &[scripted::CACHE],
            stores: &[scripted::STORE],
            default_caches: &["scripted"],
            default_stores: &["scripted"],
            ..Catalogue::NONE
        };
        let definition = Definition::resolve(Draft::read("nothing", b"").unwrap(), &catalogue).unwrap();
        let (keyspace, seed, size) = (Keyspace::new("k", 1).unwrap(), Seed::new(1), ValueSize::Fixed { bytes: 64 });
        let mix = Mix { read_ratio: 1.0, delete_ratio: 0.0 };
        Load {
            instances: vec![Arc::new(asked)],
            spec: WorkloadSpec::new(1, KeyDistribution::Uniform, mix, size).unwrap(),
            seed,
            block: 0,
            trial: 1,
            keys: keyspace.clone(),
            payloads: Arc::new(Preload::new(keyspace, size, seed).payloads().clone()),
            driving: definition.driving,
            warm_up: WarmUp::NONE,
            asks_cache: false,
            caches: 1,
            rate: None,
            surges: Vec::new(),
            stop: StopFlag::default(),
        }
    }

    #[test]
    fn a_time_is_that_of_the_reply_alone() {
        let clock = Held(Arc::new(ManualClock::new()));
        let (load, asked) = (Arc::new(load(Slow(clock.clone()))), Arc::new(Slow(clock.clone())));
        let client = Client {
            load,
            asked,
            clock,
            first_deadline: Instant::now(),
            session: 0,
            driver: 0,
            instance: 0,
            hops: None,
        };
        let window = Arc::new(Window::at(0..1_000_000_000));
        let ((parts, ended), (_, spare)) = (mpsc::channel(), mpsc::channel());
        let port = IntervalPort { parts, spare, interval_ns: 1_000_000_000 };
        let recorder = RefCell::new(Recorder::new(Arc::clone(&window), port));
        let operation = Operation { kind: OperationKind::Read, key: 0, value_bytes: 0 };
        let issued = client.issue(operation, 0, Start::Now { before: &window }, &recorder);
        assert!(futures::executor::block_on(issued));
        let _ = recorder.into_inner().finish();
        let part = ended.recv().unwrap();
        let micros = part.times.histogram().max().map(|nanos| nanos / 1000);
        assert_eq!((part.operations, micros), (1, Some(7)), "neither making the request nor reading the reply counts");
    }
}

//! Where the steps of an anomaly are gone through: processes that run the strategy over one store, and one key.
//!
//! The same steps are gone through twice. In the *plain* run no gate holds and no fault strikes, so they come one after
//! another; in the *provoked* run they come in the order that the anomaly needs. Only gates make that order: a step is taken
//! when the one before it stands at its gate or has ended. Time decides one thing alone: that an operation waits for another,
//! which is taken for granted once no call has been under way for the suite's patience.

use super::actor::{Actor, Boxed};
use super::running::{End, Running};
use super::{Absence, Evidence};
use crate::scripted::{CallLog, Gate, Op, Part, Replica, Script, When};
use cachemark_core::{CacheError, Key, OpContext, ReadOutcome, Row, StoreError, Value, Version, WriteOutcome};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::sleep;

/// The values that are written; `None` is no value.
pub(super) const OLD: &str = "old";
pub(super) const NEW: &str = "new";
pub(super) const NEWER: &str = "newer";

/// The session that is judged, and any other.
pub(super) const ME: u32 = 1;
pub(super) const OTHER: u32 = 2;

/// How often a step that should go on is found waiting before the suite gives up on it.
const TRIES: usize = 30;

/// In how many steps nothing has to happen for an operation to count as waiting.
const STEPS: u32 = 4;

/// What was found, or why nothing could be.
pub(super) type Found = Result<Option<Evidence>, Absence>;

/// A process of the scene: with two, they are two, with one they are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Here,
    There,
}
use Place::{Here, There};

/// A process: a strategy, and the scripts of what it asks.
pub(super) struct Process {
    pub(super) strategy: Arc<dyn Actor>,
    pub(super) cache: Arc<Script<CacheError>>,
    pub(super) store: Arc<Script<StoreError>>,
    pub(super) replica: Arc<Replica>,
    /// Takes an entry out of its cache, past the script.
    pub(super) evict: Box<dyn Fn(Key) -> Boxed<Result<(), CacheError>> + Send + Sync>,
}

/// Writes a row past the scripts and the strategy.
pub(super) type RowWriter = Box<dyn Fn(Key, Value) -> Boxed<Result<Version, StoreError>> + Send + Sync>;

pub(super) struct Scene {
    pub(super) provoked: bool,
    /// Whether reads of the store come from a replica.
    pub(super) replicated: bool,
    pub(super) key: Key,
    pub(super) log: CallLog,
    pub(super) processes: Vec<Process>,
    pub(super) write_row: RowWriter,
    pub(super) patience: Duration,
    /// Operations begun.
    pub(super) begun: u64,
    /// Whether one step was held back by the strategy until another was done.
    pub(super) ordered: bool,
    /// Whether the strategy acknowledges changes that the store does not have yet, as their outcomes say. The provoked run knows it of the
    /// plain one.
    pub(super) acknowledges_first: Arc<AtomicBool>,
}

impl Scene {
    pub(super) fn is_provoked(&self) -> bool {
        self.provoked
    }

    pub(super) fn processes(&self) -> usize {
        self.processes.len()
    }

    /// Puts a row into the store that no cache knows of.
    pub(super) async fn row(&self, value: &'static str) -> Result<Row, Absence> {
        let value = Value::new(value);
        let written = (self.write_row)(self.key.clone(), value.clone()).await;
        let of_version = |version| Row { version, value: Some(value) };
        written.map(of_version).map_err(|error| Absence::CannotTell(format!("the row could not be written: {error}")))
    }

    /// Takes the entry out of every cache, as an eviction would; in a plain run it stays.
    pub(super) async fn evict(&self) -> Result<(), Absence> {
        for process in self.processes.iter().filter(|_| self.provoked) {
            let evicted = (process.evict)(self.key.clone()).await;
            evicted.map_err(|error| Absence::CannotTell(format!("the entry could not be evicted: {error}")))?;
        }
        Ok(())
    }

    /// Holds a call of `place`; in a plain run it passes.
    pub(super) fn hold(&self, place: Place, part: Part, when: When) -> Gate {
        let process = self.process(place);
        let gate = match part {
            Part::Cache => process.cache.gate(when.on(&self.key)),
            Part::Store => process.store.gate(when.on(&self.key)),
        };
        if !self.provoked {
            gate.release();
        }
        gate
    }

    /// Holds a change of `place` where it is decided and the cache does not know of it yet: between the store's commit and the cache, or,
    /// of a strategy that acknowledges first, at the cache.
    pub(super) fn hold_decided(&self, place: Place) -> Gate {
        if self.acknowledges_first() {
            self.hold(place, Part::Cache, When::next_of(&CHANGES))
        } else {
            self.hold(place, Part::Store, When::next(Op::Write).after_effect())
        }
    }

    /// Whether changes are acknowledged that the store does not have yet, so far as is known.
    pub(super) fn acknowledges_first(&self) -> bool {
        self.acknowledges_first.load(Ordering::SeqCst)
    }

    /// Lets the store get what was acknowledged before it had it.
    pub(super) async fn until_durable(&self) {
        if self.acknowledges_first() {
            self.let_all_run().await;
        }
    }

    /// From now on the cache of `place` answers no call that would change it; in a plain run it does.
    pub(super) fn break_cache(&self, place: Place) {
        for op in CHANGES.into_iter().filter(|_| self.provoked) {
            self.process(place).cache.fail(When::every(op), CacheError::Timeout(self.patience));
        }
    }

    /// From now on the store refuses the writes of `place`; in a plain run it takes them.
    pub(super) fn break_store(&self, place: Place) {
        if self.provoked {
            let refusal = StoreError::Rejected("the suite lets no write pass".to_owned());
            self.process(place).store.fail(When::every(Op::Write), refusal);
        }
    }

    /// Ends what [`Scene::break_cache`] and [`Scene::break_store`] began.
    pub(super) fn mend(&self, place: Place) {
        self.process(place).cache.forget();
        self.process(place).store.forget();
    }

    /// How many calls so far would have changed a cache.
    pub(super) fn cache_changes(&self) -> usize {
        CHANGES.into_iter().map(|op| self.log.count(Part::Cache, op)).sum()
    }

    /// How many rows were loaded so far.
    pub(super) fn loads(&self) -> usize {
        self.log.count(Part::Store, Op::Read)
    }

    pub(super) fn read(&mut self, place: Place, session: u32) -> Running<ReadOutcome> {
        let ctx = self.next(session);
        Running::start(Arc::clone(&self.process(place).strategy).read(ctx, self.key.clone()))
    }

    /// Writes `value`, or deletes the key.
    pub(super) fn change(&mut self, place: Place, session: u32, value: Option<&'static str>) -> Running<WriteOutcome> {
        let (ctx, key, strategy) = (self.next(session), self.key.clone(), Arc::clone(&self.process(place).strategy));
        let acknowledges_first = Arc::clone(&self.acknowledges_first);
        Running::start(async move {
            let outcome = match value {
                Some(value) => strategy.write(ctx, key, Value::new(value)).await,
                None => strategy.delete(ctx, key).await,
            };
            if outcome.as_ref().is_ok_and(|outcome| !outcome.durable) {
                acknowledges_first.store(true, Ordering::SeqCst);
            }
            outcome
        })
    }

    /// Waits until a call stands at `gate`; `or` says what it means that the operation ended without. In a plain run it waits
    /// for the operation's end.
    pub(super) async fn until_held<T: Send + 'static>(
        &mut self,
        gate: &Gate,
        operation: &mut Running<T>,
        or: &'static str,
    ) -> Result<(), Absence> {
        if !self.provoked {
            return self.finish(operation).await;
        }
        tokio::select! {
            () = gate.reached() => {}
            _ = self.let_run(operation) => {}
        }
        if gate.is_reached() { Ok(()) } else { Err(Absence::NotReached(or)) }
    }

    /// Lets an operation run; whether it ended. If not, it waits for another one.
    pub(super) async fn let_run<T: Send + 'static>(&self, operation: &mut Running<T>) -> bool {
        self.let_run_until(operation, || false).await
    }

    /// The same; it stops early where `enough`, which is asked whenever a call begins or ends.
    pub(super) async fn let_run_until<T: Send + 'static>(
        &self,
        operation: &mut Running<T>,
        enough: impl Fn() -> bool,
    ) -> bool {
        let (mut activity, mut quiet) = (self.log.activity(), 0);
        // Patience is asked for in steps: after a stall of the whole machine the first has passed at once, and says nothing.
        let mut step = std::pin::pin!(sleep(self.patience / STEPS));
        let mut steps = activity.borrow().steps;
        while quiet < STEPS {
            let now = *activity.borrow_and_update();
            if now.steps != steps {
                (steps, quiet) = (now.steps, 0);
                step.set(sleep(self.patience / STEPS));
            }
            if enough() {
                return false;
            }
            tokio::select! {
                biased;
                () = operation.done() => return true,
                _ = activity.changed() => {}
                () = &mut step, if now.under_way == 0 => {
                    quiet += 1;
                    step.set(sleep(self.patience / STEPS));
                }
            }
        }
        false
    }

    /// Waits until nothing has been under way for a while: what the strategy does on its own is done.
    pub(super) async fn let_all_run(&self) {
        let mut nothing = Running::<()>::start(std::future::pending());
        self.let_run(&mut nothing).await;
        nothing.cancel().await;
    }

    /// Waits for the end of an operation that nothing holds any more.
    pub(super) async fn finish<T: Send + 'static>(&self, operation: &mut Running<T>) -> Result<(), Absence> {
        for _ in 0..TRIES {
            if self.let_run(operation).await {
                return Ok(());
            }
        }
        Err(Absence::CannotTell("an operation that nothing holds does not end".to_owned()))
    }

    /// Waits for the acknowledgement of a write or delete. If it waits for the call at `gate`, that is let go first.
    pub(super) async fn acknowledged(&mut self, mut change: Running<WriteOutcome>, gate: &Gate) -> Result<(), Absence> {
        if !self.let_run(&mut change).await {
            self.ordered = true;
            gate.release();
            self.finish(&mut change).await?;
        }
        change.acknowledged()
    }

    /// Writes `value` while nothing is held, and waits for the acknowledgement.
    pub(super) async fn write(&mut self, place: Place, value: &'static str) -> Result<(), Absence> {
        let mut write = self.change(place, ME, Some(value));
        self.finish(&mut write).await?;
        write.acknowledged()
    }

    /// Reads for the session that is judged, while nothing is held.
    pub(super) async fn answer(&mut self, place: Place) -> Result<ReadOutcome, Absence> {
        let mut read = self.read(place, ME);
        self.finish(&mut read).await?;
        read.end().map_err(End::of_a_read)
    }

    /// Reads in every process while nothing is held; the first answer that is not `right`.
    pub(super) async fn look(&mut self, right: Option<&'static str>) -> Found {
        let places = if self.processes.len() == 1 { &[Here][..] } else { &[There, Here] };
        for &place in places {
            let answer = self.answer(place).await?;
            if let Some(wrong) = wrong(&answer, right) {
                return Ok(Some(wrong));
            }
        }
        Ok(None)
    }

    fn next(&mut self, session: u32) -> OpContext {
        self.begun += 1;
        OpContext::new(session).at(self.begun)
    }

    fn process(&self, place: Place) -> &Process {
        match place {
            Here => &self.processes[0],
            There => &self.processes[self.processes.len() - 1],
        }
    }
}

/// The calls that change a cache.
const CHANGES: [Op; 4] = [Op::Set, Op::SetIfNewer, Op::SetLeased, Op::Delete];

/// What is wrong with an answer, if `right` is the right one.
pub(super) fn wrong(answer: &ReadOutcome, right: Option<&'static str>) -> Option<Evidence> {
    let answered = answer.value.as_ref().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    (answered.as_deref() != right).then_some(Evidence::Answer {
        right,
        answered,
        version: answer.version,
        source: answer.source,
    })
}

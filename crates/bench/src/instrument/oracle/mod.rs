//! The oracle: which reads were stale, by how much, for how long and why.
//!
//! It sees what the clients see, and asks nobody. Of every key that was written it keeps the highest version that was
//! acknowledged and when, the highest that a read was answered with, and how many writes and deletes were attempted
//! ([`Known`](known::Known) is the look at them before an operation is sent). A read is judged by the version that it was answered from:
//!
//! - **stale**: the version is below the highest that had been acknowledged before the read was sent. How many versions below
//!   is its lag; its **age** is the time from the first acknowledgement of a newer version to the sending of the read.
//! - **regressed**: it is below one that another read had been answered with before this one was sent.
//! - **own write missed**, **own read undone**: it is below what its own session was acknowledged, or had read, over the last
//!   1,024 keys of the session.
//! - **resurrected**: it has a value, and a delete above its version had been acknowledged before it was sent.
//! - **left over**: its value has the stamp of an earlier trial of the run: an operation of that trial, which its client had given up,
//!   was carried out after the reset. It is told and warned of, and is no fault of what is measured now: not judged, not believed.
//! - **phantom**: nobody can have written it: the version is above those that were attempted, or its stamp is of no write of
//!   this trial. A phantom is not judged further, nor believed.
//!
//! Only reads of the window count; those of the warm-up, and all writes and deletes, are learned from. The scan's reads are left out.
//!
//! # Why no fresh read is called stale
//!
//! Let a read be called stale: its version v is below A, and A was read from the table before the read was sent. The table
//! had A from a client that was told A as the version of its write or delete, and told the table afterwards: the write's
//! answer, the client's `fetch_max` (release), this client's load (acquire) and the sending of the read follow upon each
//! other. So the write of A was acknowledged before the read was sent, and a read of the store at that moment would have
//! found A or a later version. What the read was answered with is older than what its client could have known. Nothing that runs at the same time
//! as the read can make it stale: an acknowledgement that comes after the look does not count, which is why some stale reads go
//! unnoticed, and why a share of stale reads is a lower bound. This assumes
//!
//! 1. that the store gives versions in the order of commits and never starts again (soft deletes), and that the strategy
//!    answers with the version of the row that the value was read from: the contracts of [`Store`] and [`Strategy`];
//! 2. that a write is acknowledged only once its version is known to the store, or, where the strategy acknowledges before,
//!    in the order in which the store will have it ([`numbers`] has what follows where such versions are far apart);
//! 3. one host: the table is in the memory of the process that sends and is answered, and times are of its one monotonic clock.
//!
//! A write or delete whose end is unknown, or that failed, raises `attempted` and nothing else: it may have been committed and
//! may yet, so a read may see it (no phantom) and need not (not stale). Regressions rest on the same look before the sending; a session
//! has one operation at a time, so what it knew is older than what it asks. Phantoms rest on a look *after* the end:
//! attempts are counted before they are sent, so a version above `loaded + attempted` then was given to no write of ours. That
//! takes that one call to the store makes one version at most: no backend sends a change a second time after an end that leaves open
//! whether it was carried out. Should one, or should a write that was left over have taken a version, the next acknowledgement
//! tells: a version that was acknowledged was given, and all below it ([`Slot::acknowledge`](slot::Slot::acknowledge)), so that
//! one version too many makes no phantom of every later one.
//!
//! # What an age and a share are worth
//!
//! The age is exact to 10 us if the read is one version behind, or if the key has a ring (the last 8 acknowledgements of the first
//! 16,384 keys that were written twice, and their first) that still has every version above the read's, or if the read found what
//! was loaded. Else the time since the latest acknowledgement that is remembered bounds it from below, and the time since the first from above;
//! sure ages and lower bounds are recorded apart. A read counts as fresh within x if it was not stale or is shown to have been for no longer than x:
//! where that cannot be shown it does not, so the share is a lower bound, too.
//!
//! # Why a read was stale
//!
//! Of the keys that have a ring it is also remembered what loads and writes did to their entries; a stale read's cause is
//! told from that where it can be, and is unknown else: [`cause`] has the arguments.
//!
//! # Cost
//!
//! At most 64 bytes a key that was written and nothing for others (8 of each where versions are [`order`]ed by stamps), rings aside ([`table`] has the test); no lock, and no
//! allocation but for pages of the table, a session's memory of keys and the histograms of ages, each once. What `benches`
//! measures of it stands on the harness's page.
//!
//! [`Store`]: cachemark_core::Store
//! [`Strategy`]: cachemark_core::Strategy

mod acknowledged;
mod age;
mod cause;
mod index;
mod judge;
pub(super) mod known;
mod last_change;
#[cfg(test)]
mod laws;
mod loaded;
mod numbers;
mod order;
mod pages;
mod plan;
mod rings;
mod session;
mod slot;
mod table;
mod tally;
mod turn;
pub(super) mod written;

pub use numbers::Versions;
pub use plan::OraclePlan;

use super::ended::{Ended, Stamped};
use cachemark_core::{CacheEffect, Source, StampError, Version};
use cachemark_results::{AgeHistograms, Freshness, StaleCause};
use cachemark_workload::OperationKind;
use cause::{Event, History, StaleRead};
use judge::{LOADED, judge};
use known::Known;
use last_change::LastChange;
use numbers::Numbers;
use order::Order;
use session::{Sessions, keys_remembered};
use slot::{Slot, SlotId};
use std::sync::Arc;
use table::Table;
use tally::Tally;
use written::Written;

/// Watches what the reads of a trial are answered with.
#[derive(Debug)]
pub struct Oracle {
    plan: OraclePlan,
    table: Arc<Table>,
    order: Option<Arc<Order>>,
}

impl Oracle {
    /// Knows of no write yet.
    #[must_use]
    pub fn new(plan: OraclePlan) -> Self {
        let keys = u32::try_from(plan.keys).unwrap_or(u32::MAX >> 1);
        let order = plan.by_stamp.then(|| Arc::new(Order::new(plan.keys)));
        let numbers = Numbers::new(plan.versions, plan.window);
        Self { plan, table: Arc::new(Table::new(keys, numbers)), order }
    }

    /// What is known of the writes, for when they have ended.
    pub(crate) fn written(&self) -> Written {
        Written::of(self.plan, Arc::clone(&self.table))
    }

    /// One driver thread's part.
    pub(super) fn thread(&self) -> OfThread {
        let plan = self.plan;
        let sessions = Sessions::new(plan.sessions);
        OfThread {
            plan,
            table: Arc::clone(&self.table),
            order: self.order.clone(),
            sessions,
            spare: None,
            tally: Tally::default(),
        }
    }

    /// What was seen by all threads together; and the ages' histograms, if a read was stale.
    pub(super) fn finish(self, seen: Seen) -> (Freshness, Option<AgeHistograms>) {
        let (mut freshness, ages) = seen.0.finish();
        (freshness.written_keys_read, freshness.stale_by_key) = self.table.by_key();
        freshness.session_keys = keys_remembered(self.plan.sessions);
        freshness.table = self.table.size();
        freshness.table.bytes += self.order.as_ref().map_or(0, |order| order.bytes() as u64);
        let causes = freshness.causes.get_or_insert_default();
        self.table.supposed().for_each(|supposed| causes.add(supposed.cause, supposed.reads));
        (freshness, ages)
    }
}

/// One driver thread's part: what is its own, and the table that all share.
#[derive(Debug)]
pub(super) struct OfThread {
    plan: OraclePlan,
    table: Arc<Table>,
    order: Option<Arc<Order>>,
    sessions: Sessions,
    /// A slot that another thread was faster to fill.
    spare: Option<SlotId>,
    tally: Tally,
}

/// What threads have seen.
#[derive(Debug, Default)]
pub(super) struct Seen(Tally);

impl Seen {
    pub(super) fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }
}

impl OfThread {
    /// An operation is about to be sent.
    pub(super) fn known(&mut self, operation: OperationKind, key: u64) -> Known {
        match operation {
            OperationKind::Read => self.table.reading(key as u32),
            OperationKind::Write | OperationKind::Delete => {
                let turn = self.order.as_ref().map(|order| order.send(key));
                Known { turn, ..self.table.changing(key as u32, &mut self.spare) }
            }
        }
    }

    /// It has ended.
    pub(super) fn ended(&mut self, ended: &Ended) {
        match &self.order {
            None => self.judge(ended),
            Some(order) => {
                let version = order.version(ended, self.plan.trial);
                self.judge(&Ended { version, ..*ended });
            }
        }
    }

    fn judge(&mut self, ended: &Ended) {
        if !ended.outcome.is_answered() {
            return self.unanswered(ended);
        }
        match ended.operation {
            OperationKind::Read => self.read(ended),
            OperationKind::Write => self.changed(ended, false),
            OperationKind::Delete => self.changed(ended, true),
        }
    }

    /// What was judged so far.
    pub(super) fn judged(&self) -> crate::glance::Judged {
        self.tally.judged_so_far()
    }

    pub(super) fn finish(self) -> Seen {
        Seen(self.tally)
    }

    /// What came of it is not known, and may yet come.
    #[cold]
    fn unanswered(&self, ended: &Ended) {
        let slot = self.table.slot_by_now(&ended.known, ended.key as u32);
        if let Some(history) = slot.and_then(|slot| self.table.history(slot)) {
            history.unsure(ended.operation != OperationKind::Read);
        }
    }

    /// Which cache the session asks, of several: of the one that all ask nothing is told apart.
    fn cache(&self, session: u32) -> u8 {
        if self.plan.caches <= 1 { u8::MAX } else { u8::try_from(session % self.plan.caches).unwrap_or(u8::MAX) }
    }

    fn event(&self, ended: &Ended, version: u32) -> Event {
        Event::new(version, (ended.started_ns, ended.ended_ns), self.cache(ended.session))
    }

    fn changed(&mut self, ended: &Ended, deleted: bool) {
        let Some(named) = ended.version.filter(|version| *version > Version::NONE) else { return };
        let Some(version) = self.table.numbers.of(named) else { return };
        let change = match deleted {
            true => LastChange::delete(&self.table.numbers, (version, named)),
            false => LastChange::write(&self.table.numbers, (version, named), ended.known.mark),
        };
        let did = (self.event(ended, version), ended.cache.unwrap_or(CacheEffect::Untouched));
        self.table.acknowledge(&ended.known, did, ended.ended_ns, change);
        self.sessions.wrote(ended.session, ended.key as u32, version);
    }

    fn read(&mut self, ended: &Ended) {
        let counts = u64::from(ended.measured);
        self.tally.reads += counts;
        match ended.stamped {
            Some(Err(StampError::Missing)) if !self.plan.our_rows => return self.tally.not_ours += counts,
            Some(Err(_)) => return self.tally.corrupt += counts,
            Some(Ok(_)) | None => {}
        }
        let Some(named) = ended.version else { return self.tally.without_version += counts };
        let Some(version) = self.table.numbers.of(named) else {
            self.tally.out_of_reach += counts;
            return self.tally.without_version += counts;
        };
        let (known, key) = (&ended.known, ended.key as u32);
        // Of a version that the row did not have from the first somebody may have attempted a write since.
        let slot = if version > LOADED { self.table.slot_by_now(known, key) } else { self.table.slot(known) };
        if self.plan.loaded && self.is_left_over(ended.stamped) {
            // Where the store has it, the versions up to it are given away.
            let counted = !self.table.numbers.are_sparse(version);
            slot.into_iter().filter(|_| counted).for_each(|slot| slot.given(version));
            return self.tally.left_over += counts;
        }
        if self.plan.loaded && self.is_phantom(version, slot, ended.stamped) {
            return self.tally.phantoms += counts;
        }
        let judged = judge(version, ended.stamped.is_some(), known, if self.plan.loaded { LOADED } else { 0 });
        let own = self.sessions.read(ended.session, key, version);
        // Of a key that was not written nothing is kept.
        if let Some(slot) = slot {
            slot.observe(version);
            if ended.measured {
                slot.judged(judged.lag > 0);
            }
        }
        // What a queue answers is put into the cache as well.
        if matches!(ended.source, Some(Source::MissLed | Source::MissQueued | Source::CacheFailed)) {
            self.loaded(ended, version);
        }
        if ended.measured {
            let is_hit = matches!(ended.source, Some(Source::Hit | Source::StaleServed));
            self.tally.judged(judged, is_hit);
            self.tally.of_session(version, own);
            if judged.lag > 0 {
                self.was_stale(ended, version, (judged.lag, is_hit));
            }
        }
    }

    /// A read loaded the row itself, or had it of a queue. The key may have got its slot and its ring since the read was sent.
    fn loaded(&mut self, ended: &Ended, version: u32) {
        let slot = self.table.slot_by_now(&ended.known, ended.key as u32);
        let Some(history) = slot.and_then(|slot| self.table.history(slot)) else { return };
        let refuted = history.filled(self.event(ended, version));
        self.tally.causes.add(StaleCause::Unknown, refuted.map_or(0, |refuted| refuted.reads));
    }

    /// Tells how stale, for how long, and why.
    #[cold]
    fn was_stale(&mut self, ended: &Ended, version: u32, (lag, is_hit): (u32, bool)) {
        let latest = version + lag;
        let sparse = self.table.numbers.are_sparse(latest);
        let age = self.table.age(&ended.known, version, ended.started_ns);
        self.tally.stale(self.table.numbers.lag(version, latest), is_hit, age);
        let slot = self.table.slot(&ended.known);
        let history = slot.and_then(|slot| self.table.history(slot));
        let loads = history.map(History::loads);
        let (cause, can_be_refuted) = cause::tell(&StaleRead {
            version,
            has_value: ended.stamped.is_some(),
            source: ended.source,
            cache: self.cache(ended.session),
            started_ns: ended.started_ns,
            known: &ended.known,
            slot,
            history,
            own_caches: self.plan.caches > 1,
            sparse,
        });
        // What a service does with its cache, and when, it does not say; nor does a load in the background.
        let is_told = self.plan.loaded && !(self.plan.fills_unseen && is_hit);
        let (cause, can_be_refuted) = if is_told { (cause, can_be_refuted) } else { (StaleCause::Unknown, false) };
        match history.filter(|_| can_be_refuted) {
            None => self.tally.causes.add(cause, 1),
            Some(history) => {
                if let Some(settled) = history.suppose(version, cause) {
                    self.tally.causes.add(settled.cause, settled.reads);
                }
                // A load that was told between the look and this has found nothing to refute.
                if loads != Some(history.loads()) {
                    let refuted = history.refute(version);
                    self.tally.causes.add(StaleCause::Unknown, refuted.map_or(0, |refuted| refuted.reads));
                }
            }
        }
    }

    /// Whether the value is of an earlier trial of the run.
    fn is_left_over(&self, stamped: Stamped) -> bool {
        matches!(stamped, Some(Ok(stamp)) if self.plan.is_left_over(&stamp))
    }

    /// Whether nobody can have written what a read was answered with.
    fn is_phantom(&self, version: u32, slot: Option<&Slot>, stamped: Stamped) -> bool {
        let attempted = slot.map_or(0, Slot::attempted);
        let may_be_any = attempted > 0 && self.table.numbers.are_sparse(version);
        if version > LOADED && version - LOADED > attempted && !may_be_any {
            return true;
        }
        matches!(stamped, Some(Ok(stamp)) if self.plan.is_foreign(version.into(), &stamp))
    }
}

#[cfg(test)]
impl Oracle {
    /// A write or delete of `key` was sent, and acknowledged as that version, unless its end is unknown; whether it was a delete.
    pub(crate) fn changed(&self, key: u32, acknowledged: Option<(u64, bool)>) {
        self.wrote(key, acknowledged, None);
    }

    /// The same, and which write it was.
    pub(crate) fn wrote(&self, key: u32, acknowledged: Option<(u64, bool)>, write: Option<cachemark_core::WriteId>) {
        let mut known = self.table.changing(key, &mut None);
        let _ = write.map(|write| known.in_stamp(write));
        if let Some((version, deleted)) = acknowledged {
            let (numbers, version) = (&self.table.numbers, Version(version));
            let number = numbers.of(version).expect("a number");
            let event = Event::new(number, (0, 1), u8::MAX);
            let change = match deleted {
                true => LastChange::delete(numbers, (number, version)),
                false => LastChange::write(numbers, (number, version), known.mark),
            };
            self.table.acknowledge(&known, (event, CacheEffect::Untouched), 1, change);
        }
    }
}

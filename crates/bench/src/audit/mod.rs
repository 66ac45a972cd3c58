//! The audit: what store and caches hold once a trial is over.
//!
//! It comes after the drain and outside of the window, and after every figure of the trial was taken, so it is in none of them.
//! First all chosen keys' rows are read, then what every cache has under the same keys, in bulk, past strategy and meters, by
//! looks that change nothing ([`CacheProbe::look`] says what a server can't help).
//!
//! - A **row** lacks an acknowledged write if its version is below the highest that was acknowledged, or if it is live where
//!   that was a delete's, or deleted where it was a write's, or if it has that version and the stamp of another write: the store gave
//!   the version and kept an older value. What ended as unknown may have been carried out or not, and is never missed.
//! - An **entry** is judged by the row: equal, behind, ahead; or it is what nobody can have written, or is damaged.
//!
//! What is left over of an earlier trial of the run, whose write came after the reset, is a phantom of neither sort: the oracle warns
//! of it.
//!
//! A strategy that acknowledges before the store has it must have come to rest ([`Strategy::drain`]): without that there is no
//! audit, and the record says so. A service cannot be asked to: what it acknowledged is waited for, as long as the target says
//! ([`Probes::rows_lag`]), and what the store does not have by then is lost.
//!
//! [`CacheProbe::look`]: cachemark_core::CacheProbe::look
//! [`Strategy::drain`]: cachemark_core::Strategy::drain

mod choice;
mod entries;
mod examples;
mod rows;
mod subject;
#[cfg(test)]
mod tests;

use crate::instrument::Written;
use crate::observer::StopFlag;
use crate::target::Probes;
use crate::timeline::nanos;
use cachemark_core::{CacheProbe, Held, Key, Row, StoreError};
use cachemark_results as record;
use cachemark_workload::{Keyspace, Seed};
use entries::Entries;
use examples::Examples;
use futures::future::{Either, select};
use rows::Rows;
use std::fmt::Display;
use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};
use subject::Subject;

/// The longest that it takes: what it has not seen by then is told.
const LIMIT: Duration = Duration::from_secs(60);

/// Looks at what store and caches hold under `keys`, of a stack that nobody measures: they are held against each other, and nobody
/// knows what was acknowledged. It breaks off where `stop` is asked.
pub async fn audit_stack(keys: Vec<Key>, probes: &dyn Probes, stop: &StopFlag) -> record::Audit {
    let chosen = (0..).take(keys.len()).collect();
    Audit { total: keys.len() as u64, chosen, keys, written: None, drained: true, stop }.look(probes).await
}

/// An audit to be made.
pub(crate) struct Audit<'a> {
    /// How many keys the workload has.
    total: u64,
    /// Those that are looked at, by index.
    chosen: Vec<u32>,
    /// The same.
    keys: Vec<Key>,
    /// What is known of the writes; none without an oracle.
    written: Option<Written>,
    /// Whether the strategy has come to rest.
    drained: bool,
    /// Asked while it goes on.
    stop: &'a StopFlag,
}

impl<'a> Audit<'a> {
    /// Of a trial on these keys: of `most` of them where there are more, drawn by the seed.
    pub(crate) fn of(
        keyspace: &Keyspace,
        most: u64,
        seed: Seed,
        written: Option<Written>,
        drained: bool,
        stop: &'a StopFlag,
    ) -> Self {
        let chosen = choice::of(keyspace.count(), most, written.as_ref(), seed);
        let keys = chosen.iter().map(|&index| keyspace.key(index.into())).collect();
        Self { total: keyspace.count(), chosen, keys, written, drained, stop }
    }

    /// Looks. What fails stops the look and not the trial, whose figures stand: it is told.
    pub(crate) async fn look(&self, probes: &dyn Probes) -> record::Audit {
        let begun = Instant::now();
        let chosen = self.keys.len() as u64;
        let mut audit = record::Audit { keys: self.total, chosen, ..record::Audit::default() };
        if self.drained {
            audit.incomplete = self.fill(&mut audit, probes, begun + LIMIT).await.err();
        } else {
            audit.incomplete = Some("the strategy was still at work".to_owned());
        }
        audit.time_ns = nanos(begun.elapsed());
        audit
    }

    /// Fills in what is found; what it ends in is why not all of it was seen.
    async fn fill(&self, audit: &mut record::Audit, probes: &dyn Probes, until: Instant) -> Result<(), String> {
        let keys = &self.keys;
        let subject = Subject { chosen: &self.chosen, keys, written: self.written.as_ref() };
        let mut examples = Examples::default();
        let lag = probes.rows_lag();
        if !lag.is_zero() {
            self.within(until, self.wait_for_rows(subject, probes, tokio::time::Instant::now() + lag))
                .await
                .map_err(|why| format!("waiting for the store: {why}"))?;
        }
        let mut rows = Rows::new(subject);
        let mut see = |at, row: Row| rows.see(at, &row, &mut examples);
        let looked = self
            .within(until, probes.store().look(keys, &mut see))
            .await
            .map_err(|why| format!("asking the store: {why}"));
        let known;
        (audit.store, known) = rows.finish();
        audit.examples = examples.first();
        looked?;
        let caches = probes.caches();
        let mut entries = Entries::new(subject, &known);
        let looked = self.look_into(&caches, &mut entries, &mut examples, until).await;
        audit.cache = (!caches.is_empty()).then(|| entries.finish());
        audit.examples = examples.first();
        looked
    }

    /// Waits until the store has all that was acknowledged, or `until`.
    async fn wait_for_rows(
        &self,
        subject: Subject<'_>,
        probes: &dyn Probes,
        until: tokio::time::Instant,
    ) -> Result<(), StoreError> {
        const STEP: Duration = Duration::from_millis(100);
        let mut lacking: Vec<usize> = (0..self.keys.len()).collect();
        loop {
            let keys: Vec<Key> = lacking.iter().map(|&at| self.keys[at].clone()).collect();
            let mut still = Vec::new();
            let mut see = |place: usize, row: Row| {
                let at = lacking[place];
                if subject.last(at).is_some_and(|last| row.version.0 < last.acknowledged) {
                    still.push(at);
                }
            };
            probes.store().look(&keys, &mut see).await?;
            if still.is_empty() || tokio::time::Instant::now() >= until {
                return Ok(());
            }
            lacking = still;
            tokio::time::sleep(STEP).await;
        }
    }

    async fn look_into(
        &self,
        caches: &[&dyn CacheProbe],
        entries: &mut Entries<'_>,
        examples: &mut Examples,
        until: Instant,
    ) -> Result<(), String> {
        for cache in caches {
            entries.next_cache();
            let mut see = |at, held: Option<Held>| entries.see(at, held.as_ref(), examples);
            let looked = self.within(until, cache.look(&self.keys, &mut see)).await;
            entries.recency(looked.map_err(|why| format!("asking the cache: {why}"))?);
        }
        Ok(())
    }

    /// What comes of a look, or why it was called off.
    async fn within<T, E: Display>(
        &self,
        until: Instant,
        look: impl Future<Output = Result<T, E>>,
    ) -> Result<T, String> {
        match select(pin!(look), pin!(self.called_off(until))).await {
            Either::Left((looked, _)) => looked.map_err(|error| error.to_string()),
            Either::Right((why, _)) => Err(why),
        }
    }

    async fn called_off(&self, until: Instant) -> String {
        const STEP: Duration = Duration::from_millis(50);
        loop {
            if self.stop.is_stopped() {
                return "the run was stopped".to_owned();
            }
            if Instant::now() >= until {
                return format!("it took longer than {LIMIT:?}");
            }
            tokio::time::sleep(STEP).await;
        }
    }
}

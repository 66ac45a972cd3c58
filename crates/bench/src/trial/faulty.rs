//! A trial's faults: done beside the load, and what became of it.

use super::TrialRun;
use crate::drive::{Asked, DriveError, Driven, Driver};
use crate::instrument::{Detail, Instruments};
use crate::observer::StopFlag;
use crate::recovery::{self, Course};
use crate::timeline::acting::{Hands, beside};
use crate::timeline::fault::PlannedFault;
use crate::timeline::{Timeline, nanos};
use cachemark_core::{Fault, FaultTarget, Key};
use cachemark_results as record;
use cachemark_results::{FaultSeen, LogLines, Series};
use cachemark_workload::{Seed, Share, Surge};
use std::io;

impl<T: Asked> TrialRun<'_, T> {
    /// Drives the load; the faults of the timeline are done meanwhile, and undone when this returns.
    pub(super) fn drive(
        &self,
        driver: &impl Driver<T>,
        timeline: &Timeline,
        instruments: &mut Instruments<'_>,
        stop: &StopFlag,
    ) -> (Result<Driven, DriveError>, Vec<FaultSeen>) {
        let load = self.load(stop);
        let fixture = self.fixture;
        if fixture.definition.faults.is_empty() {
            return (driver.drive(&load, timeline, instruments), Vec::new());
        }
        let hands = Hands {
            faults: &fixture.definition.faults,
            composition: &self.cell.composition,
            control: fixture.servers,
            probes: &*self.target.probes,
            background: fixture.background,
            hottest: self.hottest(),
        };
        beside(&hands, timeline, stop, |announce| {
            instruments.announce_faults(Some(announce));
            let announced = Announced(instruments);
            driver.drive(&load, timeline, announced.0)
        })
    }

    /// The keys that are asked for most, as many as any fault is about.
    fn hottest(&self) -> Vec<Key> {
        let fixture = self.fixture;
        let count = fixture.definition.faults.iter().filter_map(|fault| match fault.of_server() {
            Some((_, Fault::HotKeyExpiry { keys })) => Some(keys),
            _ => None,
        });
        let (seed, all) = (Seed::new(fixture.definition.seed), Share { index: 0, of: 1 });
        let hottest = self.spec.most_popular(seed, count.max().unwrap_or(0), all);
        hottest.map(|index| fixture.keys.key(index)).collect()
    }

    /// When more arrive.
    pub(super) fn surges(&self) -> Vec<Surge> {
        let faults = self.fixture.definition.faults.iter();
        let surges = faults.filter_map(|fault| {
            let factor = fault.factor()?;
            Some(Surge { from_ns: nanos(fault.at), until_ns: nanos(fault.until()), factor })
        });
        surges.collect()
    }

    /// Writes into `trial` how it went through what was `seen`.
    ///
    /// # Errors
    /// If the interval log cannot be read again.
    pub(super) fn recover(
        &self,
        trial: &mut record::Trial,
        seen: Vec<FaultSeen>,
        series: &Series,
        details: Vec<Detail>,
        log: &mut LogLines,
    ) -> io::Result<()> {
        if seen.is_empty() {
            return Ok(());
        }
        let timeout_ns = nanos(self.fixture.definition.driving.operation_timeout);
        let course = Course::new(series.interval_ns, &series.intervals, details, timeout_ns);
        trial.recovery = recovery::of(&course, &seen);
        if let Some(told) = &mut trial.recovery {
            recovery::add_tails(told, &log.copied()?, series.interval_ns);
        }
        self.forget_counts_begun_anew(trial);
        trial.faults = seen;
        // What a fault does to the hit ratio is no drift of it.
        trial.halves = None;
        Ok(())
    }

    /// A server that was started again has counted from then on: what it tells is of no whole trial.
    fn forget_counts_begun_anew(&self, trial: &mut record::Trial) {
        for (target, fault) in self.fixture.definition.faults.iter().filter_map(PlannedFault::of_server) {
            if matches!(fault, Fault::Kill | Fault::Restart { .. }) {
                match target {
                    FaultTarget::Cache => trial.cache_counters.clear(),
                    FaultTarget::Store => trial.store_counters.clear(),
                }
            }
        }
    }
}

/// Nobody hears of faults any more once this is gone, so that whoever does them comes to an end, after a panic too.
struct Announced<'a, 'b>(&'a mut Instruments<'b>);

impl Drop for Announced<'_, '_> {
    fn drop(&mut self) {
        self.0.announce_faults(None);
    }
}

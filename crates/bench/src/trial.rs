//! One trial: requests asked of a target along a timeline, watched by instruments, driven by a driver; and what it says.

mod faulty;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod lossy;

use crate::audit::Audit;
use crate::cell_plan::CellPlan;
use crate::cold_start::{Filled, cold_start};
use crate::definition::{Definition, Phase};
use crate::drive::{Asked, DriveError, Driven, Driver, Load, WINDOWS};
use crate::glance::{Live, Sight, Watch};
use crate::instrument::{
    Counters, Instruments, Machine, Oracle, OraclePlan, Seen, SeriesPlan, Telling, Versions, Written,
};
use crate::observer::StopFlag;
use crate::record::utc_now;
use crate::sweep_error::SweepError;
use crate::target::{Target, TargetError};
use crate::timeline::{Timeline, nanos};
use cachemark_core::anomaly::LOST_WRITE;
use cachemark_core::{Deployment, OpError, StackControl};
use cachemark_results as record;
use cachemark_results::warning;
use cachemark_results::{Histograms, LogLines, RecordError, SCHEMA_VERSION, Series, Warning};
use cachemark_stats::interval_log_head;
use cachemark_workload::{Keyspace, Preload, Seed, WorkloadSpec};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The trial's place in the sweep.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) number: u32,
    pub(crate) block: u32,
    pub(crate) position: u32,
}

/// What is the same for every trial of a sweep.
pub(crate) struct Fixture<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) keys: Keyspace,
    pub(crate) preload: Arc<Preload>,
    pub(crate) background: &'a tokio::runtime::Handle,
    pub(crate) servers: &'a dyn StackControl,
    pub(crate) stop: &'a StopFlag,
}

/// One trial to be run, on a target that was just assembled.
pub(crate) struct TrialRun<'a, T> {
    pub(crate) fixture: &'a Fixture<'a>,
    pub(crate) cell: &'a CellPlan,
    pub(crate) spec: &'a WorkloadSpec,
    pub(crate) place: Place,
    pub(crate) target: &'a Target<T>,
    /// When its assembling began.
    pub(crate) begun: Instant,
    /// Who hears of what is seen meanwhile.
    pub(crate) live: Option<Live>,
}

/// A trial's files.
pub(crate) struct TrialFiles {
    pub(crate) trial: record::Trial,
    pub(crate) series: Series,
    pub(crate) histograms: Histograms,
    /// The interval log's head, and its lines.
    pub(crate) log_head: Vec<u8>,
    pub(crate) log_lines: LogLines,
}

const OF_WHAT: &str =
    "[Times of the operations answered in each interval: response times, in a closed loop service times]";

impl<T: Asked> TrialRun<'_, T> {
    /// Runs it; the lines of its interval log go to `lines` meanwhile.
    pub(crate) fn run(&self, driver: &impl Driver<T>, lines: LogLines) -> Result<TrialFiles, SweepError> {
        let Fixture { definition, background, .. } = *self.fixture;
        let driving = &definition.driving;
        let mut trial = self.blank();
        let machine = Machine::begin(self.fixture.servers);
        background.block_on(self.reset())?;
        let counters = Counters::begin(self.cell, self.target, driving, background)?;
        let reset = self.begun.elapsed();
        let timeline = Timeline::with_faults(driving.duration, &definition.faults);
        // What goes wrong stops this trial alone.
        let stop = self.fixture.stop.of_a_part();
        let plan = SeriesPlan {
            threads: usize::from(driving.driver_threads),
            interval: driving.interval,
            window: driving.duration,
            // One thread may have had a few more operations than another.
            warm_up_windows: driving.warm_up.is_none().then_some(WINDOWS as usize),
            watch: self.watch(),
            telling: Telling { judges: driving.oracle, details: !definition.faults.is_empty() },
        };
        if let Some(watch) = &plan.watch {
            watch.tell(&Sight::WarmUp { window: driving.duration });
        }
        let oracle = self.oracle();
        let written = oracle.as_ref().map(Oracle::written);
        let mut instruments = Instruments::begin(&timeline, plan, counters, machine, oracle, lines, &stop)
            .map_err(|error| TargetError::from(DriveError::from(error)))?;
        let (driven, faults) = self.drive(driver, &timeline, &mut instruments, &stop);
        let driven = driven.map_err(TargetError::from)?;
        trial.window = self.window(reset, &driven);
        trial.client_cpu = driven.client_cpu;
        let Driven { recorded, window_began, cut_short, drained, remarks, .. } = driven;
        let open_loop = self.cell.rate.map(|rate| (driving.open_loop, rate));
        let Seen { histograms, series, details, mut log_lines, late_changes } =
            instruments.finish(recorded, open_loop, &mut trial)?;
        self.recover(&mut trial, faults, &series, details, &mut log_lines).map_err(|source| RecordError::Io {
            action: "read",
            path: log_lines.path().to_owned(),
            source,
        })?;
        // Before anybody looks at what it has.
        let unfinished = background.block_on(crate::lingering::wait_for(self.target.probes.store()));
        // One that has lost what it acknowledged is at rest all the same.
        let at_rest = OpError::is_at_rest(&drained);
        trial.audit = self.audit(written, at_rest);
        self.judge(&mut trial, &series, &drained, cut_short);
        let waiting = self.cell.composition.strategy.model().coalesced_for;
        trial.warnings.extend(crate::warnings::of_late_flushes(&trial, late_changes, waiting));
        trial.warnings.extend(unfinished);
        trial.warnings.extend(remarks);
        crate::warnings::mind_faults(&mut trial, &series);
        let heading = format!("[Logged by cachemark: trial {}, {}]", self.place.number, self.cell.id);
        let log_head = interval_log_head(window_began, &[&heading, OF_WHAT]);
        Ok(TrialFiles { trial, series, histograms, log_head, log_lines })
    }

    /// Whoever watches, if anybody does.
    fn watch(&self) -> Option<Watch> {
        let Target { probes, store_meter, .. } = self.target;
        let live = self.live.clone()?;
        Some(Watch::new(live, probes.sees_calls().then(|| Arc::clone(store_meter))))
    }

    /// The record of a trial in which nothing was seen yet.
    fn blank(&self) -> record::Trial {
        record::Trial {
            schema_version: SCHEMA_VERSION,
            number: self.place.number,
            cell: self.cell.id.clone(),
            block: self.place.block,
            position: self.place.position,
            started_utc: utc_now(),
            ..record::Trial::default()
        }
    }

    async fn reset(&self) -> Result<(), TargetError> {
        let (cell, probes) = (self.cell, &self.target.probes);
        for probe in probes.caches() {
            probe.clear().await.map_err(|error| TargetError::new(cell.composition.cache_name(), "emptying", error))?;
        }
        let rows = self.fixture.preload.as_ref();
        probes
            .store()
            .reset(rows)
            .await
            .map_err(|error| TargetError::new(cell.composition.store_name(), "preloading", error))
    }

    fn load(&self, stop: &StopFlag) -> Arc<Load<T>> {
        let definition = self.fixture.definition;
        Arc::new(Load {
            instances: self.target.instances.clone(),
            spec: *self.spec,
            seed: Seed::new(definition.seed),
            block: self.place.block,
            trial: self.place.number,
            keys: self.fixture.keys.clone(),
            payloads: Arc::new(self.fixture.preload.payloads().clone()),
            driving: definition.driving,
            warm_up: self.cell.warm_up,
            asks_cache: self.cell.composition.cache.is_some(),
            caches: self.caches(),
            rate: self.cell.rate,
            surges: self.surges(),
            stop: stop.clone(),
        })
    }

    /// What watches the answers, if that is wanted.
    fn oracle(&self) -> Option<Oracle> {
        let (definition, probes) = (self.fixture.definition, &self.target.probes);
        let driving = &definition.driving;
        let in_flight = self.cell.rate.map_or(0, |_| driving.open_loop.max_in_flight);
        let model = self.cell.composition.strategy.model();
        driving.oracle.then(|| {
            Oracle::new(OraclePlan {
                keys: definition.keys,
                sessions: driving.clients.max(in_flight),
                trial: self.place.number,
                loaded: probes.sees_calls() && probes.has_our_rows(),
                our_rows: probes.has_our_rows(),
                by_stamp: !probes.names_versions(),
                caches: self.caches(),
                fills_unseen: model.fills_unseen,
                versions: match model.gives_versions {
                    _ if !probes.sees_calls() => Versions::Unknown,
                    true => Versions::OfStrategy,
                    false => Versions::OfStore,
                },
                window: driving.duration,
            })
        })
    }

    /// How many caches the sessions ask: each instance may have one of its own.
    fn caches(&self) -> u32 {
        let (caches, instances) = (self.target.probes.caches().len(), self.target.instances.len());
        if caches > 1 && caches == instances { caches as u32 } else { 1 }
    }

    /// What store and caches hold now, if that is wanted and can be seen.
    fn audit(&self, written: Option<Written>, at_rest: bool) -> Option<record::Audit> {
        let Fixture { definition, keys, background, stop, .. } = self.fixture;
        let (most, probes) = (definition.driving.audit_keys, &self.target.probes);
        let seed = Seed::new(definition.seed).child("audit").nth(self.place.number.into());
        (most > 0 && probes.shows_rows()).then(|| {
            let audit = Audit::of(keys, most, seed, written, at_rest, stop);
            background.block_on(audit.look(probes.as_ref()))
        })
    }

    /// Whether the strategy declares that it may lose acknowledged writes, as it is set and deployed here.
    fn may_lose_writes(&self) -> bool {
        let composition = &self.cell.composition;
        let deployment = match (composition.instances, self.target.probes.caches().len()) {
            (1, _) => Deployment::OneProcess,
            (_, 0 | 1) => Deployment::SharedCache,
            _ => Deployment::OwnCaches,
        };
        composition.strategy.descriptor.has(&LOST_WRITE, deployment, &composition.strategy.settings)
    }

    /// How the time was spent; the operations of the warm-up are counted elsewhere.
    fn window(&self, reset: Duration, driven: &Driven) -> record::Window {
        let driving = &self.fixture.definition.driving;
        let scans = driving.warm_up_scan || self.cell.warm_up.every_key || driving.prewarm_keys > 0;
        record::Window {
            reset_ns: nanos(reset),
            scan_ns: if scans { nanos(driven.scan) } else { 0 },
            warm_up_ns: nanos(driven.warm_up),
            warm_up_operations: 0,
            measured_ns: nanos(driving.duration),
            drain_ns: nanos(driven.drain),
        }
    }

    /// What theory says of the trial, how its cache filled, and what a reader should know of it.
    fn judge(&self, trial: &mut record::Trial, series: &Series, drained: &Result<(), OpError>, cut_short: bool) {
        let definition = self.fixture.definition;
        let predicted = self.cell.theory.as_ref().and_then(|theory| theory.of_trial(trial));
        trial.predicted_hit_ratio = predicted.map(|predicted| predicted.hit_ratio);
        trial.predicted_store_load = predicted.and_then(|predicted| predicted.store_load);
        let cold = definition.driving.phase == Phase::Cold;
        let filled = cold.then(|| cold_start(&series.intervals, trial.predicted_hit_ratio));
        if let Some(Filled::Full(cold_start)) = filled {
            trial.cold_start = Some(cold_start);
        }
        trial.warnings = crate::warnings::of(trial, drained, self.fixture.servers.has_unseen_servers());
        let probes = &self.target.probes;
        if definition.delete_ratio == 0.0 && probes.has_our_rows() {
            trial.warnings.extend(crate::warnings::of_kept_rows(trial, probes.sees_calls()));
        }
        trial.warnings.extend(crate::warnings::of_audit(trial, self.may_lose_writes()));
        trial.warnings.extend(probes.remarks());
        if !probes.sees_calls() {
            trial.warnings.extend(crate::warnings::of_service(trial));
        }
        trial.warnings.extend(crate::warnings::of_warm_up(trial, self.cell, definition, cut_short));
        if let Some(Filled::NotYet(why)) = filled {
            let text = format!("{why}: how long the cache takes to fill was not measured; make --duration longer");
            trial.warnings.push(Warning::new(warning::NOT_FILLED, text));
        }
    }
}

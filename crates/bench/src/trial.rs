//! One trial: reset, preload, drive, and what it says.

#[cfg(test)]
mod golden;
mod to_record;

use crate::cold_start::{Filled, cold_start};
use crate::definition::{Definition, Phase};
use crate::drive::{Drive, DriveError, Driven, drive};
use crate::observer::StopFlag;
use crate::plan::CellPlan;
use crate::record::utc_now;
use crate::sweep_error::SweepError;
use crate::target::{Target, TargetError};
use cachemark_core::{CacheCounts, Counters, Failures, LaneWaits, StackControl, StoreCounts, Strategy};
use cachemark_results as record;
use cachemark_results::host::HostReading;
use cachemark_results::{Bucket, Histograms, LogLines, Lookups, RecordError, SCHEMA_VERSION, Series};
use cachemark_stats::interval_log_head;
use cachemark_workload::{KeyTable, Preload, Seed, WorkloadSpec};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use to_record::{
    bucket, by_kind, cache_operations, failed_calls, halves, histograms, lane_wait, open_loop, plain, reasons,
    steady_state, store_operations, time_of, totals,
};

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
    pub(crate) keys: KeyTable,
    pub(crate) preload: Arc<Preload>,
    pub(crate) control: &'a tokio::runtime::Handle,
    pub(crate) servers: &'a dyn StackControl,
    pub(crate) stop: &'a StopFlag,
}

/// A trial's files: the interval log last, its head and its lines.
pub(crate) type TrialFiles = (record::Trial, Series, Histograms, Vec<u8>, LogLines);

const OF_WHAT: &str =
    "[Times of the operations answered in each interval: response times, in a closed loop service times]";

/// What was counted by meters at a moment.
type Counts = (CacheCounts, StoreCounts);

/// What had failed by then.
type Failed = (Failures, Failures);

/// What is looked at when the window begins and ends.
struct Moment {
    counts: Counts,
    lane_waits: (LaneWaits, LaneWaits),
    failed: Failed,
    cpu_times: BTreeMap<String, Duration>,
    host: HostReading,
}

/// Runs one trial on a target that was just assembled; the lines of its interval log go to `lines` meanwhile.
pub(crate) fn run_trial<T: Strategy>(
    fixture: &Fixture<'_>,
    cell: &CellPlan,
    spec: &WorkloadSpec,
    place: Place,
    target: &Target<T>,
    begun: Instant,
    lines: LogLines,
) -> Result<TrialFiles, SweepError> {
    run_trial_by(|load, lines, moment| drive(load, lines, moment), fixture, cell, spec, place, target, begun, lines)
}

/// The same with the driver to be taken.
#[expect(clippy::too_many_arguments, reason = "what a trial is made of, each from another place")]
fn run_trial_by<T: Strategy>(
    driver: impl FnOnce(&Drive<'_, T>, LogLines, &dyn Fn() -> Moment) -> Result<Driven<Moment, LogLines>, DriveError>,
    fixture: &Fixture<'_>,
    cell: &CellPlan,
    spec: &WorkloadSpec,
    place: Place,
    target: &Target<T>,
    begun: Instant,
    lines: LogLines,
) -> Result<TrialFiles, SweepError> {
    let started_utc = utc_now();
    let host_before = host(fixture.servers, fixture.servers.cpu_times());
    fixture.control.block_on(reset(fixture, cell, target))?;
    let counters_before = fixture.control.block_on(counters(cell, target))?;
    let meters = || (target.cache_meter.snapshot(), target.store_meter.snapshot());
    let failed = || (target.cache_meter.failures(), target.store_meter.failures());
    let (before, failed_before) = (meters(), failed());
    let reset = begun.elapsed();
    let load = Drive {
        instances: &target.instances,
        spec,
        seed: Seed::new(fixture.definition.seed),
        block: place.block,
        trial: place.number,
        keys: fixture.keys.clone(),
        payloads: Arc::new(fixture.preload.payloads().clone()),
        driving: &fixture.definition.driving,
        warm_up: cell.warm_up,
        asks_cache: cell.cache.is_some(),
        rate: cell.rate,
        stop: fixture.stop,
    };
    let moment = || {
        let (counts, cpu_times) = (meters(), fixture.servers.cpu_times());
        let lane_waits = target.probes.lane_waits();
        Moment { counts, failed: failed(), lane_waits, host: host(fixture.servers, cpu_times.clone()), cpu_times }
    };
    let log = lines.path().to_owned();
    let driven = driver(&load, lines, &moment).map_err(|error| undriven(error, log))?;
    let whole = (meters().0.since(&before.0), meters().1.since(&before.1));
    let failed_whole = since(&failed(), &failed_before);
    let counters_after = fixture.control.block_on(counters(cell, target))?;
    let counters = (counters_after.0.since(&counters_before.0), counters_after.1.since(&counters_before.1));
    let host_whole = host(fixture.servers, fixture.servers.cpu_times()).since(&host_before);
    Ok(files(fixture, cell, place, started_utc, reset, driven, whole, failed_whole, counters, host_whole))
}

/// Why there is no trial: `log` is where its interval log was to be.
fn undriven(error: DriveError, log: PathBuf) -> SweepError {
    match error {
        DriveError::Start(error) => TargetError::new("the driver threads", "starting", error).into(),
        DriveError::Panicked { driver, message } => {
            let text = format!("thread {driver} panicked: {message}; that is a fault of the program, please report it");
            TargetError::new("the driver threads", "running", text).into()
        }
        DriveError::Log(source) => RecordError::Io { action: "write", path: log, source }.into(),
    }
}

fn host(servers: &dyn StackControl, cpu_times: BTreeMap<String, Duration>) -> HostReading {
    HostReading::now((!servers.has_unseen_servers()).then_some(cpu_times))
}

async fn reset<T>(fixture: &Fixture<'_>, cell: &CellPlan, target: &Target<T>) -> Result<(), TargetError> {
    for probe in target.probes.caches() {
        let name = cell.cache.as_ref().map_or("cache", |(name, _)| name);
        probe.clear().await.map_err(|error| TargetError::new(name, "emptying", error))?;
    }
    let rows = fixture.preload.as_ref();
    target.probes.store().reset(rows).await.map_err(|error| TargetError::new(&cell.store, "preloading", error))
}

async fn counters<T>(cell: &CellPlan, target: &Target<T>) -> Result<(Counters, Counters), TargetError> {
    let mut cache = Counters::default();
    for probe in target.probes.caches() {
        let name = cell.cache.as_ref().map_or("cache", |(name, _)| name);
        let counters = probe.counters().await.map_err(|error| TargetError::new(name, "asking", error))?;
        for (name, count) in counters.0 {
            *cache.0.entry(name).or_default() += count;
        }
    }
    let store = target.probes.store().counters().await;
    Ok((cache, store.map_err(|error| TargetError::new(&cell.store, "asking", error))?))
}

#[expect(clippy::too_many_arguments, reason = "the parts of one record, each from another place")]
fn files(
    fixture: &Fixture<'_>,
    cell: &CellPlan,
    place: Place,
    started_utc: String,
    reset: Duration,
    driven: Driven<Moment, LogLines>,
    whole: Counts,
    failed_whole: Failed,
    counters: (Counters, Counters),
    host_whole: record::HostUse,
) -> TrialFiles {
    let driving = &fixture.definition.driving;
    let histograms = histograms(&driven.recorded.buckets);
    let buckets: Vec<Bucket> = histograms.buckets.iter().map(bucket).collect();
    let open_loop = cell.rate.map(|rate| open_loop(driving.open_loop, rate, &driven.recorded, &histograms));
    let totals = totals(driven.recorded.issued, &buckets);
    let [at_start, at_end] = driven.at_window;
    let ended = at_end.ended.saturating_sub(at_start.ended);
    let between = Duration::from_nanos(at_end.at_ns.saturating_sub(at_start.at_ns));
    let (at_start, at_end) = (at_start.seen, at_end.seen);
    let failed = since(&at_end.failed, &at_start.failed);
    let (cache, store) = (at_end.counts.0.since(&at_start.counts.0), at_end.counts.1.since(&at_start.counts.1));
    let mut trial = record::Trial {
        schema_version: SCHEMA_VERSION,
        number: place.number,
        cell: cell.id.clone(),
        block: place.block,
        position: place.position,
        started_utc,
        window: record::Window {
            reset_ns: nanos(reset),
            scan_ns: if driving.warm_up_scan || cell.warm_up.every_key { nanos(driven.scan) } else { 0 },
            warm_up_ns: nanos(driven.warm_up),
            warm_up_operations: driven.recorded.issued_whole - driven.recorded.issued,
            measured_ns: nanos(driving.duration),
            drain_ns: nanos(driven.drain),
        },
        steady: steady_state(driven.warmed),
        halves: halves(&driven.course.series),
        cold_start: None,
        totals,
        throughput_ops_per_s: driven.recorded.answered_in_window as f64 / driving.duration.as_secs_f64(),
        read_time: time_of(&histograms, |bucket| bucket.operation == "read"),
        write_time: time_of(&histograms, |bucket| bucket.operation != "read"),
        all_time: time_of(&histograms, |_| true),
        open_loop,
        hit_ratio: Lookups::of(&buckets).hit_ratio(),
        predicted_hit_ratio: None,
        store_load: if ended == 0 { 0.0 } else { store.operations() as f64 / ended as f64 },
        cache: cache_operations(cache),
        store: store_operations(store),
        lane_waits: Some(record::LaneUse {
            cache: lane_wait(at_end.lane_waits.0.since(&at_start.lane_waits.0)),
            store: lane_wait(at_end.lane_waits.1.since(&at_start.lane_waits.1)),
        }),
        cache_whole: cache_operations(whole.0),
        store_whole: store_operations(whole.1),
        issued_whole: driven.recorded.issued_whole,
        errors: by_kind(&driven.recorded.errors),
        error_reasons: reasons(&driven.recorded),
        cache_failures: failed_calls(&failed.0, failed_whole.0),
        store_failures: failed_calls(&failed.1, failed_whole.1),
        bad_stamps: driven.recorded.bad_stamps,
        scan_errors: by_kind(&driven.recorded.scan_errors),
        cache_counters: plain(counters.0),
        store_counters: plain(counters.1),
        client_cpu: Some(driven.client_cpu),
        server_cpu: server_cpu(&at_start, &at_end, between),
        host: Some(record::HostNoise { window: at_end.host.since(&at_start.host), whole: host_whole }),
        buckets,
        warnings: Vec::new(),
    };
    let cold = driving.phase == Phase::Cold;
    trial.predicted_hit_ratio = cell.theory.as_ref().and_then(|theory| theory.of_trial(&trial));
    let filled = cold.then(|| cold_start(&driven.course.series, trial.predicted_hit_ratio));
    if let Some(Filled::Full(cold_start)) = filled {
        trial.cold_start = Some(cold_start);
    }
    trial.warnings = crate::warnings::of(&trial, driven.drained, fixture.servers.has_unseen_servers());
    if fixture.definition.delete_ratio == 0.0 {
        trial.warnings.extend(crate::warnings::of_kept_rows(&trial));
    }
    trial.warnings.extend(crate::warnings::of_warm_up(&trial, cell, fixture.definition, driven.cut_short));
    if let Some(Filled::NotYet(why)) = filled {
        let text = format!("{why}: how long the cache takes to fill was not measured; make --duration longer");
        trial.warnings.push(record::Warning::new("not-filled", text));
    }
    let interval_ns = nanos(driving.interval);
    let heading = format!("[Logged by cachemark: trial {}, {}]", place.number, cell.id);
    let log_head = interval_log_head(driven.window_began, &[&heading, OF_WHAT]);
    let series = Series { schema_version: SCHEMA_VERSION, interval_ns, intervals: driven.course.series };
    (trial, series, histograms, log_head, driven.course.lines)
}

fn since(now: &Failed, earlier: &Failed) -> Failed {
    (now.0.since(&earlier.0), now.1.since(&earlier.1))
}

/// The share of a processor that each server used between two moments.
fn server_cpu(start: &Moment, end: &Moment, between: Duration) -> BTreeMap<String, f64> {
    let used = |(name, &before): (&String, &Duration)| {
        let spent = end.cpu_times.get(name)?.saturating_sub(before);
        Some((name.clone(), spent.as_secs_f64() / between.as_secs_f64()))
    };
    start.cpu_times.iter().filter_map(used).collect()
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

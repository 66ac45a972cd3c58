//! Records whose figures are set one by one.

use crate::sample::Sample;
use cachemark_report::recommend::{Ask, Candidate, Met, Point, Recommendation, objectives, recommend};
use cachemark_results::{
    Audit, FreshWithin, Freshness, Run, StoreAudit, StoreOperations, TimeSummary, Totals, Trial, Warning, warning,
};
use std::sync::OnceLock;

/// The arms of every record here, in its order.
pub(crate) const ARMS: [&str; 4] = ["no-cache", "cache-aside", "read-through", "write-through"];
/// Operations of a trial.
pub(crate) const ASKED: u64 = 5_000;
/// Reads of a trial that were judged.
const JUDGED: u64 = 10_000;

/// An open loop of four arms at one point, twelve blocks each, of which nothing is to be said.
pub(crate) fn record() -> Run {
    static RECORD: OnceLock<Run> = OnceLock::new();
    let make = || {
        let folder = tempfile::tempdir().unwrap();
        let sample = Sample {
            strategies: &ARMS,
            read_ratios: &[0.9],
            rates: &[500.0],
            blocks: 12,
            reads: 20,
            ..Sample::default()
        };
        let mut run = sample.write(folder.path());
        run.trials.iter_mut().for_each(settle);
        run
    };
    RECORD.get_or_init(make).clone()
}

/// Everything that is asked here, the same in all trials.
fn settle(trial: &mut Trial) {
    trial.totals = Totals { issued: ASKED, ok: ASKED, ..Totals::default() };
    trial.audit = Some(Audit {
        keys: 10,
        chosen: 10,
        store: StoreAudit { seen: 10, written: Some(5), ..StoreAudit::default() },
        ..Audit::default()
    });
    set_p99(trial, Some(4_000_000));
    set_fresh(trial, Some(1.0));
    set_asks(trial, 1.0, 0.1);
    if let Some(open) = &mut trial.open_loop {
        (open.offered, open.unsent, open.late) = (ASKED, 0, 0);
    }
}

pub(crate) fn set_p99(trial: &mut Trial, ns: Option<u64>) {
    let times = TimeSummary {
        count: ASKED,
        mean_ns: 1e6,
        min_ns: 1_000,
        p50_ns: Some(1_000_000),
        p90_ns: Some(2_000_000),
        p99_ns: ns,
        p999_ns: None,
        max_ns: 90_000_000,
    };
    trial.open_loop.as_mut().unwrap().all_response = Some(times);
}

/// The share that was fresh within a second; none where nobody watched.
pub(crate) fn set_fresh(trial: &mut Trial, share: Option<f64>) {
    let reads = |share: f64| (share * JUDGED as f64).round() as u64;
    let within = |share| vec![FreshWithin { within_ns: 1_000_000_000, reads: reads(share) }];
    trial.freshness =
        share.map(|share| Freshness { judged: JUDGED, fresh_within: within(share), ..Freshness::default() });
}

/// Operations of the cache and of the store for each that was asked.
pub(crate) fn set_asks(trial: &mut Trial, cache: f64, store: f64) {
    trial.store_load = store;
    trial.store = StoreOperations { reads: (store * ASKED as f64).round() as u64, ..StoreOperations::default() };
    trial.cache.gets = (cache * ASKED as f64).round() as u64;
}

pub(crate) fn lose(trial: &mut Trial, declared: bool) {
    trial.audit.as_mut().unwrap().store.lost = 1;
    let kind = if declared { warning::DECLARED_LOSSES } else { warning::LOST_WRITES };
    trial.warnings.push(Warning::new(kind, "1 of 5 written keys lacks an acknowledged write"));
}

/// The trials of an arm, in the order of blocks; its control's are not among them.
pub(crate) fn trials<'a>(run: &'a mut Run, arm: &str) -> impl Iterator<Item = &'a mut Trial> {
    let cell = run.manifest.cells.iter().find(|cell| cell.arm == arm && !cell.control).expect("an arm").id.clone();
    run.trials.iter_mut().filter(move |trial| trial.cell == cell)
}

/// Leaves so many blocks of every arm.
pub(crate) fn keep_blocks(run: &mut Run, blocks: u32) {
    run.trials.retain(|trial| trial.block < blocks);
    run.manifest.blocks.truncate(blocks as usize);
}

pub(crate) fn ask(slo: &str) -> Ask {
    Ask { objectives: objectives(slo).unwrap(), ..Ask::default() }
}

pub(crate) fn priced(slo: &str, price: &str) -> Ask {
    Ask { price: Some(price.parse().unwrap()), ..ask(slo) }
}

pub(crate) fn told(run: &Run, slo: &str) -> Recommendation {
    recommend(run, &ask(slo)).unwrap()
}

/// The only point.
pub(crate) fn only(told: &Recommendation) -> &Point {
    let [point] = told.points.as_slice() else { panic!("one point, and not {}", told.points.len()) };
    point
}

pub(crate) fn candidate<'a>(told: &'a Recommendation, arm: &str) -> &'a Candidate {
    only(told).candidates.iter().find(|candidate| candidate.arm == arm).expect("a candidate")
}

pub(crate) fn met(told: &Recommendation) -> Vec<Met> {
    only(told).candidates.iter().map(|candidate| candidate.met).collect()
}

pub(crate) fn names(point: &Point, which: &[usize]) -> Vec<String> {
    which.iter().map(|index| point.candidates[*index].name.clone()).collect()
}

//! Capacity searches over a store of known capacity.

use crate::resume::StopAfter;
use crate::scripted_stack::{CAPABILITIES, READS, Stack, definition, with_sweep};
use cachemark_bench::{Objective, Plan, Silent, StopFlag, Unfinished};
use cachemark_results::{Run, Status};
use cachemark_testkit::scripted::When;
use std::time::Duration;

/// What follows [`READS`].
const SEARCHED: &str = "control = false
[run]
driver-threads = 1
clients = 1
warm-up-ms = 0
duration-ms = 300
operation-timeout-ms = 200
";

fn text() -> String {
    format!("{READS}{SEARCHED}")
}

/// One operation at a time and 10 ms each: at most 100 a second, and the more is offered, the longer the queue.
#[test]
fn the_search_ends_below_what_the_store_can_do() {
    let stack = Stack::with(|store| store.delay_when(When::always(), Duration::from_millis(10)));
    let mut definition = definition(&text());
    definition.driving.open_loop.max_in_flight = 1;
    let out = tempfile::tempdir().unwrap();
    let median_below_50_ms = |trial: &cachemark_results::Trial| {
        let response = trial.open_loop.as_ref()?.all_response?;
        Some(response.mean_ns < 50e6)
    };
    let objective = Objective {
        text: "mean below 50 ms",
        holds: &median_below_50_ms,
        why_absent: "nothing was answered",
        allows_failures: false,
        rates: &[20.0],
    };
    let plan = Plan::lay_out(&definition, |_| CAPABILITIES);
    let stop = StopFlag::default();
    let end =
        with_sweep(&definition, &plan, &stack, out.path(), &stop, |sweep| sweep.find_max(&objective, &mut Silent));
    let end = end.unwrap();
    let run = Run::open(&end.folder).unwrap();
    assert_eq!((run.manifest.kind.as_str(), run.manifest.status), ("find-max", Status::Complete));
    let [capacity] = run.manifest.capacities.as_slice() else { panic!("one cell, one search") };
    // Far from exact where the machine is busy: above 100 no store of this sort can be, below 20 it was not tried first.
    assert!(capacity.answer_per_s.is_some_and(|rate| rate <= 130.0), "{capacity:?}");
    assert_eq!(run.trials.len(), capacity.probes.len());
    assert!(capacity.probes.iter().all(|probe| probe.passed == probe.missed.is_none()), "{capacity:?}");
    assert!(capacity.trials_at_answer().len() >= 4, "the answer was tried again: {capacity:?}");
    let offered: Vec<_> = run.trials.iter().map(|trial| trial.open_loop.as_ref().unwrap().offered_per_s).collect();
    let probed: Vec<_> = capacity.probes.iter().map(|probe| probe.offered_per_s).collect();
    assert_eq!(offered, probed, "trials are in the order of the probes");
    let of_one_family = |cell: &cachemark_results::Cell| cell.family == "scripted, read ratio 1";
    assert!(run.manifest.cells.iter().all(of_one_family), "all loads of a search are of one: {:?}", run.manifest.cells);
}

/// A search that is killed after any of its trials, and resumed, comes to the same loads as one that never was.
#[test]
fn a_search_is_resumed_from_its_trials() {
    let mut definition = definition(&text());
    definition.driving.duration = Duration::from_millis(20);
    let below_300 = |trial: &cachemark_results::Trial| trial.open_loop.as_ref().map(|open| open.offered_per_s < 300.0);
    let objective = Objective {
        text: "below 300",
        holds: &below_300,
        why_absent: "",
        allows_failures: true,
        rates: &[200.0, 100.0],
    };
    let plan = Plan::lay_out(&definition, |_| CAPABILITIES);
    let (out, stack) = (tempfile::tempdir().unwrap(), Stack::default());
    // A machine that is busy makes some trials invalid, and each of them is tried again.
    let probed = |run: &Run| -> Vec<f64> {
        let told = run.manifest.capacities[0].probes.iter().filter(|probe| probe.missed.as_deref() != Some("invalid"));
        told.map(|probe| probe.offered_per_s).collect()
    };
    let whole = with_sweep(&definition, &plan, &stack, out.path(), &StopFlag::default(), |sweep| {
        sweep.find_max(&objective, &mut Silent)
    });
    let whole = Run::open(&whole.unwrap().folder).unwrap();
    assert_eq!(probed(&whole)[..4], [100.0, 200.0, 400.0, 283.0]);
    for killed_after in [0, 1, 3, 6] {
        let out = tempfile::tempdir().unwrap();
        let stop = StopFlag::default();
        let mut killer = StopAfter(killed_after, stop.clone());
        if killed_after == 0 {
            stop.stop();
        }
        let end =
            with_sweep(&definition, &plan, &stack, out.path(), &stop, |sweep| sweep.find_max(&objective, &mut killer));
        let folder = end.unwrap().folder;
        let record = Unfinished::open(&folder).unwrap();
        assert_eq!(record.trials(), killed_after);
        let end = with_sweep(&definition, &plan, &stack, out.path(), &StopFlag::default(), |sweep| {
            sweep.resume_search(record, &objective, false, Vec::new(), &mut Silent)
        });
        let run = Run::open(&end.unwrap().folder).unwrap();
        assert_eq!(probed(&run), probed(&whole), "killed after {killed_after}");
        let [capacity] = &run.manifest.capacities[..] else { panic!("one cell, one search") };
        assert_eq!(capacity.answer_per_s, whole.manifest.capacities[0].answer_per_s);
        let trials: Vec<u32> = capacity.probes.iter().map(|probe| probe.trial).collect();
        assert_eq!(trials, (1..=run.trials.len() as u32).collect::<Vec<_>>());
        assert_eq!(run.manifest.status, Status::Complete);
        assert_eq!(run.manifest.resumed.len(), 1);
    }
}

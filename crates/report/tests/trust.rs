//! What speaks against a run.

use cachemark_report::analysis::{Concern, Trust, analyse};
use cachemark_results::{Capacity, CapacityProbe, Run, Warning};
use std::path::Path;

const REFERENCE: &str = "no-cache none sqlite r0.9";
const CONTROL: &str = "no-cache none sqlite r0.9 (A/A)";

/// Eight blocks of a reference and its control, whose throughput is `ratio` times as much in each block.
fn run(ratio: fn(u32) -> f64) -> Run {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../results/tests/version-1");
    let mut run = Run::open(&folder).unwrap();
    let trial = run.trials.remove(0);
    run.trials.clear();
    run.manifest.cells.retain(|cell| [REFERENCE, CONTROL].contains(&cell.id.as_str()));
    run.manifest.blocks = vec![vec![REFERENCE.into(), CONTROL.into()]; 8];
    for block in 0..8 {
        for (cell, ratio) in [(REFERENCE, 1.0), (CONTROL, ratio(block))] {
            let mut trial = trial.clone();
            (trial.cell, trial.block) = (cell.into(), block);
            trial.number = run.trials.len() as u32 + 1;
            trial.throughput_ops_per_s = 1000.0 * ratio;
            trial.warnings.clear();
            run.trials.push(trial);
        }
    }
    run
}

fn calm() -> Run {
    run(|block| if block % 2 == 0 { 1.01 } else { 0.99 })
}

fn trust(run: &Run) -> Trust {
    Trust::of(run, &analyse(run))
}

fn lines(concerns: &[Concern]) -> Vec<String> {
    concerns.iter().map(Concern::line).collect()
}

#[test]
fn nothing_speaks_against_a_calm_run() {
    assert_eq!(trust(&calm()), Trust::default());
    assert!(trust(&calm()).is_trusted());
}

#[test]
fn labels_alone_are_no_reason() {
    let mut run = calm();
    run.trials[0].warnings.push(Warning::new("client-bound", "busy"));
    run.trials[0].warnings.push(Warning::new("neighbours", "busy"));
    let trust = trust(&run);
    assert!(trust.is_trusted() && trust.doubts.is_empty(), "{trust:?}");
    assert_eq!(
        trust.labels.iter().map(Concern::brief).collect::<Vec<_>>(),
        ["client-bound in 1 of 16 trials", "neighbours in 1 of 16 trials"]
    );
}

#[test]
fn each_sort_of_trouble_is_one_line() {
    let mut run = calm();
    for trial in &mut run.trials[3..5] {
        trial.warnings.push(Warning::new("failures", "7 of 10 operations failed"));
    }
    run.trials[2].warnings.push(Warning::new("not-steady", "the throughput still rose"));
    run.trials[6].warnings.push(Warning::invalidating("client-bound-open", "late"));
    let trust = trust(&run);
    assert!(!trust.is_trusted());
    assert_eq!(
        lines(&trust.reasons),
        [format!("failures: in 2 of 16 trials, the first of them {CONTROL}: 7 of 10 operations failed")]
    );
    assert_eq!(
        lines(&trust.doubts),
        [
            format!("client-bound-open: in 1 of 16 trials: invalid: {REFERENCE}: late"),
            format!("not-steady: in 1 of 16 trials: {REFERENCE}: the throughput still rose"),
        ]
    );
}

#[test]
fn a_trial_with_two_warnings_of_a_sort_is_one_trial() {
    let mut run = calm();
    run.trials[2].warnings.extend([Warning::new("failures", "reads"), Warning::new("failures", "writes")]);
    assert_eq!(trust(&run).reasons[0].trials, Some(1));
}

#[test]
fn a_warning_that_this_build_does_not_know_is_a_doubt_and_one_that_invalidates_is_at_least_that() {
    let mut run = calm();
    run.trials[0].warnings.push(Warning::new("of-tomorrow", "who knows"));
    run.trials[1].warnings.push(Warning::invalidating("steal", "all of it"));
    let trust = trust(&run);
    assert_eq!(trust.doubts.iter().map(|doubt| &*doubt.code).collect::<Vec<_>>(), ["of-tomorrow", "steal"]);
    assert!(trust.is_trusted() && trust.labels.is_empty(), "{trust:?}");
}

#[test]
fn a_capacity_search_is_trusted_by_the_trials_at_its_answer() {
    let mut run = calm();
    run.trials[3].warnings.push(Warning::new("failures", "7 of 10 operations failed"));
    let probe = |trial, offered_per_s, passed| CapacityProbe {
        trial,
        offered_per_s,
        purpose: "climb".into(),
        passed,
        missed: None,
    };
    let probes = vec![probe(2, 100.0, true), probe(4, 200.0, false), probe(5, 100.0, true)];
    let (cell, objective) = (REFERENCE.to_owned(), "service.p99 < 1ms".to_owned());
    run.manifest.capacities = vec![Capacity { cell, objective, answer_per_s: Some(100.0), note: None, probes }];
    assert_eq!(trust(&run), Trust::default(), "what failed was to fail");
    run.trials[4].warnings.push(Warning::new("failures", "7 of 10 operations failed"));
    assert_eq!(trust(&run).reasons.len(), 1);
    run.manifest.capacities[0].note = Some("too few".to_owned());
    assert_eq!(
        lines(&trust(&run).reasons)[1],
        format!("unmeasured: {REFERENCE}: `service.p99 < 1ms` was not measured: too few")
    );
}

#[test]
fn a_control_that_strays_is_noisy() {
    let noisy = lines(&trust(&run(|block| if block % 2 == 0 { 1.3 } else { 0.8 })).doubts);
    let [noisy] = &noisy[..] else { panic!("{noisy:?}") };
    assert!(noisy.starts_with("noisy: ") && noisy.contains("read ratio 0.9: the A/A control strays by ± "), "{noisy}");
    assert!(noisy.ends_with("and 5 % is to matter"), "{noisy}");
}

#[test]
fn a_control_that_misses_1_is_told() {
    let missing = lines(&trust(&run(|block| 1.02 + 0.001 * f64::from(block))).doubts);
    let [missing] = &missing[..] else { panic!("{missing:?}") };
    assert!(missing.contains("the A/A control misses 1: its interval is 1.02"), "{missing}");
}

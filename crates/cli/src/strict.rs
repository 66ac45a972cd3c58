//! Why a record is not to be trusted.

use cachemark_report::analysis::{Family, Role, analyse};
use cachemark_report::units;
use cachemark_results::{Capacity, Run, Trial, Warning};
use std::collections::BTreeMap;

/// Warnings that make a run untrusted whether it was asked to be strict or not: its operations did not do what was asked.
const GRAVE: [&str; 3] = ["bad-stamps", "failures", "not-drained"];
/// Warnings that `--strict` takes as gravely: the figures stand, but not for what they are said to stand for.
const STRICT: [&str; 3] = ["not-steady", "overloaded", "goose-disagrees"];

/// Why a run is not to be trusted whether it was asked to be strict or not, in one line each: operations of it failed, what
/// came back was wrong, or a capacity search found nothing to go by.
pub(crate) fn grave_reasons(run: &Run) -> Vec<String> {
    of_trials(run, |warning| GRAVE.contains(&warning.code.as_str())).into_iter().chain(unmeasured(run)).collect()
}

fn unmeasured(run: &Run) -> impl Iterator<Item = String> {
    run.manifest.capacities.iter().filter_map(|found| {
        let note = found.note.as_ref()?;
        Some(format!("{}: `{}` was not measured: {note}", found.cell, found.objective))
    })
}

/// The trials that a run is trusted by: of a capacity search those at its answers, for it goes on until one goes wrong.
fn judged(run: &Run) -> impl Iterator<Item = &Trial> {
    let searched = &run.manifest.capacities;
    let answers: Vec<u32> = searched.iter().flat_map(Capacity::trials_at_answer).collect();
    run.trials.iter().filter(move |trial| searched.is_empty() || answers.contains(&trial.number))
}

/// Every reason that `--strict` finds against a run, in one line each.
pub(crate) fn reasons(run: &Run) -> Vec<String> {
    let counts = |warning: &Warning| {
        let code = warning.code.as_str();
        warning.invalidates || GRAVE.contains(&code) || STRICT.contains(&code)
    };
    let mut reasons = of_trials(run, counts);
    reasons.extend(unmeasured(run));
    reasons.extend(analyse(run).families.iter().flat_map(|family| of_family(family, run.manifest.equivalence_margin)));
    reasons
}

/// One line for each code of the warnings that count.
fn of_trials(run: &Run, counts: impl Fn(&Warning) -> bool) -> Vec<String> {
    let mut codes: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    for trial in judged(run) {
        for warning in trial.warnings.iter().filter(|warning| counts(warning)) {
            let invalid = if warning.invalidates { "invalid: " } else { "" };
            let first = || (0, format!("{invalid}{}: {}", trial.cell, warning.text));
            codes.entry(&warning.code).or_insert_with(first).0 += 1;
        }
    }
    let line = |(code, (count, first)): (&str, (usize, String))| match count {
        1 => format!("{code}: in one trial: {first}"),
        _ => format!("{code}: in {count} trials, the first of them {first}"),
    };
    codes.into_iter().map(line).collect()
}

fn of_family(family: &Family, margin: f64) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Some(noise) = family.noise.filter(|_| family.noisy) {
        let (noise, margin) = (units::percent(noise), units::percent(margin));
        reasons.push(format!("{}: noisy: the A/A control strays by ± {noise}, and {margin} is to matter", family.name));
    }
    for control in family.rows.iter().filter(|row| row.role == Role::Control && row.misses_1()) {
        let interval = control.interval();
        reasons.push(format!("{}: the A/A control misses 1: its interval is {interval}", family.name));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_results::CapacityProbe;
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

    #[test]
    fn a_calm_run_is_trusted() {
        assert_eq!(reasons(&calm()), [""; 0]);
        assert_eq!(grave_reasons(&calm()), [""; 0]);
    }

    #[test]
    fn labels_alone_are_no_reason() {
        let mut run = calm();
        run.trials[0].warnings.push(Warning::new("client-bound", "busy"));
        run.trials[0].warnings.push(Warning::new("neighbours", "busy"));
        assert_eq!(reasons(&run), [""; 0]);
    }

    #[test]
    fn each_sort_of_trouble_is_one_line() {
        let mut run = calm();
        for trial in &mut run.trials[3..5] {
            trial.warnings.push(Warning::new("failures", "7 of 10 operations failed"));
        }
        run.trials[2].warnings.push(Warning::new("not-steady", "the throughput still rose"));
        run.trials[6].warnings.push(Warning::invalidating("client-bound-open", "late"));
        assert_eq!(
            reasons(&run),
            [
                format!("client-bound-open: in one trial: invalid: {REFERENCE}: late"),
                format!("failures: in 2 trials, the first of them {CONTROL}: 7 of 10 operations failed"),
                format!("not-steady: in one trial: {REFERENCE}: the throughput still rose"),
            ]
        );
        assert_eq!(grave_reasons(&run).len(), 1);
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
        assert!(grave_reasons(&run).is_empty() && reasons(&run).is_empty(), "what failed was to fail");
        run.trials[4].warnings.push(Warning::new("failures", "7 of 10 operations failed"));
        assert_eq!(grave_reasons(&run).len(), 1);
        run.manifest.capacities[0].note = Some("too few".to_owned());
        assert_eq!(grave_reasons(&run).len(), 2);
    }

    #[test]
    fn what_strict_alone_minds_is_not_grave() {
        let mut run = calm();
        run.trials[2].warnings.push(Warning::new("not-steady", "the throughput still rose"));
        run.trials[6].warnings.push(Warning::invalidating("client-bound-open", "late"));
        assert_eq!(grave_reasons(&run), [""; 0]);
    }

    #[test]
    fn a_control_that_strays_is_noisy() {
        let noisy = reasons(&run(|block| if block % 2 == 0 { 1.3 } else { 0.8 }));
        let [noisy] = &noisy[..] else { panic!("{noisy:?}") };
        assert!(noisy.contains("read ratio 0.9: noisy: the A/A control strays by ± "), "{noisy}");
        assert!(noisy.ends_with("and 5 % is to matter"), "{noisy}");
    }

    #[test]
    fn a_control_that_misses_1_is_told() {
        let missing = reasons(&run(|block| 1.02 + 0.001 * f64::from(block)));
        let [missing] = &missing[..] else { panic!("{missing:?}") };
        assert!(missing.contains("the A/A control misses 1: its interval is 1.02"), "{missing}");
    }
}

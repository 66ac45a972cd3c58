//! Runs to be shown, and what shows them.

use crate::sample::Sample;
use cachemark_report::assertions::check_assertions;
use cachemark_report::sheet::Sheet;
use cachemark_report::{assertion_sheet, terminal_sheet};
use cachemark_results::warning;
use cachemark_results::{Capacity, CapacityProbe, ColdStart, Run, Warning};

pub(crate) fn sheet(sample: &Sample) -> Sheet {
    let folder = tempfile::tempdir().unwrap();
    terminal_sheet(&sample.write(folder.path()))
}

/// As a terminal with so many columns shows it; two are left free.
pub(crate) fn at(sheet: &Sheet, columns: usize) -> String {
    sheet.render(columns - 2, false)
}

/// A closed loop over two stacks.
pub(crate) fn closed() -> Sample {
    Sample {
        read_ratios: &[0.9],
        strategies: &["no-cache", "cache-aside", "read-through"],
        caches: &["moka", "redis"],
        ..Sample::default()
    }
}

/// The second load is beyond what no-cache can do, and within what cache-aside can.
pub(crate) fn open() -> Sample {
    Sample {
        read_ratios: &[0.9],
        strategies: &["no-cache", "cache-aside"],
        rates: &[20_000.0, 200_000.0],
        ..Sample::default()
    }
}

pub(crate) fn spoilt() -> Sample {
    Sample {
        blocks: 2,
        reads: 60,
        tweak: |cell, trial| {
            if cell.strategy == "cache-aside" {
                trial.warnings.push(Warning::new(warning::FAILURES, "52 of 100 operations failed"));
            }
            trial.warnings.push(Warning::new(warning::NEIGHBOURS, "other programs used 40 % of the machine"));
        },
        ..closed()
    }
}

pub(crate) fn cold() -> Sample {
    Sample {
        caches: &["moka"],
        blocks: 3,
        reads: 50,
        tweak: |cell, trial| {
            let to_95_percent_ns = 1_000_000_000 * u64::from(trial.block + 1);
            trial.cold_start =
                (cell.strategy != "no-cache").then_some(ColdStart { steady_hit_ratio: 0.8, to_95_percent_ns });
        },
        ..closed()
    }
}

/// A search that found an answer for one strategy and none for another.
pub(crate) fn searched() -> Run {
    let folder = tempfile::tempdir().unwrap();
    let mut run = Sample { blocks: 4, rates: &[20_000.0], caches: &["moka"], ..closed() }.write(folder.path());
    let id = |strategy: &str| format!("{strategy}-moka-0us-0.9-20000");
    let of = |strategy: &str, answer_per_s: Option<f64>, note: Option<&str>| {
        let trials = run.trials.iter().filter(|trial| trial.cell == id(strategy));
        let probes = trials.map(|trial| CapacityProbe {
            trial: trial.number,
            offered_per_s: 20_000.0,
            purpose: "climb".into(),
            passed: true,
            missed: None,
        });
        let (cell, objective, note) = (id(strategy), "response.p99 < 2ms".to_owned(), note.map(str::to_owned));
        let (at_least_per_s, unfound) = (None, None);
        Capacity { cell, objective, answer_per_s, at_least_per_s, note, unfound, probes: probes.collect() }
    };
    let unmeasured = "the client was the limit at every load";
    run.manifest.capacities = vec![of("cache-aside", Some(20_000.0), None), of("no-cache", None, Some(unmeasured))];
    run.manifest.blocks.clear();
    run
}

/// A run that keeps one assertion and breaks another.
pub(crate) fn asserted() -> Sheet {
    let folder = tempfile::tempdir().unwrap();
    let assertions: &[&str] = &["cache-aside.hit_ratio > 0.999", "*.errors <= 0%"];
    assertion_sheet(&check_assertions(&Sample { assertions, caches: &["moka"], ..closed() }.write(folder.path())))
}

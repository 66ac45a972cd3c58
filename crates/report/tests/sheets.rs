//! What a terminal shows, at the widths that terminals have.

mod sample;

use cachemark_report::assertions::check_assertions;
use cachemark_report::sheet::{Sheet, USUAL_WIDTH};
use cachemark_report::{assertion_sheet, terminal_sheet};
use cachemark_results::{Capacity, CapacityProbe, ColdStart, Run, Warning};
use sample::Sample;

fn sheet(sample: &Sample) -> Sheet {
    let folder = tempfile::tempdir().unwrap();
    terminal_sheet(&sample.write(folder.path()))
}

/// As a terminal with so many columns shows it; two are left free.
fn at(sheet: &Sheet, columns: usize) -> String {
    sheet.render(columns - 2, false)
}

/// A closed loop over two stacks.
fn closed() -> Sample {
    Sample {
        read_ratios: &[0.9],
        strategies: &["no-cache", "cache-aside", "read-through"],
        caches: &["moka", "redis"],
        ..Sample::default()
    }
}

/// The second load is beyond what no-cache can do, and within what cache-aside can.
fn open() -> Sample {
    Sample {
        read_ratios: &[0.9],
        strategies: &["no-cache", "cache-aside"],
        rates: &[20_000.0, 200_000.0],
        ..Sample::default()
    }
}

fn spoilt() -> Sample {
    Sample {
        blocks: 2,
        reads: 60,
        tweak: |cell, trial| {
            if cell.strategy == "cache-aside" {
                trial.warnings.push(Warning::new("failures", "52 of 100 operations failed"));
            }
            trial.warnings.push(Warning::new("neighbours", "other programs used 40 % of the machine"));
        },
        ..closed()
    }
}

fn cold() -> Sample {
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
fn searched() -> Run {
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
        Capacity { cell, objective, answer_per_s, note, probes: probes.collect() }
    };
    let unmeasured = "the client was the limit at every load";
    run.manifest.capacities = vec![of("cache-aside", Some(20_000.0), None), of("no-cache", None, Some(unmeasured))];
    run.manifest.blocks.clear();
    run
}

fn asserted() -> Sheet {
    let folder = tempfile::tempdir().unwrap();
    let assertions: &[&str] = &["cache-aside.hit_ratio > 0.999", "*.errors <= 0%"];
    assertion_sheet(&check_assertions(&Sample { assertions, caches: &["moka"], ..closed() }.write(folder.path())))
}

/// Every word and number of a sheet with room for all stands whole on a narrower one, or its column is named as left out.
#[test]
fn no_line_is_too_long_and_nothing_is_cut() {
    let many = || Sample {
        strategies: &["no-cache", "cache-aside", "read-through", "write-through"],
        caches: &["in-process", "memcached", "redis"],
        costs_us: &[0, 1000],
        blocks: 2,
        reads: 60,
        ..closed()
    };
    let sheets = [
        sheet(&closed()),
        sheet(&many()),
        sheet(&open()),
        sheet(&spoilt()),
        sheet(&cold()),
        asserted(),
        terminal_sheet(&searched()),
    ];
    for sheet in &sheets {
        let whole = sheet.render(1000, false);
        let known: Vec<&str> = whole.split_whitespace().collect();
        for width in [58, USUAL_WIDTH, 98, 118, 250] {
            let shown = sheet.render(width, false);
            for line in shown.lines() {
                assert!(line.chars().count() <= width, "{} columns at {width}: {line}", line.chars().count());
            }
            let (_, after) = shown.split_once("Not shown for want of room").unwrap_or((&shown, ""));
            for word in shown.strip_suffix(after).unwrap_or(&shown).split_whitespace() {
                let added = ["Not", "shown", "for", "want", "of", "room", "-"].contains(&word) || word.starts_with('─');
                assert!(added || known.contains(&word), "{word} at {width} in\n{shown}");
            }
        }
    }
}

/// A terminal of a few columns shows what identifies a row, in whole words, however it must fold them.
#[test]
fn a_tiny_terminal_breaks_no_word() {
    let shown = sheet(&closed()).render(10, false);
    for word in ["read-through", "cache-aside", "equivalent"] {
        assert!(shown.contains(word), "{word} in\n{shown}");
    }
}

/// Prints every snapshot, to be looked at.
#[test]
#[ignore = "prints, to be looked at by eye"]
fn to_look_at() {
    let sheets = [
        ("closed", sheet(&closed())),
        ("spoilt", sheet(&spoilt())),
        ("open", sheet(&open())),
        ("cold", sheet(&cold())),
        ("search", terminal_sheet(&searched())),
        ("assert", asserted()),
    ];
    for (name, sheet) in &sheets {
        for columns in [60, 80, 100, 120] {
            println!("@@{name}{columns}\n{}\n@@", at(sheet, columns));
        }
    }
}

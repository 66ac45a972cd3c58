//! What spoils a trial: its figures are left out, and the pages say so.

mod sample;

use cachemark_report::analysis::analyse;
use cachemark_report::terminal_sheet;
use cachemark_results::figure::THROUGHPUT;
use cachemark_results::warning;
use cachemark_results::{HostNoise, HostUse, Warning};
use cachemark_stats::Verdict;
use sample::Sample;

fn small() -> Sample {
    Sample { read_ratios: &[0.9], strategies: &["no-cache", "cache-aside", "read-through"], ..Sample::default() }
}

/// Cache-aside's fourth and fifth trials are invalid, with figures that would turn the verdict.
fn with_invalid_trials(blocks: u32) -> Sample {
    Sample {
        blocks,
        tweak: |cell, trial| {
            if cell.strategy == "cache-aside" && [3, 4].contains(&trial.block) {
                trial.throughput_ops_per_s = 1.0;
                trial.warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "the client was the limit"));
            }
        },
        ..small()
    }
}

#[test]
fn an_invalid_trial_is_a_missing_pair() {
    let folder = tempfile::tempdir().unwrap();
    let run = with_invalid_trials(10).write(folder.path());
    let analysis = analyse(&run);
    let [aside] = analysis.families[0].rows.iter().filter(|row| row.label == "cache-aside").collect::<Vec<_>>()[..]
    else {
        panic!()
    };
    let primary = aside.primary.as_ref().unwrap();
    assert_eq!((primary.comparison.pairs, primary.comparison.dropped), (8, 2));
    assert!(aside.is(Verdict::Better) && primary.comparison.ratio.unwrap() > 3.0);
    let figures = &analysis.cells[aside.cell];
    assert_eq!((figures.trials.len(), figures.invalid.len(), figures.finished().count()), (8, 2, 10));
    assert!(figures.summary(THROUGHPUT).unwrap().min > 1000.0, "no median holds an invalid figure");
}

#[test]
fn invalid_trials_are_shown_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let run = with_invalid_trials(6).write(folder.path());
    let notes = terminal_sheet(&run).footnotes.join("\n");
    assert!(notes.contains("2 invalid trials did not measure the stack"), "{notes}");
    let pages = cachemark_report::write_report(&run).unwrap();
    let summary = std::fs::read_to_string(pages.summary).unwrap();
    let told = summary.replace('\\', "");
    assert!(told.contains("client-bound-open: in 2 of 24 trials, the first of them invalid: "), "{told}");
    assert!(!told.contains("2 invalid trials."), "once is enough: {told}");
    assert!(summary.contains("| 4 of 6 (2 invalid) |"), "{summary}");
    let html = std::fs::read_to_string(pages.html).unwrap();
    assert!(html.contains("<h3>Invalid trials</h3>") && html.contains("the client was the limit"));
    let csv = std::fs::read_to_string(&pages.data[0]).unwrap();
    assert_eq!(csv.lines().filter(|line| line.contains(",true,") && line.ends_with(",client-bound-open")).count(), 2);
}

#[test]
fn the_page_says_what_others_took_of_the_machine() {
    let page = |tweak| {
        let folder = tempfile::tempdir().unwrap();
        let run = Sample { blocks: 1, reads: 20, tweak, ..small() }.write(folder.path());
        std::fs::read_to_string(cachemark_report::write_report(&run).unwrap().html).unwrap()
    };
    let noisy = page(|_, trial| {
        let others_cpu = Some(0.1 * f64::from(trial.number));
        let window = HostUse { others_cpu, steal: Some(0.07), ..HostUse::default() };
        trial.host = Some(HostNoise { window, whole: HostUse::default() });
    });
    assert!(noisy.contains("processors (median over trials), 40 % at most."));
    assert!(noisy.contains("The hypervisor gave up to 7 % of their time"));
    assert!(!page(|_, _| ()).contains("Other programs used"), "what is not known is not told");
}

#[test]
fn a_cell_whose_every_trial_is_invalid_has_no_figure() {
    let sample = Sample {
        tweak: |cell, trial| {
            if cell.strategy == "read-through" {
                trial.warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "the client was the limit"));
            }
        },
        ..small()
    };
    let folder = tempfile::tempdir().unwrap();
    let run = sample.write(folder.path());
    let sheet = terminal_sheet(&run);
    let row = sheet.groups[0].rows.iter().find(|row| row.cells[0] == "read-through").unwrap();
    assert_eq!(row.cells[1..5], ["n/a", "n/a", "n/a", "not judged"]);
    let why = "Not judged, needs 6 pairs of trials, has 0: read-through-moka-0us-0.9.";
    assert!(sheet.footnotes.iter().any(|note| note == why), "{:?}", sheet.footnotes);
    let html = std::fs::read_to_string(cachemark_report::write_report(&run).unwrap().html).unwrap();
    assert!(html.contains("read-through (invalid)"), "charts say why a line is left out");
}

/// In one block cache-aside turns a fiftieth of its arrivals away; the times of the rest are what they were.
#[test]
fn times_that_leave_operations_out_are_not_judged() {
    let judged = |shed: u64| {
        let folder = tempfile::tempdir().unwrap();
        let sample = Sample {
            rates: &[1000.0],
            tweak: if shed == 0 {
                |_, _| ()
            } else {
                |cell, trial| {
                    if cell.strategy == "cache-aside" && trial.block == 3 {
                        let open = trial.open_loop.as_mut().unwrap();
                        open.shed = open.offered / 50;
                        open.offered += open.shed;
                    }
                }
            },
            ..small()
        };
        let run = sample.write(folder.path());
        let analysis = analyse(&run);
        let verdicts: Vec<(String, String)> =
            analysis.families[0].rows.iter().map(|row| (row.label.clone(), row.verdict())).collect();
        let of = |label: &str| verdicts.iter().find(|(row, _)| row == label).unwrap().1.clone();
        (of("cache-aside"), of("read-through"), terminal_sheet(&run).footnotes.join("\n"))
    };
    let (aside, through, _) = judged(0);
    assert_eq!((aside.as_str(), through.as_str()), ("better", "better"));
    let (aside, through, notes) = judged(1);
    assert_eq!(aside, "not judged: its figures leave out too much of what was asked");
    assert_eq!(through, "better", "the others are judged");
    assert!(!notes.contains("Too few blocks"), "{notes}");
}

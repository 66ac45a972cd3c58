//! What speaks against a run.

mod sample;

use cachemark_report::analysis::{Concern, Trust, analyse};
use cachemark_report::{as_json, terminal_sheet, write_report};
use cachemark_results::warning;
use cachemark_results::{
    Bucket, Capacity, CapacityProbe, DataDisk, HalfLookups, Resumption, Run, Status, SteadyState, Trial, Warning,
};
use sample::Sample;
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
    run.trials[0].warnings.push(Warning::new(warning::CLIENT_BOUND, "busy"));
    run.trials[0].warnings.push(Warning::new(warning::NEIGHBOURS, "busy"));
    let trust = trust(&run);
    assert!(trust.is_trusted() && trust.doubts.is_empty(), "{trust:?}");
    assert_eq!(
        trust.labels.iter().map(Concern::brief).collect::<Vec<_>>(),
        [
            "client-bound in 1 of 16 trials: The client itself may have been the limit: the throughput is a lower bound.",
            "neighbours in 1 of 16 trials: Other programs used the machine's processors in the window.",
        ]
    );
}

#[test]
fn each_sort_of_trouble_is_one_line() {
    let mut run = calm();
    for trial in &mut run.trials[3..5] {
        trial.warnings.push(Warning::new(warning::FAILURES, "7 of 10 operations failed"));
    }
    run.trials[2].warnings.push(Warning::new(warning::NOT_STEADY, "the throughput still rose"));
    run.trials[6].warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "late"));
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
    run.trials[2]
        .warnings
        .extend([Warning::new(warning::FAILURES, "reads"), Warning::new(warning::FAILURES, "writes")]);
    assert_eq!(trust(&run).reasons[0].trials, Some(1));
}

#[test]
fn a_warning_that_this_build_does_not_know_is_a_doubt_and_one_that_invalidates_is_at_least_that() {
    let mut run = calm();
    run.trials[0].warnings.push(Warning { code: "of-tomorrow".into(), text: "who knows".into(), invalidates: false });
    run.trials[1].warnings.push(Warning::invalidating(warning::STEAL, "all of it"));
    let trust = trust(&run);
    assert_eq!(trust.doubts.iter().map(|doubt| &*doubt.code).collect::<Vec<_>>(), ["of-tomorrow", "steal"]);
    assert!(trust.is_trusted() && trust.labels.is_empty(), "{trust:?}");
}

/// A search whose answer is 100/s, by trials 2 and 5: trial 4 failed, and trial 7 was invalid and its rate tried again.
fn searched() -> Run {
    let mut run = calm();
    let probe = |trial, offered_per_s, missed: Option<&str>| CapacityProbe {
        trial,
        offered_per_s,
        purpose: "climb".into(),
        passed: missed.is_none(),
        missed: missed.map(str::to_owned),
    };
    let probes = vec![
        probe(2, 100.0, None),
        probe(4, 200.0, Some("unanswered")),
        probe(7, 100.0, Some("invalid")),
        probe(5, 100.0, None),
    ];
    run.manifest.capacities = vec![Capacity {
        cell: REFERENCE.to_owned(),
        objective: "service.p99 < 1ms".to_owned(),
        answer_per_s: Some(100.0),
        at_least_per_s: None,
        note: None,
        unfound: None,
        probes,
    }];
    run
}

#[test]
fn a_capacity_search_is_trusted_by_the_valid_trials_at_its_answer() {
    let mut run = searched();
    run.trials[3].warnings.push(Warning::new(warning::FAILURES, "7 of 10 operations failed"));
    run.trials[6].warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "late"));
    assert_eq!(trust(&run), Trust::default(), "what failed was to fail, and what was invalid was tried again");
    run.trials[4].warnings.push(Warning::new(warning::FAILURES, "7 of 10 operations failed"));
    let told = format!("failures: in 1 of 2 trials: {REFERENCE}: 7 of 10 operations failed");
    assert_eq!(lines(&trust(&run).reasons), [told]);
    run.manifest.capacities[0].note = Some("too few".to_owned());
    assert_eq!(
        lines(&trust(&run).reasons)[1],
        format!("unmeasured: {REFERENCE}: `service.p99 < 1ms` was not measured: too few")
    );
    run.manifest.capacities[0].at_least_per_s = Some(100.0);
    assert!(lines(&trust(&run).reasons)[1].contains("was not searched to its end: too few"));
}

#[test]
fn damage_beyond_the_answer_of_a_search_is_damage() {
    let mut run = searched();
    run.trials[3].warnings.push(Warning::new(warning::BAD_STAMPS, "7 values came back torn"));
    run.trials[6].warnings.push(Warning { code: "of-tomorrow".into(), text: "who knows".into(), invalidates: false });
    let trust = trust(&run);
    let torn = format!("bad-stamps: in 1 of 16 trials: {CONTROL}: 7 values came back torn");
    assert_eq!((lines(&trust.reasons), trust.doubts.len()), (vec![torn], 1));
}

#[test]
fn a_hit_ratio_that_moved_beyond_the_answer_of_a_search_is_no_doubt() {
    let mut run = searched();
    let half = |hits| HalfLookups { hits, lookups: 100_000 };
    let move_in = |trial: &mut Trial| {
        trial.steady = Some(SteadyState { steady: Some(true), trend: None, could_see: None });
        trial.halves = Some([half(50_000), half(60_000)]);
    };
    move_in(&mut run.trials[3]);
    assert_eq!(trust(&run), Trust::default());
    move_in(&mut run.trials[4]);
    assert_eq!(trust(&run).doubts.iter().map(|doubt| &*doubt.code).collect::<Vec<_>>(), ["hit-ratio-moved"]);
}

#[test]
fn what_the_run_was_made_with_is_doubted_everywhere_alike() {
    let mut run = calm();
    run.manifest.resumed = vec![Resumption {
        utc: "2026-11-22T06:00:00Z".into(),
        trials_before: 3,
        forced: true,
        differences: vec!["kernel: another".into()],
    }];
    let environment = run.environment.as_mut().unwrap();
    environment.tool.profile = "debug".into();
    let (store, file_system) = ("sqlite".into(), Some("tmpfs".into()));
    environment.data_disks = vec![DataDisk { store, file_system, sync_ns: None }];
    let codes = |run: &Run| trust(run).doubts.iter().map(|doubt| doubt.code.clone()).collect::<Vec<_>>();
    assert_eq!(codes(&run), ["resumed-by-force", "debug-build", "data-in-memory"]);
    let sheet = terminal_sheet(&run);
    let [first, .., last] = &sheet.remarks[..] else { panic!("{:?}", sheet.remarks) };
    assert!(
        first.contains("although something had changed: kernel: another.") && last.contains("tmpfs"),
        "{first} {last}"
    );
    assert_eq!(as_json(&run)["doubts"].as_array().unwrap().len(), 3);
    run.environment = None;
    assert_eq!(codes(&run), ["resumed-by-force", "no-environment"]);
    for cell in &mut run.manifest.cells {
        cell.read_ratio = 1.0;
    }
    run.environment = calm().environment;
    assert_eq!(codes(&run), ["resumed-by-force"]);
}

#[test]
fn a_complete_record_without_all_its_trials_and_one_that_says_it_lost_a_server_are_not_trusted() {
    let mut run = calm();
    run.trials.pop();
    run.manifest.concerns.push(Warning::new(warning::CLAIM_LOST, "another run took redis meanwhile: somebody"));
    let seen = [
        "claim-lost: another run took redis meanwhile: somebody",
        "trials-missing: the run calls itself complete, with 15 of 16 trials",
    ];
    assert_eq!(lines(&trust(&run).reasons), seen);
    run.manifest.status = Status::Interrupted;
    assert_eq!(lines(&trust(&run).reasons), seen[..1]);
}

#[test]
fn a_control_that_strays_is_noisy() {
    let noisy = lines(&trust(&run(|block| if block % 2 == 0 { 1.3 } else { 0.8 })).doubts);
    let [noisy] = &noisy[..] else { panic!("{noisy:?}") };
    assert!(
        noisy.starts_with("noisy: ") && noisy.contains("read ratio 0.9: two runs of the same arm differ by up to ± "),
        "{noisy}"
    );
    assert!(noisy.ends_with("where 5 % is to matter"), "{noisy}");
}

#[test]
fn a_control_that_misses_1_is_told() {
    let missing = lines(&trust(&run(|block| 1.02 + 0.001 * f64::from(block))).doubts);
    let [missing] = &missing[..] else { panic!("{missing:?}") };
    assert!(
        missing.contains("the second run of the reference differs from the first: the interval of their ratio is 1.02"),
        "{missing}"
    );
}

/// Half of cache-aside's operations failed, read-through was not steady, and others were busy throughout.
fn spoilt() -> Sample {
    Sample {
        read_ratios: &[0.9],
        strategies: &["no-cache", "cache-aside", "read-through"],
        blocks: 2,
        reads: 60,
        tweak: |cell, trial| {
            match cell.strategy.as_str() {
                "cache-aside" => trial.warnings.push(Warning::new(warning::FAILURES, "52 of 100 operations failed")),
                "read-through" => trial.warnings.push(Warning::new(warning::NOT_STEADY, "the throughput still rose")),
                _ => {}
            }
            trial.warnings.push(Warning::new(warning::NEIGHBOURS, "other programs used 40 % of the machine"));
        },
        ..Sample::default()
    }
}

#[test]
fn what_speaks_against_a_run_stands_above_its_verdicts_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let run = spoilt().write(folder.path());
    let pages = write_report(&run).unwrap();
    let [html, summary] = [&pages.html, &pages.summary].map(|path| std::fs::read_to_string(path).unwrap());
    let told = [
        "Not to be trusted.",
        "failures: in 2 of 8 trials, the first of them cache-aside-moka-0us-0.9: 52 of 100 operations failed",
        "Doubts.",
        "not-steady: in 2 of 8 trials, the first of them read-through-moka-0us-0.9: the throughput still rose",
        "Good to know.",
        "neighbours in 8 of 8 trials: Other programs used",
    ];
    for (page, verdict, written) in [(&html, "<section id=\"verdict\">", false), (&summary, "## Verdicts", true)] {
        let head = page.split_once(verdict).expect("a verdict").0;
        let head = if written { head.replace('\\', "") } else { head.to_owned() };
        let places: Vec<_> = told.iter().map(|words| head.find(words)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in {head}");
    }
    assert_eq!(
        terminal_sheet(&run).remarks,
        [
            "NOT TO BE TRUSTED: failures in 2 of 8 trials: More than one operation in a thousand failed, was shed or has an \
             unknown end.",
            "Doubt: not-steady in 2 of 8 trials: It was measured before it was steady: a longer warm-up is needed.",
            "Good to know: neighbours in 8 of 8 trials: Other programs used the machine's processors in the window.",
        ]
    );
    let json = as_json(&run);
    assert_eq!(json["trusted"], false);
    let codes = |name: &str| json[name].as_array().unwrap().iter().map(|each| each["code"].clone()).collect::<Vec<_>>();
    assert_eq!(["reasons", "doubts", "labels"].map(codes), [["failures"], ["not-steady"], ["neighbours"]]);
    assert_eq!((&json["reasons"][0]["trials"], &json["reasons"][0]["of"]), (&2.into(), &8.into()));
    assert!(json["reasons"][0]["text"].as_str().unwrap().ends_with("52 of 100 operations failed"));
}

#[test]
fn a_run_that_nothing_speaks_against_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let run = Sample { tweak: |_, _| (), ..spoilt() }.write(folder.path());
    let pages = write_report(&run).unwrap();
    let summary = std::fs::read_to_string(pages.summary).unwrap();
    assert!(!summary.contains("trusted") && !summary.contains("Doubts"), "{summary}");
    assert!(terminal_sheet(&run).remarks.is_empty());
    assert_eq!(as_json(&run)["trusted"], true);
}

/// A load over HTTP of which so many reads in a thousand went past the service's cache.
fn load(past: u64) -> Run {
    let mut run = calm();
    run.manifest.kind = "load".into();
    let bucket = |source: &str, count| Bucket {
        operation: "read".into(),
        source: source.into(),
        result: "ok".into(),
        count,
        ..Bucket::default()
    };
    run.trials[4].buckets = vec![bucket("hit", 990 - past), bucket("miss-led", 10), bucket("bypass", past)];
    // A service without a cache passes none by.
    run.trials[5].buckets = vec![bucket("bypass", 1000)];
    run
}

#[test]
fn a_service_that_lost_its_cache_is_doubted() {
    let doubts = lines(&trust(&load(250)).doubts);
    let seen = format!(
        "{REFERENCE}: 250 of 1,000 reads went past the service's cache (Cache-Status: fwd=bypass), which answers others"
    );
    assert_eq!(doubts, [format!("cache-bypassed: in 1 of 16 trials: {seen}")]);
    assert_eq!(trust(&load(1)), Trust::default(), "one in a thousand is no loss");
    let mut sweep = load(250);
    sweep.manifest = calm().manifest;
    assert_eq!(trust(&sweep), Trust::default(), "a sweep counts what its cache was asked");
}

//! What the pages say of runs in which something was broken on purpose.

#[path = "sample/mod.rs"]
mod sample;

use cachemark_report::recommend::{Ask, Met, objectives, recommend};
use cachemark_report::{as_json, recommendation_sheets, terminal_sheet, write_report};
use cachemark_results::AsBefore;
use sample::Sample;

const ARMS: [&str; 6] = ["cache-aside", "no-cache", "read-through", "write-through", "write-behind", "write-around"];

/// One arm of each sort: recovered, unharmed, degraded, not recovered, metastable, and one whose fault failed.
fn all_sorts() -> Sample {
    Sample { strategies: &ARMS, read_ratios: &[0.9], faults: &["slow"], reads: 1_500, ..Sample::default() }
}

fn told_of(sample: &Sample) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let pages = write_report(&sample.write(folder.path())).unwrap();
    let read = |path| std::fs::read_to_string(path).unwrap();
    (read(&pages.html), read(&pages.summary))
}

#[test]
fn page_and_summary_have_what_became_of_each_and_the_timeline() {
    let (page, summary) = told_of(&all_sorts());
    for text in [&page, &summary] {
        for words in ["metastable in all 8 blocks", "unharmed in all 8 blocks", "&gt; 8.00 s", "no valid trial"] {
            assert!(text.contains(words) || text.contains(&words.replace("&gt;", "&#62;")), "{words}");
        }
    }
    assert!(page.contains("id=\"chart-timeline\"") && !page.contains("id=\"chart-series\""));
    assert!(summary.contains("charts/timeline.png"));
}

#[test]
fn a_terminal_of_80_columns_has_it_all() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = terminal_sheet(&all_sorts().write(folder.path())).render(78, false);
    assert!(sheet.lines().all(|line| line.chars().count() <= 78), "{sheet}");
    insta::assert_snapshot!(sheet, @r#"
    5 strategies against cache-aside over moka + sqlite
    What to use: no-cache when the cache moka is slow by 50 ms from 4 s to 8 s:
      unharmed in all 8 blocks, unlike cache-aside; cache-aside recovered in all 8
      blocks, after 1.80 s (1.40 s to 2.20 s); read-through degraded in all 8
      blocks; write-through not recovered in all 8 blocks (> 8.00 s); write-behind
      metastable in all 8 blocks (> 8.00 s).
    At which price: 129,643 ops/s before it; 100 % (99 % to 102 %) of that while
      it lasts; 100 % (100 % to 101 %) after it; the store's peak 1.04 (1.03 to
      1.06) times its usual rate; no errors. read-through answers more even in its
      worst window: 409,992 ops/s.
    How sure: Weak: the run is not to be trusted, for the doubts below; no-cache
      sooner in 8 of 8 blocks than cache-aside, by the sign test over 8 blocks
      (Holm, 5 %); that it is ahead of the others is not tested (--pairs does):
      intervals lie apart; with 8 blocks and 5 comparisons only 8 of 8 can tell.
    What would change it: Not known: one point was measured (read ratio 0.9).
    NOT TO BE TRUSTED: fault-failed in 8 of 56 trials, invalid: A fault of the
      timeline could not be done, or not undone in time: the trial is invalid,
      whatever was measured.
    Doubt: "slow by 50 ms" could not be done or undone in 8 of 56 trials (no such
      process).
    Doubt: slow was done by a proxy, through which every call went: times hold the
      way through it.
    ─────────────────────────────────────────────────────────────────────────────
                                                       to
    strategy           verdict (blocks)       recover  reference    during  after
    ─────────────────────────────────────────────────────────────────────────────
    moka + sqlite, read ratio 0.9
    cache-aside        recovered 8 of 8        1.80 s  reference      30 %   87 %
    cache-aside (A/A)  recovered 8 of 8        1.80 s  A/A control    30 %   87 %
    no-cache           unharmed 8 of 8            0 s  better        100 %  100 %
    read-through       degraded 8 of 8         198 ms  better         71 %  100 %
    write-through      not recovered 8 of 8  > 8.00 s  worse          60 %   60 %
    write-behind       metastable 8 of 8     > 8.00 s  worse          10 %   10 %
    write-around       no valid trial             n/a  n/a             n/a    n/a
    ─────────────────────────────────────────────────────────────────────────────
    - Time to recover against cache-aside: no-cache -1.80 s (-2.20 s to -1.40 s),
      better; read-through -1.60 s (-2.00 s to -1.20 s), better; write-through >
      +6.20 s (> +5.80 s to > +6.60 s), worse; write-behind > +6.20 s (> +5.80 s
      to > +6.60 s), worse.
    - Goodput kept against cache-aside: no-cache +0.702 (+0.690 to +0.716),
      better; read-through +0.414 (+0.411 to +0.420), better; write-through +0.302
      (+0.295 to +0.308), better; write-behind -0.200 (-0.203 to -0.197), worse.
    - Throughput against cache-aside: no-cache 0.362 (0.352 to 0.373), worse;
      read-through 1.566 (1.536 to 1.605), better; write-through 1.178 (1.153 to
      1.214), better; write-behind 0.551 (0.533 to 0.569), worse.
    - cache-aside: errors: timeout 7,323,309; 2,929,259 shed; 3,028 stale reads
      after the fault.
    - read-through: errors: timeout 2,906,873; 1,162,705 shed.
    - write-through: errors: timeout 11,585,706; 4,634,135 shed; 45,026 stale
      reads after the fault.
    - write-behind: errors: timeout 26,117,880; 10,446,995 shed; 7,395 stale reads
      after the fault.
    - cache-aside (A/A): errors: timeout 7,302,619; 2,920,985 shed; 3,031 stale
      reads after the fault.
    - recover: from the fault's end until it was as before; detect: from its
      beginning until it was worse; during, after, worst window: goodput, of that
      before; store peak: times the rate before, or a rate where the store was
      idle. Medians over blocks.
    - As before: goodput at least 90 %, hit ratio at least 95 % and p99 at most
      1.2 times that before the first fault, or what nine in ten of the windows
      before it keep, where that is less. Unharmed: no window was worse than
      before by more than noise. Degraded: worse while the fault lasted, and as
      before as soon as it was over. Recovered: some time after it. Not recovered:
      not by the end of the window. Metastable: 600 timeouts after the fault was
      over, goodput was still not as before.
    - Sign test: with 8 blocks and 5 comparisons only 8 of 8 can tell.
    - Not shown for want of room: worst; store peak; before, ops/s; errors;
      detect; p99 during.
    "#);
}

/// Of a store that was idle before a fault there is no multiple to tell, and yet its peak.
#[test]
fn the_peak_of_an_idle_store_is_told() {
    let sample = Sample {
        tweak: |_, trial| {
            let Some(told) = trial.recovery.as_mut() else { return };
            told.before.store_ops_per_s = Some(0.0);
            told.during.store_peak_ops_per_s = Some(98_765.0);
            told.after.store_peak_ops_per_s = Some(1.0);
        },
        ..all_sorts()
    };
    let (_, summary) = told_of(&sample);
    assert!(summary.contains("| 98,765 ops/s |"), "{summary}");
    assert!(summary.contains("the store, idle before, at up to 98,765 ops/s"), "{summary}");
    let folder = tempfile::tempdir().unwrap();
    let sheet = terminal_sheet(&sample.write(folder.path())).render(140, false);
    assert!(sheet.contains(" 98.8k/s"), "{sheet}");
}

#[test]
fn data_have_faults_and_recovery_by_cell() {
    let folder = tempfile::tempdir().unwrap();
    let told = as_json(&all_sorts().write(folder.path()));
    let cell = |strategy: &str| {
        let cells = told["cells"].as_array().unwrap().iter();
        cells.filter(|cell| cell["control"] == false).find(|cell| cell["strategy"] == strategy).unwrap().clone()
    };
    let stuck = cell("write-behind");
    assert_eq!((&stuck["recovery"]["verdicts"]["metastable"], &stuck["recovery"]["never"]), (&8.into(), &8.into()));
    assert_eq!(stuck["recovery"]["to_recover_ns"]["median"]["seen"], false);
    assert_eq!(stuck["faults"].as_array().unwrap().len(), 8);
    let failed = cell("write-around");
    assert!(failed["recovery"].is_null() && failed["faults"][0]["failed"] == "no such process");
    let compared = told["comparisons"].as_array().unwrap();
    assert!(compared.iter().any(|it| it["figure"] == "recovery.time" && it["verdict"] == "worse"), "{compared:#?}");
}

#[test]
fn records_without_faults_say_nothing_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let run = Sample { read_ratios: &[0.9], reads: 100, ..Sample::default() }.write(folder.path());
    let told = as_json(&run);
    assert!(told["cells"].as_array().unwrap().iter().all(|cell| cell.get("recovery").is_none()));
    let page = std::fs::read_to_string(write_report(&run).unwrap().html).unwrap();
    assert!(!page.contains("When it breaks") && page.contains("id=\"chart-series\""));
}

/// What a record knows of a recovery beyond its time is said below the table, of those arms of which there is something to say.
#[test]
fn what_was_late_restless_harmed_again_or_not_looked_at_for_long_is_said() {
    let sample = Sample {
        tweak: |cell, trial| {
            let Some(told) = trial.recovery.as_mut() else { return };
            match cell.strategy.as_str() {
                "cache-aside" if cell.reference.is_none() => told.harmed_again = Some(3 + u64::from(trial.block)),
                "read-through" => told.over_ns += 1_500_000_000,
                "write-through" => told.looked_long = Some(false),
                "write-behind" => {
                    let tail_ns = told.usual_tail_ns.map(|usual| usual * 3 / 2);
                    told.as_before = Some(AsBefore { goodput_ops_per_s: 1.0, hit_ratio: None, tail_ns });
                }
                _ => {}
            }
        },
        ..all_sorts()
    };
    let (_, summary) = told_of(&sample);
    for said in [
        "read-through at 9.50 s, in 8 trials.",
        "Windows harmed again once recovered, median over blocks: cache-aside 6.50 (3 to 10).",
        "was not looked at for 600 timeouts (6.00 s)",
        "write-behind p99 up to 1.5 times",
    ] {
        assert!(summary.contains(said), "{said}: {summary}");
    }
    let (_, plain) = told_of(&all_sorts());
    for nothing in ["Over later than declared", "harmed again", "600 timeouts (", "restless"] {
        assert!(!plain.contains(nothing), "{nothing}");
    }
}

/// One time that was never reached, in the answer, the tables, the verdicts, the terminal and a recommendation.
#[test]
fn a_time_that_was_never_reached_is_written_alike_everywhere() {
    // The fault was over late: what was looked at after it is less than from its declared end on.
    let sample = Sample {
        tweak: |_, trial| {
            if let Some(told) = trial.recovery.as_mut().filter(|told| told.recovered_after_ns.is_none()) {
                told.over_ns += 310_000_000 + 10_000_000 * u64::from(trial.block);
            }
        },
        verdict_on: &["recovery.time"],
        ..all_sorts()
    };
    let folder = tempfile::tempdir().unwrap();
    let run = sample.write(folder.path());
    let pages = write_report(&run).unwrap();
    let summary = std::fs::read_to_string(pages.summary).unwrap();
    let terminal = terminal_sheet(&run).render(78, false);
    let asked = Ask { objectives: objectives("recovery.time < 5s").unwrap(), ..Ask::default() };
    let recommended = recommendation_sheets(&run, &asked, &recommend(&run, &asked).unwrap());
    let recommended: String = recommended.iter().map(|sheet| sheet.render(78, false)).collect();
    for text in [&summary.replace("&gt;", ">"), &terminal, &recommended] {
        let bare = text.match_indices("8.00 s").filter(|(place, _)| !text[..*place].ends_with("> "));
        assert_eq!(bare.count(), 0, "{text}");
        assert!(text.contains("> 8.00 s") && !text.contains("12.0 s") && !text.contains("7.6"), "{text}");
    }
    assert!(summary.contains("write-through not recovered in all 8 blocks (&gt; 8.00 s)"), "{summary}");
}

/// What never recovered within what was looked at keeps no bound beyond that for sure.
#[test]
fn a_bound_beyond_what_was_looked_at_is_not_met() {
    let folder = tempfile::tempdir().unwrap();
    let run = all_sorts().write(folder.path());
    let met = |slo: &str| {
        let asked = Ask { objectives: objectives(slo).unwrap(), ..Ask::default() };
        let told = recommend(&run, &asked).unwrap();
        told.points[0].candidates.iter().find(|it| it.arm == "write-behind").unwrap().objectives[0].met
    };
    assert_eq!(met("recovery.time < 20s"), Met::CannotTell);
    assert_eq!(met("recovery.time < 5s"), Met::Fails);
    assert_eq!(met("recovery.time > 5s"), Met::Meets);
    assert_eq!(met("recovery.time > 20s"), Met::CannotTell);
}

/// Times to recover have no ratio, and no picture of one.
#[test]
fn there_is_no_chart_of_ratios_that_there_are_none_of() {
    let (page, summary) = told_of(&Sample { verdict_on: &["recovery.time", "throughput"], ..all_sorts() });
    assert!(!page.contains("id=\"chart-ratios\"") && page.contains("id=\"chart-ratios-throughput\""));
    assert!(page.contains("its comparisons are by difference, and none has a ratio."));
    assert!(summary.contains("| ratio or difference to reference |"), "{summary}");
    let (_, summary) = told_of(&Sample { verdict_on: &["recovery.time"], ..all_sorts() });
    assert!(summary.contains("| difference to reference |"), "{summary}");
    assert!(summary.contains("Times to recover are compared by difference, by the sign test"), "{summary}");
}

/// The chart over time is the first thing below the answer.
#[test]
fn the_timeline_stands_before_the_tables() {
    let (page, summary) = told_of(&all_sorts());
    for (text, chart, table) in
        [(&page, "id=\"chart-timeline\"", "What became of each"), (&summary, "timeline.png", "What became of each")]
    {
        assert!(text.find(chart).unwrap() < text.find(table).unwrap(), "{chart}");
        assert_eq!(text.matches(chart).count(), 1);
    }
}

/// Of several cells of an arm each note says which it is of.
#[test]
fn notes_of_several_points_name_the_point() {
    let folder = tempfile::tempdir().unwrap();
    let run = Sample { read_ratios: &[0.5, 0.9], ..all_sorts() }.write(folder.path());
    let sheet = terminal_sheet(&run);
    let notes: Vec<&String> = sheet.footnotes.iter().filter(|note| note.contains("stale reads after")).collect();
    assert!(!notes.is_empty());
    for (place, note) in notes.iter().enumerate() {
        assert!(note.contains("(read ratio 0.5)") || note.contains("(read ratio 0.9)"), "{note}");
        assert!(!notes[..place].contains(note), "twice: {note}");
    }
}

/// Three blocks tell nothing of any arm; one that never recovered is not named as one that may keep to the bound.
#[test]
fn too_few_blocks_promise_nothing_and_name_one_number() {
    let folder = tempfile::tempdir().unwrap();
    let run = Sample { blocks: 3, ..all_sorts() }.write(folder.path());
    let asked = Ask { objectives: objectives("recovery.time < 5s").unwrap(), ..Ask::default() };
    let sheets = recommendation_sheets(&run, &asked, &recommend(&run, &asked).unwrap());
    let told = sheets[0].remarks.join("\n");
    assert!(told.contains("None is shown to meet it: 3 blocks are too few for an interval."), "{told}");
    assert!(told.contains("write-through and write-behind do not.") && !told.contains("these may"), "{told}");
    let answer = terminal_sheet(&run).answer.join("\n");
    assert!(told.contains("about --blocks 8,") && answer.contains("; 8 are needed."), "{told}\n{answer}");
}

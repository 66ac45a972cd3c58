//! What the pages say of open loops and of cold starts, of a record with known loads.

mod sample;

use cachemark_report::analysis::{Point, analyse};
use cachemark_report::write_report;
use cachemark_results::figure::response;
use cachemark_results::warning;
use cachemark_results::{ColdStart, Warning};
use sample::Sample;
use std::fs;

/// The second load is beyond what no-cache can do, and within what the others can.
fn two_rates() -> Sample {
    Sample {
        read_ratios: &[0.9],
        strategies: &["no-cache", "cache-aside"],
        rates: &[20_000.0, 200_000.0],
        ..Sample::default()
    }
}

type Written = (tempfile::TempDir, String, String, Vec<String>);

fn pages(sample: &Sample) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let pages = write_report(&sample.write(folder.path())).unwrap();
    let [html, summary] = [&pages.html, &pages.summary].map(|path| fs::read_to_string(path).unwrap());
    let names = pages.charts.iter().filter(|path| path.extension().is_some_and(|ending| ending == "png"));
    let names = names.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    (folder, html, summary, names)
}

#[test]
fn cells_of_different_offered_loads_are_not_mixed() {
    let folder = tempfile::tempdir().unwrap();
    let run = Sample { blocks: 1, reads: 50, ..two_rates() }.write(folder.path());
    let analysis = analyse(&run);
    assert_eq!(analysis.stacks.len(), 1);
    assert_eq!(analysis.rates, [20_000.0, 200_000.0]);
    let labels: Vec<&str> = analysis.variants.iter().map(|variant| variant.label.as_str()).collect();
    assert_eq!(labels, ["no-cache", "no-cache (A/A)", "cache-aside"], "the rate is no setting of a strategy");
    for rate in [20_000.0, 200_000.0] {
        for variant in 0..3 {
            let point = Point { read_ratio: 0.9, offered_per_s: Some(rate) };
            let figures = analysis.at(&analysis.stacks[0], variant, point).unwrap();
            assert_eq!((figures.cell.offered_per_s, figures.variant), (Some(rate), variant));
        }
    }
    assert_eq!(analysis.families.len(), 2);
    for family in &analysis.families {
        let rate = analysis.cells[family.reference].cell.offered_per_s;
        assert!(family.rows.iter().all(|row| analysis.cells[row.cell].cell.offered_per_s == rate));
    }
}

#[test]
fn verdicts_are_on_the_response_time() {
    let folder = tempfile::tempdir().unwrap();
    let run = two_rates().write(folder.path());
    let analysis = analyse(&run);
    assert_eq!(analysis.verdict_on, [response::P99]);
    let overloaded: Vec<bool> = analysis.cells.iter().map(|figures| figures.was_overloaded()).collect();
    assert_eq!(overloaded, [false, false, false, true, false, true]);
    let ratio = |family: usize| analysis.families[family].rows[2].primary.as_ref().unwrap().comparison.ratio.unwrap();
    // A queue that grows for ten seconds, against none.
    assert!(ratio(1) < 0.001 && ratio(0) > 0.1, "{} {}", ratio(0), ratio(1));
}

#[test]
fn the_page_shows_both_clocks_and_the_schedule() {
    let (_folder, html, summary, charts) = pages(&Sample { blocks: 2, reads: 1200, ..two_rates() });
    let expected = [
        "overview",
        "ratios",
        "throughput-response",
        "response-time",
        "service-time",
        "spectrum",
        "hit-ratio",
        "store-load",
        "series",
    ];
    assert_eq!(charts, expected);
    for text in [&html, &summary] {
        for words in
            ["Was the schedule kept?", "offered load, arrivals/s", "achieved throughput, ops/s", "response p99"]
        {
            assert!(text.contains(words), "{words}");
        }
        assert!(!text.to_lowercase().contains("latency"));
    }
    assert!(html.contains("href=\"#schedule\"") && html.contains("Schedule lag = actual start - intended start"));
    assert!(summary.contains("](charts/throughput-response.png)") && summary.contains("](charts/response-time.png)"));
}

#[test]
fn a_closed_loop_has_nothing_of_it() {
    let sample = Sample { rates: &[], blocks: 2, reads: 1200, ..two_rates() };
    let (_folder, html, summary, charts) = pages(&sample);
    assert!(!charts.iter().any(|name| name.contains("response")));
    for text in [html, summary] {
        // What is carried within the page for other tools has the same columns for every record.
        let shown = |part: &str| part.split_once('"').map_or_else(String::new, |(_, rest)| rest.to_owned());
        let mut parts = text.split("href=\"data:");
        let text = parts.next().unwrap().to_owned() + &parts.map(shown).collect::<String>();
        for words in ["schedule", "offered load", "response p99", "achieved"] {
            assert!(!text.contains(words), "{words}");
        }
    }
}

#[test]
fn figures_csv_has_the_arrivals_and_both_clocks() {
    let folder = tempfile::tempdir().unwrap();
    for (rates, filled) in [(two_rates().rates, true), (&[][..], false)] {
        let sample = Sample { rates, blocks: 1, reads: 1200, ..two_rates() };
        let pages = write_report(&sample.write(&folder.path().join(filled.to_string()))).unwrap();
        let mut reader = csv::Reader::from_path(&pages.data[0]).unwrap();
        let headers = reader.headers().unwrap().clone();
        let row = reader.records().next().unwrap().unwrap();
        let field = |name: &str| {
            let place = headers.iter().position(|header| header == name);
            row.get(place.unwrap_or_else(|| panic!("no column {name}"))).unwrap().to_owned()
        };
        for name in ["offered_per_s", "response_p50_ns", "response_p99_ns", "response_max_ns", "schedule_lag_p99_ns"] {
            assert_eq!(field(name).parse::<f64>().is_ok(), filled, "{name}");
        }
        if filled {
            let counts = ["arrivals_offered", "arrivals_late", "arrivals_shed", "arrivals_unsent"].map(field);
            assert_eq!(
                (field("offered_per_s").as_str(), counts),
                ("20000", ["200000", "0", "0", "0"].map(String::from))
            );
        }
    }
}

#[test]
fn a_cold_start_has_a_table_and_other_records_have_none() {
    let cold = Sample {
        rates: &[],
        blocks: 3,
        reads: 50,
        tweak: |cell, trial| {
            let to_95_percent_ns = 1_000_000_000 * u64::from(trial.block + 1);
            trial.cold_start =
                (cell.strategy != "no-cache").then_some(ColdStart { steady_hit_ratio: 0.8, to_95_percent_ns });
        },
        ..two_rates()
    };
    let (_folder, html, summary, charts) = pages(&cold);
    assert!(charts.contains(&"series".to_owned()), "the hit ratio over time");
    assert!(html.contains("the climb of the hit ratio is the cold start itself"));
    assert!(
        summary.contains("| moka + sqlite | read ratio 0.9 | cache-aside | 3 of 3 | 2.00 s (1.00 s to 3.00 s) | 0.800")
    );
    let (_folder, html, summary, _) = pages(&Sample { tweak: |_, _| (), ..cold });
    assert!(!html.contains("id=\"cold-start\"") && !summary.contains("How long did the cache take"));
}

#[test]
fn many_flagged_trials_are_counted_and_not_listed() {
    let sample = Sample {
        rates: &[1000.0, 2000.0, 3000.0],
        blocks: 3,
        reads: 20,
        tweak: |_, trial| {
            let text = format!("measured before the run was steady: trial {}", trial.number);
            trial.warnings.push(Warning::new(warning::NOT_STEADY, text));
        },
        ..two_rates()
    };
    let (_folder, html, _, _) = pages(&sample);
    // Once at the head of the page, once in the table of warnings.
    assert_eq!(html.matches("measured before the run was steady").count(), 2);
    assert!(html.contains(": 3 trials; and 5 more cells"), "nine cells, of which four are named");
}

#[test]
fn invalid_trials_are_in_the_schedule_and_in_no_figure() {
    let sample = Sample {
        rates: &[20_000.0],
        blocks: 3,
        reads: 1200,
        tweak: |cell, trial| {
            if cell.strategy == "cache-aside" {
                trial.warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "the client was the limit"));
            }
        },
        ..two_rates()
    };
    let (_folder, _, summary, _) = pages(&sample);
    let rows: Vec<&str> = summary.lines().filter(|line| line.contains("| cache-aside |")).collect();
    let [.., schedule] = rows[..] else { panic!("{rows:?}") };
    assert!(schedule.ends_with("| 0 of 3 | 40 % | 3 of 3 |"), "{schedule}");
    assert!(rows[1].ends_with("| n/a | n/a | n/a | n/a | n/a |"), "no throughput and no times: {}", rows[1]);
}

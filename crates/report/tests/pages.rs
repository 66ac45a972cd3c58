//! The pages of made-up records: what is written, and that nothing in them reaches out or breaks out.

mod sample;

use cachemark_report::{Pages, write_report};
use cachemark_results::{Resumption, Run, Status, Warning};
use sample::Sample;
use std::fs;
use std::path::Path;

fn pages(sample: &Sample) -> (tempfile::TempDir, Pages, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let pages = write_report(&sample.write(folder.path())).unwrap();
    let [html, summary] = [&pages.html, &pages.summary].map(|path| fs::read_to_string(path).unwrap());
    (folder, pages, html, summary)
}

/// One read ratio and one block: enough where only words are looked at.
fn little() -> Sample {
    Sample { read_ratios: &[0.9], strategies: &["no-cache", "cache-aside"], blocks: 1, reads: 50, ..Sample::default() }
}

fn decoded(path: &Path) -> (u32, Vec<u8>) {
    let mut reader = png::Decoder::new(fs::File::open(path).unwrap()).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width, pixels)
}

#[test]
fn every_chart_is_there_as_a_picture_and_as_text() {
    let (_folder, pages, html, summary) = pages(&Sample { blocks: 2, reads: 1000, ..Sample::default() });
    assert_eq!(pages.charts.len(), 18);
    for path in &pages.charts {
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|ending| ending == "png") {
            let (width, pixels) = decoded(path);
            assert_eq!(width, 1920);
            assert!(pixels.iter().any(|channel| *channel != pixels[0]), "{name} is blank");
        } else {
            let svg = fs::read_to_string(path).unwrap();
            assert!(svg.contains("cache-aside") && svg.contains("aria-label=\""), "{name}");
            assert!(html.contains(&svg), "{name} stands on the page as it is on disk");
        }
    }
    for line in summary.lines().filter(|line| line.starts_with("![")) {
        let path = line.split_once("](").unwrap().1.strip_suffix(')').unwrap();
        assert!(pages.html.with_file_name(path).is_file(), "{path}");
    }
    let csv = fs::read_to_string(&pages.data[0]).unwrap();
    assert_eq!(csv.lines().count(), 1 + 2 * 15);
}

/// What a load leaves: the store's operations are not seen, its load is reckoned.
fn load() -> Sample {
    Sample { kind: "load", tweak: |_, trial| trial.store = Default::default(), ..little() }
}

#[test]
fn a_load_is_told_of_services_and_promises_nothing_about_them() {
    let (_folder, _pages, html, summary) = pages(&load());
    for text in ["Throughput by service", "<th scope=\"col\">service</th>", "cache-aside (service)", "Nothing is reset"]
    {
        assert!(html.contains(text), "{text}");
    }
    assert!(summary.contains("| comparison | service |"), "{summary}");
    for untrue in ["by strategy", "from the same stored rows", "from a fresh start", "no added read cost", "No setting"]
    {
        assert!(!html.contains(untrue) && !summary.contains(untrue), "{untrue}");
        assert!(pages(&little()).2.contains(untrue) || untrue == "No setting", "{untrue} is said of a sweep");
    }
}

#[test]
fn a_store_load_that_was_reckoned_has_bars_without_parts() {
    let chart = |sample: &Sample| {
        let (_folder, pages, ..) = pages(sample);
        fs::read_to_string(pages.html.with_file_name("charts").join("store-load.svg")).unwrap()
    };
    // Filled with the colour of cache-aside: in the legend, and as a bar.
    let filled = |svg: &str| svg.matches("<rect").count();
    let (counted, reckoned) = (chart(&little()), chart(&load()));
    let none = chart(&Sample { tweak: |_, trial| (trial.store, trial.store_load) = Default::default(), ..load() });
    assert!(counted.contains("writes and deletes") && !reckoned.contains("writes and deletes"));
    assert!(filled(&reckoned) > filled(&none), "{reckoned}");
}

#[test]
fn the_page_reaches_for_nothing() {
    let (_folder, _pages, html, _) = pages(&little());
    // Its own charts lie beside it, for whoever follows a link.
    for attribute in ["src=\"", "href=\"", "url("] {
        for rest in html.split(attribute).skip(1) {
            let is_own = ["#", "data:", "charts/"].iter().any(|own| rest.starts_with(own));
            assert!(is_own, "{attribute}{}", &rest[..40]);
        }
    }
    assert!(!html.contains("src=\"charts/") && !html.contains("<link") && !html.contains("@import"));
    assert!(html.contains("Content-Security-Policy"));
    assert_eq!(html.matches("<script").count(), 1, "the page's own");
    assert!(html.contains("default-src 'none'; script-src 'sha256-") && !html.contains("script-src 'unsafe-inline'"));
}

#[test]
fn every_chart_can_be_had_as_a_file_and_by_an_address() {
    let (folder, pages, html, _) = pages(&little());
    for path in &pages.charts {
        let file = path.file_name().unwrap().to_str().unwrap();
        assert!(html.contains(&format!("<a href=\"charts/{file}\">")), "{file}");
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(html.contains(&format!("<figure id=\"chart-{name}\"")) && html.contains(&format!("\"#chart-{name}\"")));
    }
    drop(folder);
    // A copy that has to be small has only those that were chosen.
    let folder = tempfile::tempdir().unwrap();
    let run = little().write(folder.path());
    let chosen = ["throughput".to_owned()];
    let pages = cachemark_report::write_report_with(&run, cachemark_report::Pictures::Png(&chosen)).unwrap();
    let html = fs::read_to_string(pages.html).unwrap();
    assert_eq!(html.matches("href=\"charts/").count(), 1);
    assert!(html.contains("<a href=\"charts/throughput.png\">"));
}

/// A table that is on the page already is named, and its figures are not said twice.
#[test]
fn every_chart_names_the_tables_with_its_figures() {
    let sample = Sample { reads: 1000, blocks: 2, rates: &[500.0, 900.0], hops: true, ..Sample::default() };
    for sample in [little(), sample] {
        let (_folder, _pages, html, _) = pages(&sample);
        for figure in html.split("<figure id=\"").skip(1) {
            let name = figure.split('"').next().unwrap();
            let (_, rest) = figure.split_once("aria-details=\"").unwrap_or_else(|| panic!("{name} has no table"));
            for table in rest.split('"').next().unwrap().split(' ') {
                assert_eq!(html.matches(&format!("<table id=\"{table}\">")).count(), 1, "{name}: {table}");
            }
        }
    }
}

#[test]
fn what_a_user_named_stays_text() {
    let sample = Sample {
        name: "a&b",
        workload: "<script>alert(1)</script> | keys",
        strategies: &["no-cache", "<img src=x onerror=y>"],
        tweak: |_, trial| {
            trial.warnings.push(Warning { code: "=cmd".into(), text: "</pre><script>".into(), invalidates: false });
            trial.errors.insert("<b>".into(), 3);
        },
        ..little()
    };
    let (_folder, pages, html, summary) = pages(&sample);
    assert!(!html.contains("<script>alert") && !html.contains("<img") && !html.contains("<b>3"));
    assert_eq!(html.matches("<script").count(), 1, "the page's own");
    assert!(html.contains("&#60;script&#62;alert(1)"), "askama escapes");
    assert!(summary.contains("&lt;script&gt;alert(1)&lt;/script&gt; \\| keys"));
    let csv = fs::read_to_string(&pages.data[0]).unwrap();
    assert!(csv.lines().skip(1).all(|line| line.ends_with("'=cmd")), "{csv}");
}

#[test]
fn a_page_can_be_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let run = little().write(folder.path());
    let first = fs::read(write_report(&run).unwrap().html).unwrap();
    let again = fs::read(write_report(&Run::open(&run.folder).unwrap()).unwrap().html).unwrap();
    assert_eq!(first, again);
}

#[test]
fn one_block_gives_figures_and_no_verdicts() {
    let (_folder, _pages, html, _) = pages(&little());
    assert!(html.contains("no verdicts, since 1 block with figures of both cells is too few (6 needed)"));
    assert!(html.contains("not judged: needs 6 blocks with both figures, has 1"));
    assert!(!html.contains("<td class=\"short\">better</td>"));
}

#[test]
fn what_is_missing_is_named() {
    let sample = Sample {
        strategies: &["no-cache", "cache-aside", "write-through"],
        finished: |cell, _| cell.strategy != "cache-aside",
        unsupported: |cell| (cell.strategy == "write-through").then(|| "needs versioned sets".to_owned()),
        ..little()
    };
    let (_folder, _pages, html, _) = pages(&sample);
    assert!(html.contains("trials-missing: the run calls itself complete, with "));
    assert!(html.contains("cache-aside (not measured), write-through (unsupported)"));
    assert!(html.contains("needs versioned sets"));
}

#[test]
fn a_run_that_stopped_says_how_far_it_came() {
    let sample = Sample { status: Status::Interrupted, blocks: 3, finished: |_, block| block == 0, ..little() };
    let (_folder, _pages, html, summary) = pages(&sample);
    assert!(html.contains("3 of 9 trials finished") && summary.contains("3 of 9 trials finished"));
}

fn resumed(trials_before: u32, differences: &[&str]) -> Resumption {
    Resumption {
        utc: format!("2026-11-22T06:00:{trials_before:02}Z"),
        trials_before,
        forced: !differences.is_empty(),
        differences: differences.iter().map(|&line| line.to_owned()).collect(),
    }
}

#[test]
fn a_resumed_run_says_when_and_a_forced_one_what_had_changed() {
    let (_folder, _pages, html, summary) =
        pages(&Sample { resumed: vec![resumed(1, &[]), resumed(2, &[])], ..little() });
    for page in [&html, &summary] {
        assert!(
            page.contains("after 1 of 3 trials at 2026-11-22T06:00:01Z, after 2 of 3 trials at 2026-11-22T06:00:02Z")
        );
        assert!(page.contains("as before") && !page.contains("by force"));
    }
    let changed = resumed(2, &["kernel: the record says `1`, now it is `<2>`", "processors: fewer"]);
    let (_folder, _pages, html, summary) = pages(&Sample { resumed: vec![resumed(1, &[]), changed], ..little() });
    for page in [&html, &summary] {
        assert!(page.contains("resumed-by-force") && page.contains("Resumed."));
        assert!(page.contains("processors: fewer") && page.contains("no verdict over them holds"));
        assert!(!page.contains("<2>"));
    }
    assert!(html.find("resumed-by-force") < html.find("Resumed.</strong>"), "the worse comes first");
}

#[test]
fn a_run_without_trials_still_has_a_page() {
    let sample = Sample { status: Status::Failed, finished: |_, _| false, ..little() };
    let (_folder, pages, html, summary) = pages(&sample);
    assert!(html.contains("No trial was finished") && summary.contains("No trial was finished"));
    assert!(html.contains("0 of 3 trials finished"));
    assert_eq!(pages.charts.len(), 14);
}

#[test]
fn no_hits_and_no_answers_are_no_trouble() {
    let sample = Sample {
        blocks: 6,
        tweak: |cell, trial| {
            trial.hit_ratio = trial.hit_ratio.map(|_| 0.0);
            if cell.strategy == "cache-aside" {
                trial.throughput_ops_per_s = 0.0;
                trial.read_time = None;
            }
        },
        ..little()
    };
    let (_folder, _pages, html, _) = pages(&sample);
    assert!(html.contains("in its place stands the difference"), "a ratio to zero is no ratio");
}

#[test]
fn an_interval_is_said_to_speak_of_this_run_alone() {
    let (_folder, _pages, html, _) = pages(&little());
    assert!(html.contains("Of this run alone: if its blocks were run again and again on the same machine"));
    assert!(!html.contains("95 of 100 such intervals hold the true ratio"));
}

#[test]
fn failed_calls_stand_on_the_page_and_in_the_summary_with_their_reason() {
    let sample = Sample {
        tweak: |cell, trial| {
            if cell.strategy == "cache-aside" {
                trial.cache.errors = 12;
                trial.cache_failures = vec![cachemark_results::FailedCalls {
                    call: "set".into(),
                    kind: "rejected".into(),
                    window: 12,
                    whole: 1234,
                    first: "OOM command not allowed | <b>".into(),
                }];
            }
        },
        ..little()
    };
    let (_folder, pages, html, summary) = pages(&sample);
    assert!(html.contains("Failed calls to cache and store") && html.contains("OOM command not allowed | &#60;b&#62;"));
    assert!(summary.contains("| cache set | rejected | 12 |") && summary.contains("1,234"), "{summary}");
    let csv = fs::read_to_string(&pages.data[0]).unwrap();
    let column = csv.lines().next().unwrap().split(',').position(|name| name == "failed_sets").unwrap();
    assert!(csv.lines().skip(1).any(|line| line.split(',').nth(column) == Some("12")), "{csv}");
    assert!(!self::pages(&little()).2.contains("Failed calls to cache and store"), "only where some failed");
}

#[test]
fn calls_to_a_cache_behind_a_service_are_not_said_to_be_none() {
    let fields = |kind, strategy: &str| {
        let (_folder, pages, ..) = pages(&Sample { kind, ..little() });
        let csv = fs::read_to_string(&pages.data[0]).unwrap();
        let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let names = lines.next().unwrap();
        let trial = lines.find(|fields| fields[1] == strategy).unwrap();
        let of = |name| trial[names.iter().position(|each| *each == name).unwrap()].to_owned();
        ["cache_gets", "cache_failures", "failed_gets", "failed_sets", "failed_deletes", "store_failures"].map(of)
    };
    assert_eq!(fields("load", "no-cache"), [""; 6]);
    assert_eq!(fields("load", "cache-aside"), [""; 6]);
    // What asked no cache has no failed calls to one: neither some nor none.
    assert_eq!(fields("sweep", "no-cache"), ["0", "", "", "", "", "0"]);
}

/// A record leaves out what is 0 of failures and buckets: a trial without them had none, and counts among the others.
#[test]
fn what_one_trial_counted_and_the_others_did_not_is_0_in_those() {
    let tweak = |_: &cachemark_results::Cell, trial: &mut cachemark_results::Trial| {
        if trial.block == 1 {
            trial.errors.insert("timeout".into(), 50);
        }
    };
    let (_folder, pages, ..) = pages(&Sample { tweak, blocks: 3, ..little() });
    let csv = fs::read_to_string(pages.html.with_file_name("counted.csv")).unwrap();
    let line = csv.lines().find(|line| line.contains(",errors.timeout,")).unwrap();
    assert!(line.ends_with("errors.timeout,3,0,0,50"), "{line}");
}

/// Whatever the record holds as a number, nothing of it is told nowhere: by its path in `summary.json`.
#[test]
fn every_number_of_a_trial_is_told_in_csv_and_json() {
    let tweak = |_: &cachemark_results::Cell, trial: &mut cachemark_results::Trial| {
        (trial.window.drain_ns, trial.cache.superseded, trial.unstamped) = (7_000, 11, 3);
        trial.store_counters.insert("commits".into(), 5);
    };
    let (_folder, pages, html, _) = pages(&Sample { tweak, blocks: 2, rates: &[500.0], hops: true, ..little() });
    let run = Run::open(pages.html.parent().unwrap()).unwrap();
    let csv = fs::read_to_string(pages.html.with_file_name("counted.csv")).unwrap();
    let cell = &run.manifest.cells[1].id;
    for line in ["window.drain_ns,2,7000,7000,7000", "cache.superseded,2,11,11,11", "store_counters.commits,2,5,5,5"] {
        assert!(csv.contains(&format!("{cell},{line}\n")), "{line} in\n{csv}");
    }
    let told = cachemark_report::as_json(&run);
    assert_eq!(told["cells"][1]["counted"]["unstamped"], 3);
    let trial = run.trials_of(cell).next().unwrap();
    let serde_json::Value::Object(fields) = serde_json::to_value(trial).unwrap() else {
        panic!("a trial is an object")
    };
    let no_counts = ["schema_version", "number", "block", "position"];
    let is_told = |name: &str| csv.lines().any(|line| line.starts_with(&format!("{cell},{name}")));
    for (name, value) in fields.iter().filter(|(name, value)| value.is_number() && !no_counts.contains(&name.as_str()))
    {
        assert!(is_told(&format!("{name},")), "{name} = {value}");
    }
    for nested in
        ["open_loop.schedule_lag.", "open_loop.max_in_flight", "buckets.read.", "totals.issued", "store.found"]
    {
        assert!(is_told(nested), "{nested} in\n{csv}");
    }
    assert!(html.contains("lies counted.csv"));
}

/// A large sweep: fifteen arms over two caches at ten read ratios. Its data lie beside the page then.
#[test]
fn three_hundred_cells_make_a_page_of_less_than_3_mb() {
    let tweak = |_: &cachemark_results::Cell, trial: &mut cachemark_results::Trial| {
        let freshness = cachemark_results::Freshness { reads: 5_000, judged: 5_000, stale: 7, ..Default::default() };
        trial.freshness = Some(freshness);
    };
    let arms = [
        "no-cache",
        "cache-aside",
        "read-through",
        "write-through",
        "a-e",
        "a-f",
        "a-g",
        "a-h",
        "a-i",
        "a-j",
        "a-k",
        "a-l",
        "a-m",
        "a-n",
    ];
    let sample = Sample {
        strategies: arms.to_vec().leak(),
        caches: &["moka", "redis"],
        read_ratios: &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99],
        blocks: 3,
        reads: 60,
        tweak,
        ..Sample::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let run = sample.write(folder.path());
    assert_eq!(run.manifest.cells.len(), 300);
    let pages = cachemark_report::write_report_with(&run, cachemark_report::Pictures::Png(&[])).unwrap();
    let html = fs::read_to_string(&pages.html).unwrap();
    let pictures: usize = html.split("<svg").skip(1).filter_map(|rest| rest.find("</svg>")).sum();
    let rest = html.len() - pictures;
    assert!(html.len() < 3_000_000 && rest < 1_200_000, "{rest} besides {pictures} of pictures");
}

#[test]
fn notes_are_text_on_every_face() {
    const NOTES: &str = "# Why\n\n- <script>alert(1)</script>\n</pre><b>x\n```\n![](http://x)";
    let folder = tempfile::tempdir().unwrap();
    let mut run = little().write(folder.path());
    run.manifest.notes = NOTES.to_owned();
    let pages = write_report(&run).unwrap();
    let [html, summary] = [&pages.html, &pages.summary].map(|path| fs::read_to_string(path).unwrap());
    assert!(html.contains("<h2>Notes</h2>") && html.contains("# Why\n\n- &#60;script&#62;"), "as it was written");
    assert!(!html.contains("<script>alert") && !html.contains("</pre><b>"));
    assert!(html.find("id=\"answer\"") < html.find("id=\"notes\""), "after the answer");
    let (_, notes) = summary.split_once("## Notes\n\n").unwrap();
    let block: Vec<&str> = notes.lines().take_while(|line| !line.starts_with('>') && !line.starts_with("##")).collect();
    assert!(block.iter().all(|line| line.is_empty() || line.starts_with("    ")), "a block of text: {block:?}");
    assert_eq!(cachemark_report::as_json(&run)["notes"], NOTES);
}

#[test]
fn without_notes_there_is_no_section_for_them() {
    let (_folder, _, html, summary) = pages(&little());
    assert!(!html.contains("id=\"notes\"") && !summary.contains("## Notes"));
}

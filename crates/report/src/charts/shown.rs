//! What holds of charts as they are looked at: scales side by side, labels, marks, empty frames, sizes.

use super::sample::Sample;
use super::{Chart, Charts, Source, all};
use crate::analysis::analyse;
use crate::scene::checks::{text_boxes, text_is_clear};
use crate::scene::{Align, DARK, GREY, Shape};
use cachemark_results::{Capacity, CapacityProbe, Cell, Freshness, Run, StaleCauses, Trial};

/// A picture may be so high, in pixels of a page.
const HIGHEST: f64 = 4_000.0;

fn charts_of(run: &Run) -> Charts {
    let analysis = analyse(run);
    let charts = all(Source { run, analysis: &analysis }).unwrap();
    charts.drawn.iter().for_each(|chart| text_is_clear(&chart.name, &chart.scene));
    charts
}

fn of_sample(sample: &Sample) -> Charts {
    let folder = tempfile::tempdir().unwrap();
    charts_of(&sample.write(folder.path()))
}

fn named<'a>(charts: &'a Charts, name: &str) -> &'a Chart {
    charts.drawn.iter().find(|chart| chart.name == name).unwrap_or_else(|| panic!("no {name}"))
}

fn texts(chart: &Chart) -> Vec<String> {
    text_boxes(&chart.scene).into_iter().map(|(text, _)| text).collect()
}

fn count(chart: &Chart, wanted: &str) -> usize {
    texts(chart).iter().filter(|text| *text == wanted).count()
}

#[test]
fn every_panel_of_a_spectrum_names_90_percent() {
    for read_ratios in [&[0.9][..], &[0.5, 0.9], &[0.5, 0.9, 0.99], &[0.5, 0.8, 0.9, 0.95, 0.99]] {
        let charts = of_sample(&Sample { read_ratios, reads: 2_000, blocks: 1, ..Sample::default() });
        let spectrum = named(&charts, "spectrum");
        assert_eq!(count(spectrum, "90 %"), read_ratios.len(), "{:?}", texts(spectrum));
    }
}

/// A cache that is twenty times slower beside the fast one: its bars are low, and not on a scale of their own.
#[test]
fn panels_side_by_side_have_one_scale() {
    let charts = of_sample(&Sample { caches: &["moka", "redis"], reads: 60, blocks: 2, ..Sample::default() });
    for name in ["throughput", "over-read-ratio"] {
        let ticks = named(&charts, name).scene.shapes.iter().filter_map(|shape| match shape {
            Shape::Text { text, colour: GREY, at: (x, _), align: Align::Right, .. } => Some((text.clone(), *x)),
            _ => None,
        });
        let (left, right): (Vec<_>, Vec<_>) = ticks.partition(|(_, x)| *x < 480.0);
        let of = |ticks: Vec<(String, f64)>| ticks.into_iter().map(|(text, _)| text).collect::<Vec<_>>();
        assert!(left.len() > 2, "{name}");
        assert_eq!(of(left), of(right), "{name}");
    }
}

#[test]
fn what_is_missing_of_the_offered_load_is_drawn_as_a_difference() {
    let rates = &[1_000.0, 1_000_000.0];
    let charts = of_sample(&Sample { read_ratios: &[0.9], rates, reads: 1_000, ..Sample::default() });
    let chart = named(&charts, "throughput-response");
    assert_eq!((count(chart, "achieved less offered, as a share of offered"), count(chart, "0 %")), (1, 1));
    assert!(texts(chart).iter().any(|text| text.starts_with('−') && text.ends_with(" %")), "{:?}", texts(chart));
}

const BROKEN: [&str; 6] = ["cache-aside", "no-cache", "read-through", "write-through", "write-behind", "write-around"];

#[test]
fn a_timeline_names_its_faults_and_has_one_scale_a_row() {
    for faults in [&["slow"][..], &["restart"], &["slow", "flush"]] {
        let charts =
            of_sample(&Sample { strategies: &BROKEN, read_ratios: &[0.9], faults, reads: 1_500, ..Sample::default() });
        let timeline = named(&charts, "timeline");
        for name in &BROKEN[..5] {
            assert_eq!(count(timeline, name), 1, "{name}");
        }
        assert_eq!(count(timeline, "write-around"), 0, "its fault failed in every trial");
        // Two bands, each with every row once, whose figures stand at the left alone.
        for heading in ["Goodput, answered operations per second", "Hit ratio", "Stale reads per second"] {
            assert_eq!(count(timeline, heading), 2, "{heading}");
        }
        let over_panels = if faults.len() > 1 {
            "A"
        } else if faults == ["slow"] {
            "slow by 50 ms"
        } else {
            "restarted empty"
        };
        assert_eq!(count(timeline, over_panels), 5, "{:?}", texts(timeline));
        assert!(!charts.drawn.iter().any(|chart| chart.name == "series"), "a course is drawn once");
        assert!(timeline.table.as_ref().is_some_and(|table| table.rows.len() == 15));
    }
}

/// Bands of four: what has no room is told.
#[test]
fn a_timeline_of_twenty_arms_says_how_many_it_leaves_out() {
    const ARMS: [&str; 20] = [
        "no-cache",
        "cache-aside",
        "c",
        "d",
        "e",
        "f",
        "g",
        "h",
        "i",
        "j",
        "k",
        "l",
        "m",
        "n",
        "o",
        "p",
        "q",
        "r",
        "s",
        "t-with-a-name-that-is-longer-than-its-panel-is-wide",
    ];
    let charts = of_sample(&Sample {
        strategies: &ARMS,
        read_ratios: &[0.9],
        faults: &["slow"],
        blocks: 2,
        reads: 60,
        ..Sample::default()
    });
    let timeline = named(&charts, "timeline");
    assert!(timeline.scene.height < HIGHEST, "{}", timeline.scene.height);
    let beyond = texts(timeline).into_iter().find(|text| text.contains("more arms have no room"));
    assert!(beyond.is_some(), "{:?}", texts(timeline));
}

/// Places are told apart by their names and headings.
#[test]
fn each_place_has_a_timeline() {
    let charts = of_sample(&Sample {
        caches: &["moka", "redis"],
        faults: &["freeze"],
        blocks: 2,
        reads: 60,
        ..Sample::default()
    });
    let of: Vec<&Chart> = charts.drawn.iter().filter(|chart| chart.name.starts_with("timeline")).collect();
    assert_eq!(of.len(), 6, "two caches, three read ratios");
    assert!(of[5].title.contains("redis") && of[5].title.contains("read ratio 0.99"), "{}", of[5].title);
}

fn search(folder: &std::path::Path, objective: &str) -> Run {
    const RATES: [f64; 4] = [1_000.0, 2_000.0, 4_000.0, 1_000_000.0];
    let strategies = &["no-cache", "cache-aside"];
    let sample =
        Sample { strategies, read_ratios: &[0.9], rates: &RATES, blocks: 1, reads: 1_000, ..Sample::default() };
    let mut run = sample.write(folder);
    let found = |strategy: &str, answer: Option<f64>| {
        let of = |rate: f64| format!("{strategy}-moka-0us-0.9-{rate}");
        let trial = |rate: f64| run.trials.iter().find(|trial| trial.cell == of(rate)).unwrap().number;
        let probe = |rate: f64| CapacityProbe {
            trial: trial(rate),
            offered_per_s: rate,
            purpose: "climb".into(),
            passed: answer.is_some_and(|answer| rate <= answer),
            missed: None,
        };
        Capacity {
            cell: of(RATES[0]),
            objective: objective.into(),
            answer_per_s: answer,
            at_least_per_s: None,
            note: None,
            unfound: None,
            probes: RATES.into_iter().map(probe).collect(),
        }
    };
    let capacities = vec![found("no-cache", None), found("cache-aside", Some(4_000.0))];
    run.manifest.capacities = capacities;
    run
}

#[test]
fn a_search_has_its_objective_as_a_line_and_its_answers_marked() {
    let marks = |objective: &str| {
        let folder = tempfile::tempdir().unwrap();
        let charts = charts_of(&search(folder.path(), objective));
        let chart = named(&charts, "throughput-response").clone();
        let is_mark = |shape: &&Shape| matches!(shape, Shape::Polygon { colour: DARK, points } if points.len() == 4);
        let marks = chart.scene.shapes.iter().filter(is_mark).count();
        (texts(&chart), marks)
    };
    // One arm has an answer: it is marked in both halves.
    let (told, marked) = marks("response.p50 < 2ms");
    assert_eq!(marked, 2);
    for text in ["objective: response.p50 < 2ms", "the greatest load that met response.p50 < 2ms", "response time p50"]
    {
        assert!(told.iter().any(|told| told == text), "{text}: {told:?}");
    }
    // A bound on something else is no line among response times.
    let (told, marked) = marks("store_load < 0.9");
    assert_eq!(marked, 2);
    assert!(!told.iter().any(|text| text.starts_with("objective")), "{told:?}");
}

#[test]
fn a_run_of_one_arm_has_no_empty_frames_and_says_what_is_not_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let tweak = |_: &Cell, trial: &mut Trial| (trial.hit_ratio, trial.store) = (None, Default::default());
    let strategies = &["no-cache"];
    let sample = Sample { kind: "load", strategies, read_ratios: &[0.9], reads: 1_500, tweak, ..Sample::default() };
    let mut run = sample.write(folder.path());
    run.manifest.cells.retain(|cell| !cell.control);
    run.trials.retain(|trial| run.manifest.cells.iter().any(|cell| cell.id == trial.cell));
    let charts = charts_of(&run);
    let names: Vec<&str> = charts.drawn.iter().map(|chart| chart.name.as_str()).collect();
    assert_eq!(names, ["throughput", "service-time", "spectrum", "store-load", "series"]);
    for chart in &charts.drawn {
        assert!(!texts(chart).iter().any(|text| text.starts_with("No ") && text.ends_with('.')), "{}", chart.name);
    }
    assert_eq!(charts.left_out.len(), 2, "{:?}", charts.left_out);
    assert!(charts.left_out[0].ends_with("nothing is compared with anything in this run."), "{:?}", charts.left_out);
    assert!(charts.left_out[1].starts_with("Hit ratio by service"), "{:?}", charts.left_out);
}

#[test]
fn long_headings_go_on_in_another_line() {
    const LONG: &str = "a-cache-whose-name says-all-that-it-does in-other-words";
    let sample = Sample { caches: &["moka", LONG], costs_us: &[1_000], reads: 60, hops: true, ..Sample::default() };
    let charts = of_sample(&sample);
    let names =
        ["throughput", "service-time", "store-load", "hit-ratio", "hops", "ratios", "over-read-ratio", "spectrum"];
    for name in names {
        let told = texts(named(&charts, name));
        for word in LONG.split(' ') {
            assert!(told.iter().any(|text| text.contains(word)), "{name}: {word} in {told:?}");
        }
        assert!(!told.iter().any(|text| text.contains('…')), "{name}: {told:?}");
    }
}

#[test]
fn no_picture_is_higher_than_a_screen_can_show() {
    const ARMS: [&str; 21] = [
        "no-cache", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t",
    ];
    const RATIOS: [f64; 14] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99];
    const COSTS: [u64; 30] = {
        let mut costs = [0; 30];
        let mut at = 0;
        while at < 30 {
            costs[at] = at as u64 * 10;
            at += 1;
        }
        costs
    };
    let stale = |cell: &Cell, trial: &mut Trial| {
        let stale = if cell.strategy == "no-cache" { 0 } else { 40 };
        let causes = Some(StaleCauses { unknown: stale, ..StaleCauses::default() });
        trial.freshness = Some(Freshness { reads: 5_000, judged: 5_000, stale, causes, ..Freshness::default() });
    };
    let blocks = 1;
    let many_arms =
        Sample { strategies: &ARMS, read_ratios: &RATIOS, reads: 40, blocks, tweak: stale, ..Sample::default() };
    let many_stacks = Sample { costs_us: &COSTS, hops: true, reads: 40, blocks, tweak: stale, ..Sample::default() };
    let many_loads = Sample { costs_us: &COSTS, rates: &[500.0, 900.0], reads: 40, blocks, ..Sample::default() };
    for sample in [many_arms, many_stacks, many_loads] {
        let charts = of_sample(&sample);
        for chart in &charts.drawn {
            assert!(chart.scene.height < HIGHEST, "{} is {} high", chart.name, chart.scene.height);
        }
        let cut = |chart: &&Chart| texts(chart).iter().any(|text| text.contains("no room in this picture"));
        assert!(charts.drawn.iter().any(|chart| cut(&chart)), "what is cut is told");
    }
}

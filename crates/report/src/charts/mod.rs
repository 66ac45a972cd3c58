//! The charts of a page, one a file.

mod bars;
mod crossings;
mod freshness_cost;
mod grouped;
mod hit_ratio;
mod hops;
mod numbered;
mod overview;
mod plain;
mod ratios;
mod room;
mod series;
mod spectrum;
mod stability;
mod stale_causes;
mod staleness_age;
mod store_load;
mod subject;
mod throughput;
mod throughput_response;
mod timeline;
mod times;

pub(crate) use stability::chart as stability_chart;
#[cfg(test)]
pub(crate) use stability::tests::sample as stability_sample;

use crate::ReportError;
use crate::analysis::Analysis;
use crate::scene::Scene;
use crate::table::Table;
use cachemark_results::Run;

/// What charts are made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) run: &'a Run,
    pub(crate) analysis: &'a Analysis<'a>,
}

/// A chart with the words around it.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    /// The name of its files, without ending.
    pub(crate) name: String,
    /// What it shows.
    pub(crate) title: String,
    /// How to read it, in a sentence.
    pub(crate) reading: String,
    /// What it shows, for those who cannot see it.
    pub(crate) alt: String,
    /// Its figures, where no table of the page has them.
    pub(crate) table: Option<Table>,
    /// The picture.
    pub(crate) scene: Scene,
    /// Why it has nothing to show, if it has nothing.
    pub(crate) lacks: Option<&'static str>,
}

/// The charts of a record.
#[derive(Debug, Clone)]
pub(crate) struct Charts {
    /// Those that show something, in the order of the page.
    pub(crate) drawn: Vec<Chart>,
    /// Those that would be empty frames: the name of each and why.
    pub(crate) left_out: Vec<String>,
}

/// Every chart of a record: those that it has the figures for. A record without any trial has them all, and each says so.
pub(crate) fn all(source: Source<'_>) -> Result<Charts, ReportError> {
    // Where something was broken, that is what the run is about; and one course over time is enough.
    let broken = if source.analysis.has_faults() { timeline::charts(source)? } else { Vec::new() };
    let has_timeline = !broken.is_empty();
    let mut charts = broken;
    charts.extend(overview::charts(source));
    charts.extend(crossings::charts(source));
    charts.extend(ratios::charts(source));
    // Where the offered load is an axis, what was achieved stands under the response times.
    charts.push(match source.analysis.has_many_rates() {
        true => throughput_response::chart(source),
        false => throughput::chart(source),
    });
    charts.extend(times::charts(source));
    charts.push(spectrum::chart(source)?);
    charts.extend(source.analysis.has_hop_times().then(|| hops::chart(source)));
    charts.extend([hit_ratio::chart(source), store_load::chart(source)]);
    charts.extend(staleness_age::chart(source)?);
    charts.extend(stale_causes::chart(source));
    charts.extend(freshness_cost::chart(source));
    charts.extend(plain::charts(source));
    if !has_timeline {
        charts.extend(series::charts(source)?);
    }
    charts.extend(stability::of_run(source.run)?);
    let has_trials = source.analysis.cells.iter().any(|figures| !figures.trials.is_empty());
    let (left_out, drawn): (Vec<Chart>, Vec<Chart>) =
        charts.into_iter().partition(|chart| has_trials && chart.lacks.is_some());
    let why = |chart: Chart| Some(format!("{}: {}", chart.title, chart.lacks?));
    Ok(Charts { drawn, left_out: left_out.into_iter().filter_map(why).collect() })
}

#[cfg(test)]
#[path = "../../tests/sample/mod.rs"]
mod sample;
#[cfg(test)]
mod shown;

#[cfg(test)]
mod tests {
    use super::sample::Sample;
    use super::{Source, all};
    use crate::analysis::analyse;
    use crate::scene::checks::{text_boxes, text_is_clear};
    use crate::scene::{PAPER, RED, Shape};

    /// The charts' texts, once it is sure that none is cut or lies over another.
    fn texts(sample: &Sample) -> Vec<(String, Vec<String>)> {
        let folder = tempfile::tempdir().unwrap();
        let run = sample.write(folder.path());
        let analysis = analyse(&run);
        let charts = all(Source { run: &run, analysis: &analysis }).unwrap().drawn;
        let texts = |chart: &super::Chart| {
            text_is_clear(&chart.name, &chart.scene);
            (chart.name.clone(), text_boxes(&chart.scene).into_iter().map(|(text, _)| text).collect())
        };
        charts.iter().map(texts).collect()
    }

    #[test]
    fn text_is_clear_in_a_plain_sweep() {
        let charts = texts(&Sample { reads: 1000, ..Sample::default() });
        for (name, texts) in &charts {
            assert!(texts.iter().any(|text| text.starts_with("moka + sqlite · 10,000 keys · 8 clients")), "{name}");
            let names = ["cache-aside", "read-through", "write-through"];
            assert!(names.iter().all(|label| texts.iter().any(|text| text == label)), "{name}: {texts:?}");
            let control = texts.iter().any(|text| text == "no-cache (A/A)");
            assert!(control || name == "hit-ratio", "{name} hides the A/A control");
        }
    }

    #[test]
    fn text_is_clear_with_pairs_and_figures_without_a_chart_of_their_own() {
        let verdict_on = &["throughput", "error_ratio", "write.p99"];
        let sample = Sample { pairs: true, verdict_on, caches: &["moka", "redis"], reads: 100, ..Sample::default() };
        let charts = texts(&sample);
        let names: Vec<&str> = charts.iter().map(|(name, _)| name.as_str()).collect();
        for name in ["ratios", "error-ratio", "write-p99"] {
            assert!(names.contains(&name), "{names:?}");
        }
        // Nothing failed, and so few writes have no p99: there is no ratio to draw.
        for name in ["ratios-error-ratio", "ratios-write-p99"] {
            assert!(!names.contains(&name), "{names:?}");
        }
        let pair = "write-through vs cache-aside";
        let (_, texts) = charts.iter().find(|(name, _)| name == "ratios").unwrap();
        assert!(texts.iter().any(|text| text == pair), "a pair has its names whole: {texts:?}");
    }

    /// In both loops: what one of them charts anyway, the other may not.
    #[test]
    fn every_figure_that_verdicts_are_on_has_a_chart() {
        let names: Vec<&'static str> = cachemark_results::figure::FIGURES.iter().map(|figure| figure.name).collect();
        for (rates, open_loop) in [(&[][..], false), (&[500.0][..], true)] {
            let sample = Sample { read_ratios: &[0.9], blocks: 1, reads: 100, rates, ..Sample::default() };
            let folder = tempfile::tempdir().unwrap();
            let mut run = sample.write(folder.path());
            for name in &names {
                run.manifest.verdict_on = vec![(*name).to_owned()];
                let figure = cachemark_results::Figure::named(name).unwrap();
                let analysis = analyse(&run);
                let own = super::plain::charts(Source { run: &run, analysis: &analysis });
                let of_times = super::times::shown(open_loop).contains(&figure);
                let charted = ["throughput", "hit_ratio", "store_load"].contains(name) || of_times;
                assert_eq!(own.len(), usize::from(!charted), "{name}, open loop: {open_loop}");
            }
        }
    }

    #[test]
    fn failures_over_the_window_have_columns_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let run = Sample { read_ratios: &[0.9], reads: 1000, ..Sample::default() }.write(folder.path());
        for trial in &run.trials {
            let path = run.folder.join(format!("trials/{:04}/series.json", trial.number));
            let text = std::fs::read_to_string(&path).unwrap();
            let failed = text.replace("\"failures\": 0", "\"failures\": 70");
            std::fs::write(&path, failed.replace("\"failed_lookups\": 0", "\"failed_lookups\": 1234")).unwrap();
        }
        let analysis = analyse(&run);
        let [chart] = super::series::charts(Source { run: &run, analysis: &analysis }).unwrap().try_into().unwrap();
        text_is_clear(&chart.name, &chart.scene);
        let texts: Vec<String> = text_boxes(&chart.scene).into_iter().map(|(text, _)| text).collect();
        assert_eq!(texts.iter().filter(|text| *text == "read ratio 0.9").count(), 5);
        for heading in ["Throughput", "Hit ratio", "Errors", "Bypass ratio", "p99"] {
            assert!(texts.iter().any(|text| text == heading), "{heading}: {texts:?}");
        }
        // A cross is two lines, and one is in the legend: an interval of a line has one.
        assert!(texts.iter().any(|text| text == "operations failed in this interval"), "{texts:?}");
        let red = |shape: &&Shape| matches!(shape, Shape::Line { colour: RED, .. });
        let shown = run.trials.iter().take(1).map(|trial| run.series(trial).unwrap().intervals.len()).sum::<usize>();
        assert_eq!(chart.scene.shapes.iter().filter(red).count(), 2 + 2 * 5 * shown);
    }

    #[test]
    fn text_is_clear_where_times_span_many_decades() {
        for caches in [&["moka"][..], &["moka", "redis"]] {
            texts(&Sample { caches, costs_us: &[5000], read_ratios: &[0.9, 0.99], reads: 1000, ..Sample::default() });
        }
    }

    #[test]
    fn text_is_clear_in_an_open_loop() {
        let sample = Sample { read_ratios: &[0.9], rates: &[50_000.0], reads: 1000, ..Sample::default() };
        let charts = texts(&sample);
        let names: Vec<&str> = charts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["ratios", "throughput", "response-time", "service-time", "spectrum", "hit-ratio", "store-load", "series"]
        );
        for (name, texts) in &charts {
            let offered = texts.iter().any(|text| text.contains("poisson arrivals, 50,000/s offered"));
            assert!(offered, "{name} hides the offered load: {texts:?}");
            assert!(!texts.iter().any(|text| text.contains("clients")), "{name}: an open loop has no clients");
        }
    }

    #[test]
    fn text_is_clear_where_reads_were_stale() {
        use cachemark_results::{AgeHistograms, Freshness, Histograms, StaleCauses};
        fn causes(stale: u64) -> Option<StaleCauses> {
            let (refill_after_invalidation, unknown) = (stale / 2, stale - stale / 2);
            Some(StaleCauses { refill_after_invalidation, unknown, ..StaleCauses::default() })
        }
        let tweak = |cell: &cachemark_results::Cell, trial: &mut cachemark_results::Trial| {
            let stale = if cell.strategy == "no-cache" { 0 } else { cell.strategy.len() as u64 * 10 };
            let causes = causes(stale);
            trial.freshness = Some(Freshness { reads: 5_000, judged: 5_000, stale, causes, ..Freshness::default() });
        };
        let folder = tempfile::tempdir().unwrap();
        let run = Sample { caches: &["moka", "redis"], blocks: 1, reads: 100, tweak, ..Sample::default() }
            .write(folder.path());
        for trial in run.trials.iter().filter(|trial| trial.freshness.as_ref().unwrap().stale > 0) {
            let path = run.folder.join(format!("trials/{:04}/histograms.json", trial.number));
            let mut histograms: Histograms = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let mut ages = cachemark_stats::Histogram::new();
            (1..=trial.freshness.as_ref().unwrap().stale).for_each(|step| ages.record(step * step * 50_000));
            histograms.stale_ages = Some(AgeHistograms { sure: Some(ages), at_least: None });
            std::fs::write(&path, serde_json::to_vec(&histograms).unwrap()).unwrap();
        }
        let analysis = analyse(&run);
        let charts = all(Source { run: &run, analysis: &analysis }).unwrap().drawn;
        for name in ["staleness-age", "stale-causes", "freshness-cost"] {
            let chart = charts.iter().find(|chart| chart.name == name).unwrap();
            text_is_clear(&chart.name, &chart.scene);
            let texts: Vec<String> = text_boxes(&chart.scene).into_iter().map(|(text, _)| text).collect();
            assert!(texts.iter().any(|text| text == "write-through"), "{name}: {texts:?}");
        }
    }

    #[test]
    fn the_causes_of_twenty_arms_are_told_apart() {
        use cachemark_results::{Freshness, StaleCause, StaleCauses};
        const ARMS: [&str; 20] = [
            "no-cache",
            "ttl-1s",
            "ttl-10s",
            "ttl-60s",
            "invalidate",
            "invalidate-late",
            "invalidate-with-a-long-name",
            "update",
            "update-versioned",
            "update-locked",
            "negative-1s",
            "negative-10s",
            "two-instances",
            "four-instances",
            "joined",
            "replica",
            "replica-far",
            "lossy",
            "lossy-late",
            "mixed",
        ];
        let tweak = |cell: &cachemark_results::Cell, trial: &mut cachemark_results::Trial| {
            let arm = ARMS.iter().position(|arm| cell.strategy == *arm).unwrap_or(0);
            let mut causes = StaleCauses::default();
            // Every cause stands beside every other somewhere.
            for (place, cause) in StaleCause::ALL.iter().enumerate() {
                causes.add(*cause, if arm == 0 { 0 } else { 1 + (arm * (place + 3) * 7 % 11) as u64 });
            }
            let stale = causes.sum();
            trial.freshness =
                Some(Freshness { reads: 5_000, judged: 5_000, stale, causes: Some(causes), ..Freshness::default() });
        };
        let folder = tempfile::tempdir().unwrap();
        let sample =
            Sample { strategies: &ARMS, read_ratios: &[0.9], blocks: 1, reads: 60, tweak, ..Sample::default() };
        let run = sample.write(folder.path());
        let analysis = analyse(&run);
        let chart = super::stale_causes::chart(Source { run: &run, analysis: &analysis }).unwrap();
        text_is_clear(&chart.name, &chart.scene);
        let texts: Vec<String> = text_boxes(&chart.scene).into_iter().map(|(text, _)| text).collect();
        for name in ARMS.iter().skip(1).copied().chain(StaleCause::ALL.iter().map(|cause| cause.title())) {
            assert!(texts.iter().any(|text| text == name), "{name}: {texts:?}");
        }
        assert!(!texts.iter().any(|text| text == "no-cache"), "it served nothing stale");
    }

    #[test]
    fn text_is_clear_where_hops_were_timed() {
        let few = Sample { hops: true, reads: 100, blocks: 1, ..Sample::default() };
        let many =
            Sample { caches: &["moka", "redis"], costs_us: &[0, 1000], hops: true, reads: 100, ..Sample::default() };
        let open =
            Sample { read_ratios: &[0.5, 0.9], rates: &[500.0, 1e6], hops: true, reads: 100, ..Sample::default() };
        for (sample, panels) in [(few, 1), (many, 4), (open, 2)] {
            let charts = texts(&sample);
            let (_, texts) = charts.iter().find(|(name, _)| name == "hops").unwrap();
            for kind in ["reads that hit", "reads that load from the store", "writes and deletes"] {
                let drawn = texts.iter().filter(|text| text.ends_with(kind)).count();
                assert_eq!(drawn, panels, "{kind}: {texts:?}");
            }
            assert!(texts.iter().any(|text| text == "no-cache (A/A)"), "{texts:?}");
        }
    }

    #[test]
    fn text_is_clear_with_two_offered_loads_and_with_twenty() {
        const TWENTY: [f64; 20] = {
            let mut rates = [0.0; 20];
            let mut at = 0;
            while at < 20 {
                rates[at] = 12_345.0 * (at + 1) as f64;
                at += 1;
            }
            rates
        };
        let few = Sample { read_ratios: &[0.95], rates: &[800.0, 1_200_000.0], reads: 1000, ..Sample::default() };
        let many = Sample { read_ratios: &[0.9, 0.99], rates: &TWENTY, blocks: 1, reads: 60, ..Sample::default() };
        for (sample, drawn) in [(few, 2), (many, 20)] {
            for (name, texts) in texts(&sample) {
                let said = texts.iter().any(|text| text.starts_with("Drawn: offered loads of"));
                let draws_all = ["overview", "ratios", "throughput-response"].contains(&name.as_str());
                assert_eq!(said, drawn > 2 && !draws_all, "{name} says which offered loads it draws");
            }
        }
    }

    #[test]
    fn without_a_99th_percentile_the_median_is_drawn() {
        let sample =
            |reads| Sample { read_ratios: &[0.9], rates: &[500.0, 900.0], blocks: 1, reads, ..Sample::default() };
        for (reads, name) in [(1000, "response time p99"), (100, "response time p50")] {
            let charts = texts(&sample(reads));
            let (_, texts) = charts.iter().find(|(chart, _)| chart == "throughput-response").unwrap();
            assert!(texts.iter().any(|text| text == name), "{reads}: {texts:?}");
            assert!(!texts.iter().any(|text| text.starts_with("No trial")), "{reads}: {texts:?}");
        }
    }

    #[test]
    fn overload_is_drawn_hollow() {
        let rings = |rates: &'static [f64]| {
            let folder = tempfile::tempdir().unwrap();
            let sample = Sample { strategies: &["no-cache"], read_ratios: &[0.9], rates, ..Sample::default() };
            let run = sample.write(folder.path());
            let analysis = analyse(&run);
            let chart = super::throughput_response::chart(Source { run: &run, analysis: &analysis });
            let hole = |shape: &&Shape| matches!(shape, Shape::Disc { colour: PAPER, .. });
            // One is in the legend.
            chart.scene.shapes.iter().filter(hole).count() - 1
        };
        assert_eq!(rings(&[1000.0, 10_000.0]), 0);
        // Cell and control, in the response time and in the throughput.
        assert_eq!(rings(&[1000.0, 1_000_000.0]), 4);
    }

    #[test]
    fn text_is_clear_in_a_large_sweep() {
        let sample = Sample {
            caches: &["moka", "redis"],
            costs_us: &[0, 1000],
            read_ratios: &[0.5, 0.8, 0.9, 0.95, 0.99],
            blocks: 6,
            reads: 100,
            ..Sample::default()
        };
        let charts = texts(&sample);
        assert_eq!(charts.iter().filter(|(name, _)| name.starts_with("series-")).count(), 4);
        let shared = charts.iter().filter(|(name, _)| !name.starts_with("series-"));
        shared.for_each(|(name, texts)| assert!(texts.iter().any(|text| text.contains("redis")), "{name}"));
    }

    #[test]
    fn text_is_clear_with_long_names_and_gaps() {
        let sample = Sample {
            strategies: &[
                "no-cache",
                "a-strategy-with-a-name-that-is-far-too-long-for-any-legend",
                "b",
                "c",
                "d",
                "e",
                "f",
            ],
            blocks: 2,
            reads: 50,
            finished: |cell, _| cell.read_ratio < 0.95,
            unsupported: |cell| (cell.strategy == "b").then(|| "it needs what the cache lacks".to_owned()),
            ..Sample::default()
        };
        texts(&sample);
    }

    #[test]
    fn a_run_without_trials_says_so_in_every_chart() {
        let charts = texts(&Sample { blocks: 2, finished: |_, _| false, ..Sample::default() });
        for (name, texts) in charts {
            let says = texts.iter().any(|text| text.starts_with("No") && text.ends_with('.'));
            assert!(says, "{name}: {texts:?}");
        }
    }
}

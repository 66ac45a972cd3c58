//! A figure of every arm over an axis: where lines cross, the order of the arms turns.

mod axis;

use self::axis::{Line, Over, Part};
use super::subject::line;
use super::{Chart, Source};
use crate::analysis::Variant;
use crate::scene::{
    Align, Area, GREY, GRID, LegendEntry, Plot, Point, SMALL, Scale, Scene, Sheet, Swatch, dashed, dotted,
    level_headings, paler, width,
};
use crate::units::{self, capital};
use cachemark_results::Figure;
use cachemark_stats::Summary;

/// Room under the data for the steps and the axis's name.
const FOOT: f64 = 44.0;
/// More parts would be as many pictures: the table has them all.
const MOST_PARTS: usize = 12;
/// Figures further apart than this are drawn on a log axis.
const FAR_APART: f64 = 20.0;

/// One for each axis with three steps or more, of each figure that verdicts are on.
pub(crate) fn charts(source: Source<'_>) -> Vec<Chart> {
    let figures = &source.analysis.verdict_on;
    let axes = Over::all(source);
    let all = axes.iter().flat_map(|over| figures.iter().map(move |figure| (over, *figure)));
    all.filter_map(|(over, figure)| Drawing::of(source, over, figure)).map(|drawing| drawing.chart()).collect()
}

/// How many panels stand side by side.
fn columns(panels: usize) -> usize {
    if panels > 1 { 2 } else { 1 }
}

struct Drawing<'a> {
    source: Source<'a>,
    over: &'a Over,
    figure: &'static Figure,
    parts: Vec<(Part<'a>, Vec<Line>)>,
}

impl<'a> Drawing<'a> {
    fn of(source: Source<'a>, over: &'a Over, figure: &'static Figure) -> Option<Self> {
        let lines = |part: Part<'a>| {
            let lines = over.lines(source, &part, &|cell| cell.summary(figure));
            (part, lines)
        };
        let mut parts: Vec<_> = over.parts(source).into_iter().take(MOST_PARTS).map(lines).collect();
        let columns = columns(parts.len());
        let mut headings: Vec<&mut String> = parts.iter_mut().map(|(part, _)| &mut part.heading).collect();
        level_headings(&mut headings, columns);
        let has_figures = parts.iter().flat_map(|(_, lines)| lines).any(|line| line.steps.iter().any(Option::is_some));
        has_figures.then_some(Self { source, over, figure, parts })
    }

    fn title(&self) -> String {
        format!("{} over {}", capital(self.figure.title), self.over.name())
    }

    fn chart(&self) -> Chart {
        let plain = |text: &str| text.replace(['_', '.', ' '], "-");
        let figure = match self.figure == self.source.analysis.shown_first() {
            true => String::new(),
            false => format!("-{}", plain(self.figure.name)),
        };
        Chart {
            lacks: None,
            name: format!("over-{}{figure}", plain(self.over.name())),
            title: self.title(),
            table: None,
            reading: format!(
                "Medians over blocks ({}). Where two lines cross, the order of the arms turns; the verdicts say which of it is more \
                 than noise.{}",
                self.figure.better_in_words(),
                self.source.on_lines()
            ),
            alt: self.in_words(),
            scene: self.scene(),
        }
    }

    fn scene(&self) -> Scene {
        let variants: Vec<usize> = {
            let all = self.parts.iter().flat_map(|(_, lines)| lines.iter().map(|line| line.variant));
            let mut variants: Vec<usize> = all.collect();
            variants.sort_unstable();
            variants.dedup();
            variants
        };
        let mut legend = self.source.numbered_legend(&variants, line);
        legend.push(LegendEntry { swatch: Swatch::Whisker, text: "least to greatest over blocks".into() });
        let levels = self.parts.iter().flat_map(|(_, lines)| lines).any(|line| line.level);
        let level = || LegendEntry { swatch: Swatch::Dotted(GREY), text: "has no such setting".into() };
        legend.extend(levels.then(level));
        let left_out = self.over.parts(self.source).len() - self.parts.len();
        let (mut scene, areas) = Sheet {
            title: self.title(),
            subtitle: self.source.subtitle("medians over blocks, the steps evenly spaced"),
            legend,
            notes: (left_out > 0)
                .then(|| format!("{left_out} further places are in the tables."))
                .into_iter()
                .collect(),
            panels: self.parts.len(),
            columns: columns(self.parts.len()),
            panel_height: self.source.high_enough(if self.parts.len() > 1 { 310.0 } else { 380.0 }, 110.0),
        }
        .lay_out();
        // Lines side by side are compared by their height, whatever the panel they stand in.
        let rows = self.parts.chunks(columns(self.parts.len()));
        let scales = rows.flat_map(|row| vec![self.scale(row); row.len()]);
        for (((part, lines), scale), area) in self.parts.iter().zip(scales).zip(areas) {
            self.panel(&mut scene, Area { right: area.right - self.source.gutter(), ..area }, (part, lines), scale);
        }
        scene
    }

    /// One scale for panels side by side.
    fn scale(&self, row: &[(Part<'_>, Vec<Line>)]) -> Scale {
        let lines = row.iter().flat_map(|(_, lines)| lines);
        let ends: Vec<f64> = lines.flat_map(|line| &line.steps).flatten().flat_map(|of| [of.min, of.max]).collect();
        let least = ends.iter().copied().filter(|end| *end > 0.0).fold(f64::INFINITY, f64::min);
        let greatest = ends.iter().copied().fold(0.0, f64::max);
        match Scale::log_around(ends.iter().copied(), 1.2) {
            Some(scale) if greatest / least > FAR_APART && ends.iter().all(|end| *end > 0.0) => scale,
            _ => Scale::from_zero(ends, 1.08),
        }
    }

    fn panel(&self, scene: &mut Scene, area: Area, (part, lines): (&Part<'_>, &[Line]), scale: Scale) {
        let heading = (part.heading.as_str(), self.source.analysis.title(self.figure));
        let format = |value: f64| units::figure_short(self.figure, value);
        let plot = Plot::begin(scene, area, FOOT, heading, scale, &format);
        let steps = self.over.steps();
        let wide = (plot.area.right - plot.area.left) / steps.len() as f64;
        let across = |step: usize| plot.area.left + (step as f64 + 0.5) * wide;
        let mut taken = f64::NEG_INFINITY;
        for (place, step) in steps.iter().enumerate() {
            let (at, half) = (across(place), width(step, SMALL, false) / 2.0);
            scene.line(&[(at, plot.area.top), (at, plot.area.bottom)], GRID, 1.0);
            if at - half > taken + 6.0 {
                scene.text((at, plot.area.bottom + 13.0), step.clone(), SMALL, GREY, Align::Middle);
                taken = at + half;
            }
        }
        let middle = f64::midpoint(plot.area.left, plot.area.right);
        scene.text((middle, plot.area.bottom + 32.0), self.over.name(), SMALL, GREY, Align::Middle);
        // Marks of one step stand side by side, in a third of the way to the next.
        let apart = (wide / 3.0 / lines.len().max(1) as f64).min(7.0);
        let mut ends = Vec::new();
        for (place, line) in lines.iter().enumerate() {
            let aside = apart * (place as f64 - (lines.len() as f64 - 1.0) / 2.0);
            let at = |(step, summary): (usize, &Option<Summary>)| -> Option<Point> {
                let summary = summary.as_ref()?;
                Some((across(step) + aside, plot.at(summary.median)))
            };
            let places: Vec<Option<Point>> = line.steps.iter().enumerate().map(at).collect();
            self.line(scene, &plot, line, &places);
            ends.extend(places.iter().rev().flatten().next().map(|end| (line.variant, *end)));
        }
        self.source.number_lines(scene, plot.area, ends);
    }

    fn line(&self, scene: &mut Scene, plot: &Plot, line: &Line, places: &[Option<Point>]) {
        let Variant { colour, control, .. } = self.source.analysis.variants[line.variant];
        for path in places.split(Option::is_none) {
            let path: Vec<Point> = path.iter().flatten().copied().collect();
            match line.level {
                true => dotted(scene, &path, colour, 2.0),
                false if control => dashed(scene, &path, colour, 1.5),
                false => scene.line(&path, colour, 2.0),
            }
        }
        for (summary, at) in line.steps.iter().zip(places).filter(|_| !line.level) {
            let (Some(summary), Some(at)) = (summary, at) else { continue };
            if summary.count > 1 {
                scene.whisker((at.0, plot.at(summary.max)), (at.0, plot.at(summary.min)), paler(colour, 0.25));
            }
            scene.disc(*at, if control { 3.5 } else { 4.5 }, colour);
        }
    }

    fn in_words(&self) -> String {
        let steps = self.over.steps();
        let mut text = format!("{}.", self.title());
        for (part, lines) in &self.parts {
            let told = |line: &Line| {
                let of = |(step, summary): (&String, &Option<Summary>)| {
                    let told = summary.as_ref().map(|summary| units::figure(self.figure, summary.median));
                    format!("{} at {step}", told.unwrap_or_else(|| units::NOT_AVAILABLE.to_owned()))
                };
                let steps: Vec<String> = steps.iter().zip(&line.steps).map(of).collect();
                format!("{} {}", self.source.analysis.variants[line.variant].label, steps.join(", "))
            };
            let lines: Vec<String> = lines.iter().filter(|line| !line.level).map(told).collect();
            let heading = part.heading.trim_end();
            let heading = if heading.is_empty() { String::new() } else { format!("{heading}: ") };
            text += &format!(" {heading}{}.", lines.join("; "));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;
    use crate::analysis::analyse;
    use crate::scene::checks::{text_boxes, text_is_clear};

    fn names_of(sample: &Sample, change: fn(&mut cachemark_results::Run)) -> Vec<(String, String, usize)> {
        let folder = tempfile::tempdir().unwrap();
        let mut run = sample.write(folder.path());
        change(&mut run);
        let analysis = analyse(&run);
        let charts = charts(Source { run: &run, analysis: &analysis });
        let told = |chart: Chart| {
            text_is_clear(&chart.name, &chart.scene);
            let panels = text_boxes(&chart.scene).into_iter().filter(|(text, _)| *text == "throughput").count();
            (chart.name, chart.alt, panels)
        };
        charts.into_iter().map(told).collect()
    }

    #[test]
    fn three_read_ratios_are_an_axis_and_two_are_none() {
        let three = Sample { caches: &["moka", "redis"], reads: 60, ..Sample::default() };
        let told = names_of(&three, |_| ());
        assert_eq!(told.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), ["over-read-ratio"]);
        assert_eq!(told[0].2, 2, "a panel for each stack");
        assert!(told[0].1.contains("write-through ") && told[0].1.contains(" at 0.99"), "{}", told[0].1);
        let two = Sample { read_ratios: &[0.5, 0.9], reads: 60, ..Sample::default() };
        assert!(names_of(&two, |_| ()).is_empty());
    }

    #[test]
    fn a_setting_of_three_values_is_an_axis_beside_arms_that_lack_it() {
        const ARMS: [&str; 4] = ["no-cache", "ttl-100", "ttl-1000", "ttl-10000"];
        let sample = Sample { strategies: &ARMS, read_ratios: &[0.9], reads: 60, ..Sample::default() };
        let told = names_of(&sample, |run| {
            for cell in run.manifest.cells.iter_mut().filter(|cell| cell.arm.starts_with("ttl-")) {
                let value: u64 = cell.arm["ttl-".len()..].parse().unwrap();
                cell.group = "ttl".into();
                cell.arm_axes = [("ttl-ms".to_owned(), value.into())].into_iter().collect();
            }
        });
        let [(name, alt, _)] = told.try_into().unwrap();
        assert_eq!(name, "over-ttl-ms");
        // From the least to the greatest, whatever the order of the arms; the arm without it is no line of words.
        let places = [" at 100,", " at 1000,", " at 10000"].map(|step| alt.find(step).unwrap());
        assert!(places.is_sorted() && !alt.contains("no-cache"), "{alt}");
    }
}

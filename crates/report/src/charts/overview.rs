//! Every arm at every point of the axes at a glance: one small cell each, with its ratio, its interval and its verdict.
//!
//! A column is a family, a row is an arm. What tells the families apart stands over them, one line an axis. Where there are more families than
//! have room side by side, the grid goes on below.

mod columns;
mod finding;

use self::columns::{Column, Heads};
use self::finding::Finding;
use super::{Chart, Source};
use crate::analysis::{Family, FamilyRow, Role};
use crate::scene::{
    Align, Area, BODY, DARK, GREY, GRID, LegendEntry, SMALL, Scale, Scene, Sheet, Swatch, shorten_name, width,
};
use crate::units::{self, capital};
use cachemark_results::Figure;
use cachemark_stats::Direction;

/// The room of a cell.
const ROW: f64 = 42.0;
const NARROWEST: f64 = 58.0;
const WIDEST: f64 = 150.0;
/// A line of what stands over the columns.
const HEAD: f64 = 20.0;
/// Between two bands of a grid.
const BETWEEN: f64 = 22.0;
const LEAST_NAMES: f64 = 120.0;
const MOST_NAMES: f64 = 260.0;
/// Charts are so wide inside.
const INNER: f64 = 900.0;
/// The size of a ratio in its cell.
const RATIO: f64 = SMALL;

/// One for each figure that verdicts are on, where it has several families: one alone is the chart of ratios already.
pub(crate) fn charts(source: Source<'_>) -> Vec<Chart> {
    let figures = source.analysis.verdict_on.iter().copied();
    figures.filter_map(|figure| Grid::of(source, figure).map(|grid| grid.chart())).collect()
}

/// The families of a figure side by side.
struct Grid<'a> {
    source: Source<'a>,
    figure: &'static Figure,
    columns: Vec<Column<'a>>,
    heads: Heads,
    /// The lines of the legend that are compared somewhere.
    rows: Vec<usize>,
    names: f64,
}

impl<'a> Grid<'a> {
    fn of(source: Source<'a>, figure: &'static Figure) -> Option<Self> {
        let analysis = source.analysis;
        if analysis.pairs {
            return None;
        }
        let families = analysis.families.iter().filter(|family| family.figure == Some(figure));
        let columns: Vec<Column<'a>> =
            families.map(|family| Column { family, cell: analysis.cells[family.reference].cell }).collect();
        let rows = columns.iter().flat_map(|column| &column.family.rows);
        let is_compared = rows.filter_map(|row| row.primary.as_ref()).any(crate::analysis::Compared::is_told);
        if columns.len() < 2 || !is_compared {
            return None;
        }
        let compared = |variant: &usize| columns.iter().any(|column| row_of(source, column.family, *variant).is_some());
        let rows: Vec<usize> = (0..analysis.variants.len()).filter(compared).collect();
        let heads = Heads::of(&columns);
        let labels = rows.iter().map(|variant| analysis.variants[*variant].label.as_str());
        let wide = labels.chain(heads.names()).map(|text| width(text, BODY, false)).fold(0.0, f64::max);
        Some(Self { source, figure, columns, heads, rows, names: (wide + 24.0).clamp(LEAST_NAMES, MOST_NAMES) })
    }

    /// How many columns stand side by side.
    fn in_a_band(&self) -> usize {
        (((INNER - self.names) / NARROWEST) as usize).clamp(1, self.columns.len())
    }

    fn band_height(&self) -> f64 {
        self.heads.len() as f64 * HEAD + self.rows.len() as f64 * ROW
    }

    fn chart(&self) -> Chart {
        let first = self.figure == self.source.analysis.shown_first();
        let title = format!("{} at a glance", capital(self.figure.title));
        Chart {
            lacks: None,
            name: if first {
                "overview".to_owned()
            } else {
                format!("overview-{}", self.figure.name.replace(['_', '.'], "-"))
            },
            alt: self.in_words(&title),
            table: None,
            reading: format!(
                "Each cell is one comparison with the reference cell: the ratio of {} ({}), a line where the true one lies with \
                 95 % confidence, a tick at 1, and the verdict by shape and colour.",
                self.figure.title,
                self.figure.better_in_words()
            ),
            title,
            scene: self.scene(),
        }
    }

    fn scene(&self) -> Scene {
        let bands = self.columns.len().div_ceil(self.in_a_band());
        let height = self.band_height() * bands as f64 + BETWEEN * (bands - 1) as f64;
        let found: Vec<Finding> = self.found().map(|(_, finding)| finding).collect();
        let legend = Finding::ALL.into_iter().filter(|finding| found.contains(finding));
        let (mut scene, areas) = Sheet {
            title: format!("{} against the reference cell, at a glance", capital(self.figure.title)),
            subtitle: self.source.subtitle(self.figure.better_in_words()),
            legend: legend
                .map(|finding| LegendEntry { swatch: swatch(finding), text: finding.in_words().into() })
                .collect(),
            notes: vec![format!("The lines are drawn on one log scale, {}.", self.scale_in_words())],
            panels: 1,
            columns: 1,
            panel_height: height,
        }
        .lay_out();
        let mut top = areas[0].top;
        for band in self.columns.chunks(self.in_a_band()) {
            self.band(&mut scene, Area { top, bottom: top + self.band_height(), ..areas[0] }, band);
            top += self.band_height() + BETWEEN;
        }
        scene
    }

    fn band(&self, scene: &mut Scene, area: Area, columns: &[Column<'a>]) {
        let wide = ((area.right - area.left - self.names) / columns.len() as f64).min(WIDEST);
        // All bands have cells of one width.
        let wide = wide.min(((INNER - self.names) / self.in_a_band() as f64).min(WIDEST));
        let left = area.left + self.names;
        self.heads.draw(scene, (area.left, left), area.top, columns, wide);
        let top = area.top + self.heads.len() as f64 * HEAD;
        for (place, variant) in self.rows.iter().enumerate() {
            let y = top + place as f64 * ROW;
            let line = &self.source.analysis.variants[*variant];
            scene.fill((area.left, y + 8.0), (area.left + 5.0, y + ROW - 8.0), line.colour);
            let label = shorten_name(&line.label, BODY, self.names - 18.0);
            scene.text((area.left + 11.0, y + ROW / 2.0), label, BODY, DARK, Align::Left);
            for (column, of) in columns.iter().enumerate() {
                let left = left + column as f64 * wide;
                let cell = Area { left: left + 1.0, top: y + 1.0, right: left + wide - 1.0, bottom: y + ROW - 1.0 };
                match row_of(self.source, of.family, *variant) {
                    None if self.source.analysis.cells[of.family.reference].variant == *variant => {
                        say_reference(scene, cell);
                    }
                    row => self.cell(scene, cell, row),
                }
            }
        }
    }

    fn cell(&self, scene: &mut Scene, area: Area, row: Option<&FamilyRow>) {
        let finding = row.map_or(Finding::None, Finding::of);
        scene.fill((area.left, area.top), (area.right, area.bottom), finding.colour());
        scene.frame((area.left, area.top), (area.right, area.bottom), GRID, 1.0);
        let y = area.top + 13.0;
        let (sign, colour) = finding.sign();
        sign.draw(scene, (area.left + 10.0, y), colour);
        let Some(row) = row else { return };
        let text = shorten_name(&row.ratio(), RATIO, area.right - area.left - 20.0);
        let colour = if finding.is_decided() { DARK } else { GREY };
        scene.text((f64::midpoint(area.left + 16.0, area.right), y), text, RATIO, colour, Align::Middle);
        self.interval(scene, area, row);
    }

    /// The interval as a line in the lower part of the cell, with a tick where there is no difference.
    fn interval(&self, scene: &mut Scene, area: Area, row: &FamilyRow) {
        let Some(interval) = row.primary.as_ref().and_then(|primary| primary.comparison.interval) else { return };
        let (scale, y) = (self.scale(), area.bottom - 9.0);
        let at = |ratio: f64| area.left + 5.0 + scale.place(ratio).clamp(0.0, 1.0) * (area.right - area.left - 10.0);
        scene.line(&[(at(1.0), y - 5.0), (at(1.0), y + 5.0)], GREY, 1.0);
        let (low, high) = (at(interval.low), at(interval.high));
        let middle = f64::midpoint(low, high);
        // One that is narrower than a point is a point.
        let half = ((high - low) / 2.0).max(1.0);
        scene.line(&[(middle - half, y), (middle + half, y)], DARK, 3.0);
    }

    /// One scale for all cells of the figure.
    fn scale(&self) -> Scale {
        let intervals = self.shown().filter_map(|row| row.primary.as_ref()?.comparison.interval);
        let ends = intervals.flat_map(|interval| [interval.low, interval.high]).chain([0.9, 1.1]);
        Scale::log_around(ends, 1.05).unwrap_or(Scale::Log { from: 0.5, to: 2.0 })
    }

    fn scale_in_words(&self) -> String {
        match self.scale() {
            Scale::Log { from, to } => format!("from {} to {}", units::ratio(from), units::ratio(to)),
            Scale::Linear { .. } => "the same in every cell".to_owned(),
        }
    }

    fn shown(&self) -> impl Iterator<Item = &'a FamilyRow> {
        let rows = self.columns.iter().flat_map(|column| &column.family.rows);
        rows.filter(|row| row.role != Role::Reference)
    }

    fn found(&self) -> impl Iterator<Item = (usize, Finding)> {
        let cells = &self.source.analysis.cells;
        self.shown().map(|row| (cells[row.cell].variant, Finding::of(row)))
    }

    /// How often each arm came out as what: the ratios themselves stand in the table of verdicts.
    fn in_words(&self, title: &str) -> String {
        let told = |variant: &usize| {
            let found: Vec<Finding> =
                self.found().filter(|(of, _)| of == variant).map(|(_, finding)| finding).collect();
            let counts = Finding::ALL.into_iter().filter_map(|finding| {
                let count = found.iter().filter(|found| **found == finding).count();
                (count > 0).then(|| format!("{} in {count}", finding.in_words()))
            });
            format!("{}: {}", self.source.analysis.variants[*variant].label, counts.collect::<Vec<_>>().join(", "))
        };
        let rows: Vec<String> = self.rows.iter().map(told).collect();
        let better = match self.figure.better {
            Direction::Neither => "",
            _ => self.figure.better_in_words(),
        };
        format!("{title}, {better}, in {} families of comparisons. {}.", self.columns.len(), rows.join("; "))
    }
}

/// The arm that the others of the column are compared with.
fn say_reference(scene: &mut Scene, area: Area) {
    let middle = (f64::midpoint(area.left, area.right), f64::midpoint(area.top, area.bottom));
    let text = shorten_name("reference", RATIO, area.right - area.left - 4.0);
    scene.text(middle, text, RATIO, GREY, Align::Middle);
}

fn swatch(finding: Finding) -> Swatch {
    let (sign, colour) = finding.sign();
    Swatch::Sign(sign, colour)
}

/// The row of an arm in a family; none for the reference, and where it is not compared.
fn row_of<'a>(source: Source<'_>, family: &'a Family, variant: usize) -> Option<&'a FamilyRow> {
    let is_it = |row: &&FamilyRow| row.role != Role::Reference && source.analysis.cells[row.cell].variant == variant;
    family.rows.iter().find(is_it)
}

#[cfg(test)]
mod tests {
    use super::super::Chart;
    use super::super::sample::Sample;
    use super::*;
    use crate::analysis::analyse;
    use crate::scene::Shape;
    use crate::scene::checks::{text_boxes, text_is_clear};

    fn charts_of(sample: &Sample) -> Vec<Chart> {
        let folder = tempfile::tempdir().unwrap();
        let run = sample.write(folder.path());
        let analysis = analyse(&run);
        let charts = charts(Source { run: &run, analysis: &analysis });
        charts.iter().for_each(|chart| text_is_clear(&chart.name, &chart.scene));
        charts
    }

    fn count(chart: &Chart, wanted: &str) -> usize {
        text_boxes(&chart.scene).iter().filter(|(text, _)| text == wanted).count()
    }

    #[test]
    fn a_family_is_a_column_and_what_is_the_same_is_said_once() {
        let sample = Sample { caches: &["moka", "redis"], costs_us: &[0, 1000], reads: 60, ..Sample::default() };
        let [chart] = charts_of(&sample).try_into().unwrap();
        // Three read ratios under each cost, two costs under each cache, and each cache once.
        let said = ["moka", "redis", "0.9", "0.99", "write-through"].map(|text| count(&chart, text));
        assert_eq!(said, [1, 1, 4, 4, 1]);
        assert!(chart.alt.contains("in 12 families"), "{}", chart.alt);
    }

    #[test]
    fn a_verdict_has_its_sign_and_its_colour() {
        let [chart] = charts_of(&Sample { reads: 60, ..Sample::default() }).try_into().unwrap();
        let behind = |finding: Finding| {
            let is_it = |shape: &&Shape| matches!(shape, Shape::Fill { colour, .. } if *colour == finding.colour());
            chart.scene.shapes.iter().filter(is_it).count()
        };
        let told = |finding: Finding| {
            let counts = chart.alt.split([':', ',', ';', '.']).map(str::trim);
            let of = format!("{} in ", finding.in_words());
            counts.filter_map(|part| part.strip_prefix(&of)?.parse::<usize>().ok()).sum::<usize>()
        };
        assert!(told(Finding::Better) > 0, "{}", chart.alt);
        for finding in [Finding::Better, Finding::Worse, Finding::Equivalent] {
            assert_eq!(behind(finding), told(finding), "{finding:?}: {}", chart.alt);
        }
    }

    #[test]
    fn one_family_and_pairs_have_no_grid() {
        let one = Sample { read_ratios: &[0.9], reads: 60, ..Sample::default() };
        let pairs = Sample { pairs: true, reads: 60, ..Sample::default() };
        assert_eq!([one, pairs].map(|sample| charts_of(&sample).len()), [0, 0]);
    }

    #[test]
    fn three_hundred_cells_are_one_picture_that_a_screen_can_show() {
        const RATIOS: [f64; 15] = {
            let mut ratios = [0.0; 15];
            let mut at = 0;
            while at < 15 {
                ratios[at] = 0.05 * (at + 1) as f64;
                at += 1;
            }
            ratios
        };
        const ARMS: [&str; 21] = [
            "no-cache",
            "a",
            "b",
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
            "an-arm-whose-name-is-far-too-long-for-the-room-beside-a-grid",
        ];
        let sample = Sample { strategies: &ARMS, read_ratios: &RATIOS, blocks: 1, reads: 40, ..Sample::default() };
        let [chart] = charts_of(&sample).try_into().unwrap();
        assert!(chart.scene.height < 4_000.0, "{}", chart.scene.height);
        assert_eq!(count(&chart, "a"), 2, "the columns are in two bands");
    }
}

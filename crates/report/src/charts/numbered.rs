//! Numbers of arms. Where there are more than colours tell apart, marks and ends of lines bear the number that the legend has
//! before the arm's name: the same in every chart of a record.

mod places;
mod spread;

use self::places::{HALF, Places};
use self::spread::spread;
use super::Source;
use crate::scene::{Align, Area, Colour, DARK, GREY, LegendEntry, Point, SMALL, Scene, Swatch, paler, width};

/// The most arms that go by their colours alone.
const BY_COLOUR: usize = 8;
/// Numbers beside a panel stand in so many columns where one has no room for all, each so wide.
const COLUMNS: usize = 2;
const COLUMN: f64 = 22.0;
/// The room for the lines that lead there.
const LEADERS: f64 = 44.0;
/// The least height between two of them.
const STEP: f64 = 11.5;

impl Source<'_> {
    /// Whether the record has more arms than colours tell apart. A control has its reference's colour and looks different, so
    /// it is no arm here.
    pub(crate) fn is_numbered(self) -> bool {
        self.analysis.variants.iter().filter(|variant| !variant.control).count() > BY_COLOUR
    }

    /// The legend of marks or lines; with numbers where the record has many arms.
    pub(crate) fn numbered_legend(self, variants: &[usize], swatch: fn(Colour, bool) -> Swatch) -> Vec<LegendEntry> {
        let mut legend = self.legend(variants, swatch);
        if self.is_numbered() {
            for (entry, variant) in legend.iter_mut().zip(variants) {
                entry.text = format!("{} {}", number(*variant), entry.text);
            }
        }
        legend
    }

    /// What a chart's reading says of the numbers beside marks; nothing where it has none.
    pub(crate) fn on_marks(self) -> &'static str {
        if self.is_numbered() { " A mark's number is its arm's in the legend." } else { "" }
    }

    /// What a chart's reading says of the numbers beside a panel; nothing where it has none.
    pub(crate) fn on_lines(self) -> &'static str {
        if self.is_numbered() {
            " Thin lines lead from the ends to numbers, which are the arms' in the legend."
        } else {
            ""
        }
    }

    /// The room to the right of a panel that numbers of its lines take.
    pub(crate) fn gutter(self) -> f64 {
        if self.is_numbered() { LEADERS + COLUMNS as f64 * COLUMN } else { 0.0 }
    }

    /// A panel's height, or more where its data, `beside` pixels less, could not have all numbers beside them.
    pub(crate) fn high_enough(self, height: f64, beside: f64) -> f64 {
        let lines = self.analysis.variants.len() as f64;
        if self.is_numbered() { height.max(lines * STEP / COLUMNS as f64 + beside) } else { height }
    }

    /// Where the record has many arms, sets the number of each line's arm into the gutter to the right of `area`, with a thin line from the
    /// line's end, by their heights.
    pub(crate) fn number_lines(self, scene: &mut Scene, area: Area, mut ends: Vec<(usize, Point)>) {
        if !self.is_numbered() {
            return;
        }
        ends.sort_by(|(_, a), (_, b)| a.1.total_cmp(&b.1));
        let heights: Vec<f64> = ends.iter().map(|(_, end)| end.1).collect();
        let (top, bottom) = (area.top + HALF, area.bottom - HALF - 2.0);
        let step = ((bottom - top) / ends.len().max(2) as f64).min(STEP);
        let columns = if step < STEP { COLUMNS } else { 1 };
        for (index, ((variant, end), height)) in ends.iter().zip(spread(&heights, step, (top, bottom))).enumerate() {
            let left = area.right + LEADERS + (index % columns) as f64 * COLUMN;
            let colour = self.analysis.variants[*variant].colour;
            scene.line(&[*end, (left - 10.0, height), (left - 3.0, height)], paler(colour, 0.3), 1.0);
            scene.text((left, height), number(*variant).to_string(), SMALL, DARK, Align::Left);
        }
    }

    /// Where the record has many arms, sets the number of each mark's arm beside it, inside `area`, clear of the other marks and
    /// numbers and, as far as there is room, of `lines`.
    pub(crate) fn number(self, scene: &mut Scene, area: Area, marks: &[(usize, Point)], lines: &[Vec<Point>]) {
        if !self.is_numbered() {
            return;
        }
        let mut places = Places::new(area, marks, lines);
        for (variant, mark) in marks {
            let text = number(*variant).to_string();
            let half = width(&text, SMALL, false) / 2.0 + 2.0;
            // A mark with no room around it has its colour still.
            let Some(place) = places.take(*mark, half) else { continue };
            if place.is_apart() {
                scene.line(&place.leader, paler(GREY, 0.3), 1.0);
            }
            scene.text(place.at, text, SMALL, DARK, Align::Middle);
        }
    }
}

/// The number of a line of the legend.
fn number(variant: usize) -> usize {
    variant + 1
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::super::{Chart, all};
    use super::*;
    use crate::analysis::analyse;
    use crate::scene::Shape;
    use crate::scene::checks::text_is_clear;
    use cachemark_results::{Cell, Freshness, Trial, Warning, warning};

    const TWENTY: [&str; 20] = [
        "no-cache",
        "ttl-1s",
        "ttl-10s",
        "ttl-60s",
        "invalidate",
        "invalidate-late",
        "invalidate-with-a-long-name",
        "update",
        "versioned",
        "locked",
        "negative-1s",
        "negative-10s",
        "two-instances",
        "four-instances",
        "joined",
        "replica",
        "replica-far",
        "lossy",
        "lossy-late",
        "an-arm-whose-name-is-too-long-for-any-row-of-panels",
    ];

    /// Many serve nothing that is stale, and of the rest some serve the same share; one was not steady.
    fn tweak(cell: &Cell, trial: &mut Trial) {
        let stale = (cell.strategy.len() as u64 / 2).saturating_sub(3) * 20;
        trial.freshness = Some(Freshness { reads: 5_000, judged: 5_000, stale, ..Freshness::default() });
        if cell.strategy == "versioned" {
            trial.warnings.push(Warning::new(warning::NOT_STEADY, "the throughput still rose"));
        }
    }

    /// All charts, once it is sure that no text of them is cut or lies over another.
    fn charts(sample: Sample) -> Vec<Chart> {
        let folder = tempfile::tempdir().unwrap();
        let run = Sample { read_ratios: &[0.9], blocks: 1, tweak, ..sample }.write(folder.path());
        let analysis = analyse(&run);
        let charts = all(Source { run: &run, analysis: &analysis }).unwrap().drawn;
        charts.iter().for_each(|chart| text_is_clear(&chart.name, &chart.scene));
        charts
    }

    fn named<'a>(charts: &'a [Chart], name: &str) -> &'a Chart {
        charts.iter().find(|chart| chart.name == name).unwrap()
    }

    /// How often the chart has the text; the figures of axes, which are grey, do not count.
    fn count(charts: &[Chart], name: &str, wanted: &str) -> usize {
        let is_it = |shape: &&Shape| matches!(shape, Shape::Text { text, colour: DARK, .. } if text == wanted);
        named(charts, name).scene.shapes.iter().filter(is_it).count()
    }

    #[test]
    fn of_twenty_arms_each_mark_and_line_has_its_number_and_the_legend_has_it_too() {
        let closed = charts(Sample { strategies: &TWENTY, reads: 1000, ..Sample::default() });
        let open = charts(Sample { strategies: &TWENTY, rates: &[500.0, 9000.0], reads: 1000, ..Sample::default() });
        // The control is the second.
        let cases = [(&closed, "freshness-cost", 2), (&closed, "spectrum", 1), (&open, "spectrum", 2)];
        for (charts, name, panels) in cases.into_iter().chain([(&open, "throughput-response", 2)]) {
            assert_eq!(count(charts, name, "10 versioned"), 1, "{name}");
            for number in 1..=21_usize {
                assert_eq!(count(charts, name, &number.to_string()), panels, "{name}: {number}");
            }
        }
    }

    #[test]
    fn of_twenty_arms_the_course_of_each_is_in_panels_of_its_own() {
        let charts = charts(Sample { strategies: &TWENTY, reads: 1000, ..Sample::default() });
        for arm in &TWENTY[..19] {
            assert_eq!(count(&charts, "series", arm), 1, "{arm}");
        }
        assert_eq!(count(&charts, "series", "not steady"), 1);
        let reading = &named(&charts, "series").reading;
        assert!(reading.ends_with("not steady are marked."), "{reading}");
    }

    #[test]
    fn eight_arms_and_a_control_go_by_their_colours() {
        let few = charts(Sample { strategies: &TWENTY[2..10], reads: 1000, ..Sample::default() });
        let many = charts(Sample { strategies: &TWENTY[1..10], reads: 1000, ..Sample::default() });
        for name in ["freshness-cost", "spectrum"] {
            assert_eq!((count(&few, name, "versioned"), count(&few, name, "8 versioned")), (1, 0), "{name}");
            assert_eq!((count(&many, name, "versioned"), count(&many, name, "9 versioned")), (0, 1), "{name}");
        }
        assert_eq!((count(&few, "series", "not steady"), count(&many, "series", "not steady")), (0, 1));
    }
}

//! What all charts say of their subject: the lines of the legend, the subtitle, what is missing.

use super::Source;
use crate::analysis::{CellFigures, Point, Stack};
use crate::scene::{Colour, LegendEntry, Swatch};
use crate::units::{self, value_text};
use cachemark_results::Figure;

/// What a subtitle says of how figures were made from trials.
pub(crate) const OVER_BLOCKS: &str = "bars: median over blocks; whiskers: least to greatest";

impl<'a> Source<'a> {
    /// Stack (if there is only one), keys, clients or arrivals, blocks, and `more`.
    pub(crate) fn subtitle(self, more: &str) -> String {
        let mut parts = Vec::new();
        if let [stack] = self.analysis.stacks.as_slice() {
            parts.push(stack.label.clone());
        }
        let counts: &[&str] = if self.analysis.open_loop { &["keys"] } else { &["keys", "clients"] };
        for name in counts {
            if let Some(value) = self.run.manifest.parameters.get(*name) {
                parts.push(format!("{} {name}", value.as_f64().map_or_else(|| value_text(value), units::count)));
            }
        }
        parts.extend(self.arrivals());
        let blocks = self.analysis.blocks;
        parts.push(format!("{blocks} {}", if blocks == 1 { "block" } else { "blocks" }));
        if !more.is_empty() {
            parts.push(more.to_owned());
        }
        parts.join(" · ")
    }

    /// How arrivals came, in an open loop; with the offered load if there is only one.
    fn arrivals(self) -> Option<String> {
        let process = self.run.trials.iter().find_map(|trial| Some(trial.open_loop.as_ref()?.process.as_str()));
        let process = process.map(|process| format!("{process} arrivals"));
        match self.analysis.rates.as_slice() {
            [rate] => Some(format!("{}, {}/s offered", process.as_deref().unwrap_or("arrivals"), units::count(*rate))),
            _ => process,
        }
    }

    /// `why` where no cell has a figure of one of these.
    pub(crate) fn lacks(self, these: &[&Figure], why: &'static str) -> Option<&'static str> {
        let mut cells = self.analysis.cells.iter();
        cells.all(|figures| these.iter().all(|figure| figures.median(figure).is_none())).then_some(why)
    }

    /// The lines of the legend that have a figure of one of these, or all that are planned if none has.
    pub(crate) fn variants_with(self, these: &[&Figure]) -> Vec<usize> {
        let all = 0..self.analysis.variants.len();
        let has = |variant: &usize| {
            let mut cells = self.analysis.cells.iter().filter(|figures| figures.variant == *variant);
            cells.any(|figures| these.iter().any(|figure| figures.median(figure).is_some()))
        };
        all.filter(has).collect()
    }

    /// Entries of the legend, as bars or however `swatch` says (of colour, and whether it is the control).
    pub(crate) fn legend(self, variants: &[usize], swatch: fn(Colour, bool) -> Swatch) -> Vec<LegendEntry> {
        let entry = |index: &usize| {
            let variant = &self.analysis.variants[*index];
            LegendEntry { swatch: swatch(variant.colour.into(), variant.control), text: variant.label.clone() }
        };
        variants.iter().map(entry).collect()
    }

    /// The heading of a stack's panel: nothing where there is only one.
    pub(crate) fn heading(self, stack: &Stack) -> String {
        if self.analysis.stacks.len() == 1 { String::new() } else { stack.label.clone() }
    }

    /// Where a panel of one point stands, in few words.
    pub(crate) fn place(self, point: Point) -> String {
        match point.offered_per_s {
            Some(rate) if self.analysis.has_many_rates() && self.analysis.read_ratios.len() == 1 => {
                format!("{}/s offered", units::count(rate))
            }
            Some(rate) if self.analysis.has_many_rates() => {
                format!("read ratio {} at {}/s", point.read_ratio, units::count(rate))
            }
            _ => format!("read ratio {}", point.read_ratio),
        }
    }

    /// Why the lines of the legend that are not in `shown` are left out, and which cells have no figure at all.
    pub(crate) fn missing(self, shown: &[usize], these: &[&Figure]) -> Vec<String> {
        let cells = &self.analysis.cells;
        let left_out: Vec<String> = (0..self.analysis.variants.len())
            .filter(|variant| !shown.contains(variant))
            .map(|variant| {
                let variant = &variant;
                let of_variant = || cells.iter().filter(|figures| figures.variant == *variant);
                let label = &self.analysis.variants[*variant].label;
                if of_variant().all(|figures| figures.cell.unsupported.is_some()) {
                    format!("{label} (unsupported)")
                } else if of_variant().all(|figures| figures.trials.is_empty()) {
                    let invalid = of_variant().any(|figures| !figures.invalid.is_empty());
                    format!("{label} ({})", if invalid { "invalid" } else { "not measured" })
                } else {
                    label.clone()
                }
            })
            .collect();
        let mut notes = Vec::new();
        if !shown.is_empty() && !left_out.is_empty() {
            let what: Vec<&str> = these.iter().map(|figure| figure.title).collect();
            notes.push(format!("No {} in the record: {}.", what.join(" or "), left_out.join(", ")));
        }
        let without = |figures: &&CellFigures<'_>| these.iter().all(|figure| figures.median(figure).is_none());
        let gaps = self.gaps(cells.iter().filter(|figures| shown.contains(&figures.variant)).filter(without));
        if !gaps.is_empty() {
            notes.push(format!("n/a (or ×): {gaps}."));
        }
        notes
    }

    /// Cells by why they have no figure, by read ratio and by offered load.
    fn gaps<'c>(self, cells: impl Iterator<Item = &'c CellFigures<'c>>) -> String {
        let mut gaps: Vec<(String, Vec<&str>)> = Vec::new();
        let many_rates = self.analysis.has_many_rates();
        for figures in cells {
            let why = match (&figures.cell.unsupported, figures.trials.is_empty()) {
                (Some(_), _) => "unsupported",
                (None, true) if !figures.invalid.is_empty() => "invalid",
                (None, true) => "not measured",
                (None, false) => "no figure",
            };
            let at = Point { offered_per_s: figures.point().offered_per_s.filter(|_| many_rates), ..figures.point() };
            let why = format!("{why} at {}", at.label());
            let label = self.analysis.variants[figures.variant].label.as_str();
            match gaps.iter_mut().find(|(known, _)| *known == why) {
                Some((_, labels)) if labels.contains(&label) => (),
                Some((_, labels)) => labels.push(label),
                None => gaps.push((why, vec![label])),
            }
        }
        let told: Vec<String> = gaps.iter().map(|(why, labels)| format!("{why}: {}", labels.join(", "))).collect();
        told.join("; ")
    }

    /// The medians in words, for those who cannot see the chart.
    pub(crate) fn in_words(self, what: &str, these: &[&Figure]) -> String {
        let mut text = format!("{what}.");
        for stack in &self.analysis.stacks {
            for point in &self.analysis.points {
                let told = |variant: usize| {
                    let figures = self.analysis.at(stack, variant, *point)?;
                    let told: Vec<String> = these
                        .iter()
                        .filter_map(|figure| Some(format!("{} {}", figure.title, figures.median_in_words(figure)?)))
                        .collect();
                    (!told.is_empty()).then(|| format!("{} {}", self.analysis.variants[variant].label, told.join(", ")))
                };
                let told: Vec<String> = (0..self.analysis.variants.len()).filter_map(told).collect();
                let figures = if told.is_empty() { "no figures".to_owned() } else { told.join("; ") };
                text += &format!(" {}, {}: {figures}.", stack.label, point.label());
            }
        }
        text
    }
}

/// A bar's swatch.
pub(crate) fn bar(colour: Colour, control: bool) -> Swatch {
    if control { Swatch::Hatched(colour) } else { Swatch::Fill(colour) }
}

/// A line's swatch.
pub(crate) fn line(colour: Colour, control: bool) -> Swatch {
    if control { Swatch::Dashed(colour) } else { Swatch::Line(colour) }
}

//! Why reads were stale: one bar a cell, which is all of its stale reads, divided by cause.

use super::{Chart, Source, room};
use crate::analysis::CellFigures;
use crate::scene::{
    Align, Area, BODY, Colour, DARK, GREY, GRID, LegendEntry, PAPER, SMALL, Scene, Sheet, Swatch, hatched, panel_width,
    shorten, shorten_name, width, wrap_bold,
};
use crate::tables::stale_causes_of;
use crate::units;
use cachemark_results::{StaleCause, StaleCauses};

/// How many offered loads have bars.
const RATES: usize = 3;
const ROW: f64 = 24.0;
const BAR: f64 = 16.0;
/// A heading of one line, and each further line.
const HEADING: f64 = 28.0;
const LINE: f64 = 20.0;
/// Room for the figures of the axis, above and below the rows.
const TOP: f64 = 22.0;
const FOOT: f64 = 40.0;
const LEAST_NAMES: f64 = 140.0;
const MOST_NAMES: f64 = 320.0;
/// Room for what stands behind a bar.
const WORDS: f64 = 150.0;

/// The bars of one place.
struct Group<'a> {
    heading: String,
    bars: Vec<Bar<'a>>,
}

impl Group<'_> {
    /// The heading's lines, which take the whole width.
    fn lines(&self) -> Vec<String> {
        wrap_bold(&self.heading, BODY, panel_width(1))
    }

    fn height(&self) -> f64 {
        HEADING + LINE * self.lines().len().saturating_sub(1) as f64 + ROW * self.bars.len() as f64
    }
}

struct Bar<'a> {
    figures: &'a CellFigures<'a>,
    label: &'a str,
    causes: StaleCauses,
}

/// None where no cause was told.
pub(crate) fn chart(source: Source<'_>) -> Option<Chart> {
    let mut groups = groups(source);
    if groups.is_empty() {
        return None;
    }
    let beyond = room::cut_by(&mut groups, Group::height);
    let title = "Why reads were stale";
    Some(Chart {
        lacks: None,
        name: "stale-causes".into(),
        title: title.into(),
        table: None,
        reading: "A bar is all stale reads of a cell, whatever their number, which stands behind it; its parts are their causes, as the order of \
                  events tells them. What it does not tell is hatched. A cell without a bar served nothing stale."
            .into(),
        alt: in_words(title, &groups),
        scene: scene(source, title, &groups, beyond),
    })
}

fn groups(source: Source<'_>) -> Vec<Group<'_>> {
    let analysis = source.analysis;
    let mut groups = Vec::new();
    for stack in &analysis.stacks {
        for point in analysis.some_points(RATES) {
            let cells = (0..analysis.variants.len()).filter_map(|variant| analysis.at(stack, variant, point));
            let bar =
                |figures| Some(Bar { figures, label: analysis.label(figures), causes: stale_causes_of(figures)? });
            let bars: Vec<Bar<'_>> = cells.filter_map(bar).filter(|bar| bar.causes.sum() > 0).collect();
            let heading = [source.heading(stack), source.place(point)];
            let heading: Vec<String> = heading.into_iter().filter(|part| !part.is_empty()).collect();
            if !bars.is_empty() {
                groups.push(Group { heading: heading.join(", "), bars });
            }
        }
    }
    groups
}

/// Hues that differ for all who see colours in any of the usual ways, as far as so many can; no two that often stand side by side
/// are alike.
fn colour(cause: StaleCause) -> Colour {
    let light: [u8; 3] = match cause {
        StaleCause::Refill => [0, 114, 178],
        StaleCause::Lost => [213, 94, 0],
        StaleCause::Inversion => [0, 158, 115],
        StaleCause::Overwrite => [86, 180, 233],
        StaleCause::TtlOnly => [230, 159, 0],
        StaleCause::Negative => [204, 121, 167],
        StaleCause::CrossTier => [98, 76, 160],
        StaleCause::JoinedLoad => [140, 105, 62],
        StaleCause::Store => [160, 30, 60],
        StaleCause::Unknown => [128, 134, 142],
    };
    light.into()
}

fn swatch(cause: StaleCause) -> Swatch {
    match cause {
        StaleCause::Unknown => Swatch::Hatched(colour(cause)),
        _ => Swatch::Fill(colour(cause)),
    }
}

fn scene(source: Source<'_>, title: &str, groups: &[Group<'_>], beyond: Option<String>) -> Scene {
    let bars = || groups.iter().flat_map(|group| &group.bars);
    let occurs = |cause: &&StaleCause| bars().any(|bar| bar.causes.of(**cause) > 0);
    let entry = |cause: &StaleCause| LegendEntry { swatch: swatch(*cause), text: cause.title().to_owned() };
    let height = TOP + FOOT + groups.iter().map(Group::height).sum::<f64>();
    let (mut scene, areas) = Sheet {
        title: title.into(),
        subtitle: source.subtitle("all trials of a cell together"),
        legend: StaleCause::ALL.iter().filter(occurs).map(entry).collect(),
        notes: source.not_drawn(&source.analysis.some_rates(RATES)).into_iter().chain(beyond).collect(),
        panels: 1,
        columns: 1,
        panel_height: height,
    }
    .lay_out();
    if let Some(area) = areas.first() {
        draw(&mut scene, *area, groups);
    }
    scene
}

fn draw(scene: &mut Scene, area: Area, groups: &[Group<'_>]) {
    let labels = groups.iter().flat_map(|group| &group.bars).map(|bar| width(bar.label, BODY, false));
    let names = (labels.fold(0.0, f64::max) + 24.0).clamp(LEAST_NAMES, MOST_NAMES);
    let plot =
        Area { left: area.left + names, right: area.right - WORDS, top: area.top + TOP, bottom: area.bottom - FOOT };
    axis(scene, plot);
    let mut y = plot.top;
    for group in groups {
        for line in group.lines() {
            scene.bold((area.left, y + HEADING / 2.0), line, BODY, DARK, Align::Left);
            y += LINE;
        }
        y += HEADING - LINE;
        for bar in &group.bars {
            row(scene, plot, y + ROW / 2.0, bar, names);
            y += ROW;
        }
    }
}

fn axis(scene: &mut Scene, plot: Area) {
    for quarter in 0..=4 {
        let share = f64::from(quarter) / 4.0;
        let x = plot.left + share * (plot.right - plot.left);
        scene.line(&[(x, plot.top + HEADING), (x, plot.bottom)], GRID, 1.0);
        for y in [plot.top - 8.0, plot.bottom + 12.0] {
            scene.text((x, y), units::share_tick(share), SMALL, GREY, Align::Middle);
        }
    }
    let middle = f64::midpoint(plot.left, plot.right);
    scene.text((middle, plot.bottom + 30.0), "share of the stale reads", SMALL, GREY, Align::Middle);
}

fn row(scene: &mut Scene, plot: Area, y: f64, bar: &Bar<'_>, names: f64) {
    let label = shorten_name(bar.label, BODY, names - 20.0);
    scene.text((plot.left - 12.0, y), label, BODY, DARK, Align::Right);
    let (all, mut left) = (bar.causes.sum() as f64, plot.left);
    for &cause in StaleCause::ALL {
        let right = left + bar.causes.of(cause) as f64 / all * (plot.right - plot.left);
        let (from, to) = ((left, y - BAR / 2.0), (right, y + BAR / 2.0));
        if right > left && cause == StaleCause::Unknown {
            hatched(scene, from, to, colour(cause));
        } else if right > left {
            scene.fill(from, to, colour(cause));
        }
        // Parts next to each other are told apart by more than their hues.
        if left > plot.left && right > left {
            scene.line(&[(left, from.1), (left, to.1)], PAPER, 1.5);
        }
        left = right;
    }
    let share = bar.figures.staleness().map(|stale| format!(", {}", stale.in_words())).unwrap_or_default();
    let words = shorten(&format!("{}{share}", units::short(all)), SMALL, WORDS - 16.0);
    scene.text((plot.right + 12.0, y), words, SMALL, DARK, Align::Left);
}

fn in_words(title: &str, groups: &[Group<'_>]) -> String {
    let mut text = format!("{title}.");
    for group in groups {
        let bar = |bar: &Bar<'_>| {
            let all = bar.causes.sum();
            let told = StaleCause::ALL.iter().filter(|cause| bar.causes.of(**cause) > 0);
            let told = told.map(|cause| {
                format!("{} {}", cause.title(), units::small_percent(bar.causes.of(*cause) as f64 / all as f64))
            });
            format!("{} {} stale reads: {}", bar.label, units::count(all as f64), told.collect::<Vec<_>>().join(", "))
        };
        let bars: Vec<String> = group.bars.iter().map(bar).collect();
        text += &format!(" {}: {}.", group.heading, bars.join("; "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oklab::eyes::least;

    #[test]
    fn ten_causes_can_be_told_apart_on_either_page() {
        let colours: Vec<Colour> = StaleCause::ALL.iter().map(|cause| colour(*cause)).collect();
        let light: Vec<_> = colours.iter().map(|colour| colour.light).collect();
        let dark: Vec<_> = colours.iter().map(|colour| colour.dark).collect();
        assert!(least(&light) > 0.033 && least(&dark) > 0.033, "{}, {}", least(&light), least(&dark));
    }
}

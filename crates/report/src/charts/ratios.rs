//! Each cell's ratio to its reference cell, with intervals, verdicts, the A/A control and the margin.

mod forest;

use self::forest::Forest;
use super::{Chart, Source, room};
use crate::analysis::{Family, FamilyRow, Role};
use crate::scene::{
    Align, Area, BODY, Colour, DARK, GREY, GRID, LegendEntry, SMALL, Scale, Scene, Sheet, Swatch, panel_width, width,
    wrap_bold,
};
use crate::units::{self, capital};
use cachemark_results::Figure;
use cachemark_stats::{Comparison, Direction};

const ROW: f64 = 25.0;
/// A heading of one line, and each further line.
const HEADING: f64 = 32.0;
const LINE: f64 = 20.0;
/// Room for the figures of the axis, above and below the rows.
const TOP: f64 = 26.0;
const FOOT: f64 = 46.0;
/// Room for names to the left: as much as they take, between these; and for figures and verdicts to the right.
const LEAST_NAMES: f64 = 200.0;
const MOST_NAMES: f64 = 400.0;
const WORDS: f64 = 372.0;
const BAND: Colour = Colour::new([221, 236, 247], [22, 44, 66]);

/// One chart for each figure that verdicts are on.
pub(crate) fn charts(source: Source<'_>) -> Vec<Chart> {
    let first = source.analysis.shown_first();
    let others = source.analysis.verdict_on.iter().copied().filter(|figure| *figure != first);
    [first].into_iter().chain(others).map(|figure| chart(source, figure)).collect()
}

/// The families of a figure: all of them where no figure is known.
fn families<'a>(source: Source<'a>, figure: &Figure) -> Vec<&'a Family> {
    let of = |family: &&Family| family.figure.is_none_or(|of| of == figure);
    source.analysis.families.iter().filter(of).collect()
}

fn chart(source: Source<'_>, figure: &'static Figure) -> Chart {
    let title = match source.analysis.pairs {
        true => format!("{}, every two compared", capital(figure.title)),
        false => format!("{} against the reference cell", capital(figure.title)),
    };
    let rows = || families(source, figure).into_iter().flat_map(shown);
    let has_ratio = rows().any(|row| row.primary.as_ref().is_some_and(|found| found.comparison.ratio.is_some()));
    let differs = rows().any(|row| row.primary.as_ref().is_some_and(|found| found.comparison.difference.is_some()));
    let lacks = match rows().next() {
        None => Some("nothing is compared with anything in this run."),
        Some(_) if has_ratio => None,
        Some(_) if differs => Some("its comparisons are by difference, and none has a ratio."),
        Some(_) => Some("no comparison has a ratio."),
    };
    Chart {
        lacks,
        name: if figure == source.analysis.shown_first() {
            "ratios".to_owned()
        } else {
            format!("ratios-{}", figure.name.replace(['_', '.'], "-"))
        },
        alt: in_words(source, &title, figure),
        title,
        table: None,
        reading: format!(
            "A mark {} {} than {}, and its line is where the true ratio lies with 95 % confidence{}.",
            match figure.better {
                Direction::HigherIsBetter | Direction::Neither => "right of 1 means more",
                Direction::LowerIsBetter => "left of 1 means a lower",
            },
            figure.title,
            if source.analysis.pairs {
                "what it is compared with (the reference cell, or of \"b vs a\" a)"
            } else {
                "the reference cell"
            },
            match rows().any(|row| row.role == Role::Control) {
                true => "; the A/A control should straddle 1, and how far its line reaches is the noise of the run",
                false => "",
            }
        ),
        scene: scene(source, figure),
    }
}

fn shown(family: &Family) -> impl Iterator<Item = &FamilyRow> {
    family.rows.iter().filter(|row| row.role != Role::Reference)
}

fn scene(source: Source<'_>, figure: &Figure) -> Scene {
    let mut families = families(source, figure);
    let beyond = room::cut_by(&mut families, |family| height(family));
    let rows: usize = families.iter().map(|family| shown(family).count()).sum();
    let margin = source.run.manifest.equivalence_margin;
    let height = TOP + FOOT + families.iter().map(|family| height(family)).sum::<f64>();
    let entry = |swatch, text: String| LegendEntry { swatch, text };
    let has_control = families.iter().copied().flat_map(shown).any(|row| row.role == Role::Control);
    let mut notes = vec![
        "Ratios are paired by block (Hodges-Lehmann estimate). Each interval is exact, at 95 %, and not adjusted for the \
         number of comparisons; the verdicts are adjusted within a family (Holm)."
            .into(),
    ];
    notes.extend(comparisons(&families).any(|comparison| comparison.difference.is_some()).then(|| {
        "A row without a mark has no ratio, for the figure is 0 in a trial: its words tell the difference.".to_owned()
    }));
    notes.extend(families.iter().any(|family| family.blocks < family.blocks_needed).then(|| {
        "Families with too few blocks have figures without verdicts; six blocks are needed for an interval.".to_owned()
    }));
    notes.extend(beyond);
    let (mut scene, areas) = Sheet {
        title: match source.analysis.pairs {
            true => format!("Ratio of {}, every two compared ({})", figure.title, figure.better_in_words()),
            false => format!("Ratio of {} to the reference cell ({})", figure.title, figure.better_in_words()),
        },
        subtitle: source.subtitle("log axis"),
        legend: [
            Some(entry(Swatch::Disc(GREY), "estimate, and 95 % interval".into())),
            has_control.then(|| entry(Swatch::Ring(GREY), "A/A control: the reference cell again".into())),
            Some(entry(Swatch::Band(BAND), format!("counts as no difference: within {}", units::percent(margin)))),
        ]
        .into_iter()
        .flatten()
        .collect(),
        notes,
        panels: 1,
        columns: 1,
        panel_height: if rows == 0 { 160.0 } else { height },
    }
    .lay_out();
    if let Some(area) = areas.first() {
        draw(source, &mut scene, *area, margin, (figure, &families));
    }
    scene
}

/// The lines of a family's name, beside which its noise stands.
fn name(family: &Family) -> Vec<String> {
    wrap_bold(&family.name, BODY, panel_width(1) - WORDS)
}

/// What a family takes: its name and its rows.
fn height(family: &Family) -> f64 {
    HEADING + LINE * (name(family).len() as f64 - 1.0) + ROW * shown(family).count() as f64
}

fn comparisons<'a>(families: &[&'a Family]) -> impl Iterator<Item = &'a Comparison> {
    families.iter().copied().flat_map(shown).filter_map(|row| row.primary.as_ref().map(|primary| &primary.comparison))
}

fn draw(source: Source<'_>, scene: &mut Scene, area: Area, margin: f64, (figure, families): (&Figure, &[&Family])) {
    let mut figures: Vec<f64> = comparisons(families).filter_map(|comparison| comparison.ratio).collect();
    if figures.is_empty() && comparisons(families).all(|comparison| comparison.difference.is_none()) {
        let why = "No comparison: it needs a block with trials of a cell and of its reference cell.";
        let middle = (f64::midpoint(area.left, area.right), f64::midpoint(area.top, area.bottom));
        scene.frame((area.left, area.top), (area.right, area.bottom), GRID, 1.0);
        return scene.text(middle, why, BODY, GREY, Align::Middle);
    }
    figures.extend(comparisons(families).filter_map(|c| c.interval).flat_map(|interval| [interval.low, interval.high]));
    figures.extend([1.0 / (1.0 + margin), 1.0 + margin]);
    let x = Scale::log_around(figures, 1.1).unwrap_or(Scale::Log { from: 0.5, to: 2.0 });
    let names = room_for_names(families);
    let plot =
        Area { left: area.left + names, right: area.right - WORDS, top: area.top + TOP, bottom: area.bottom - FOOT };
    let forest = Forest { source, x, plot, area, names };
    forest.axis(scene, figure);
    let mut y = plot.top;
    for family in families {
        scene.text((plot.right + 16.0, y + HEADING / 2.0 + 3.0), forest.noise(family), SMALL, GREY, Align::Left);
        for line in name(family) {
            scene.bold((area.left, y + HEADING / 2.0 + 3.0), line, BODY, DARK, Align::Left);
            y += LINE;
        }
        y += HEADING - LINE;
        forest.grid(scene, margin, (y, y + ROW * shown(family).count() as f64));
        for row in shown(family) {
            forest.row(scene, row, y + ROW / 2.0);
            y += ROW;
        }
    }
}

fn room_for_names(families: &[&Family]) -> f64 {
    let labels = families.iter().copied().flat_map(shown).map(|row| width(&row.label, BODY, false));
    (labels.fold(0.0, f64::max) + 24.0).clamp(LEAST_NAMES, MOST_NAMES)
}

pub(super) fn words(row: &FamilyRow) -> String {
    let interval = match row.interval() {
        none if none == units::NOT_AVAILABLE => String::new(),
        interval => format!(" ({interval})"),
    };
    match row.unsupported {
        Some(_) => row.verdict_and_staleness(),
        None => format!("{}{interval}: {}", row.ratio(), row.verdict_and_staleness()),
    }
}

fn in_words(source: Source<'_>, title: &str, figure: &Figure) -> String {
    let mut text = format!("{title}.");
    for family in families(source, figure) {
        let rows: Vec<String> = shown(family).map(|row| format!("{} {}", row.label, words(row))).collect();
        text += &format!(" {}: {}.", family.name, rows.join("; "));
    }
    text
}

//! What a fault did, over time: a column an arm, a row a figure, the fault's time shaded in all of them. One chart a stack and point.
//!
//! Every block is a thin line, and their median a strong one: blocks that recover at different times, or not at all, would be hidden
//! by a median alone, and by a band of spread as well.

mod arm;
mod draw;
mod figures;
mod rows;

use super::{Chart, Source, room};
use crate::ReportError;
use crate::analysis::{Point, Stack, faults_in_words};
use crate::scene::{DARK, GREY, LegendEntry, Scale, Scene, Sheet, Swatch, paler};
use crate::units::{self, capital};
use arm::Arm;
use rows::Row;

/// How many arms stand side by side: narrower panels tell nothing.
const ABREAST: usize = 4;
/// How many offered loads have a chart.
const RATES: usize = 3;

pub(crate) fn charts(source: Source<'_>) -> Result<Vec<Chart>, ReportError> {
    let mut places = Vec::new();
    for stack in &source.analysis.stacks {
        for point in source.analysis.some_points(RATES) {
            let arms = arm::arms(source, stack, point)?;
            if !arms.is_empty() {
                places.push((stack, point, arms));
            }
        }
    }
    let alone = places.len() == 1;
    let name = |place: usize| if alone { "timeline".to_owned() } else { format!("timeline-{}", place + 1) };
    let chart = |(place, (stack, point, arms)): (usize, &(&Stack, Point, Vec<Arm>))| {
        let of = if alone { String::new() } else { format!(": {}, {}", stack.label, source.place(*point)) };
        chart(source, arms, &name(place), &of)
    };
    Ok(places.iter().enumerate().map(chart).collect())
}

fn chart(source: Source<'_>, arms: &[Arm], name: &str, of: &str) -> Chart {
    let rows = rows::rows(source, arms);
    let faults = faults_in_words(&source.analysis.faults);
    let told: Vec<&str> = rows.iter().map(|row| row.name).collect();
    let names: Vec<&str> = arms.iter().map(|arm| arm.label.as_str()).collect();
    let title = format!("When it breaks{of}");
    Chart {
        lacks: None,
        name: name.to_owned(),
        alt: format!(
            "{title}. {} over the window for {}, with the time of the fault marked: {faults}.",
            capital(&units::listed(&told)),
            units::listed(&names)
        ),
        reading: format!(
            "A column is an arm, a row a figure on one scale for all arms. {} Thin lines are the blocks, the strong one is their \
             median: where thin lines part, blocks went different ways. A gap is an interval in which nothing, or too little, was answered.",
            marked(source)
        ),
        title,
        table: Some(figures::table(source, arms, of)),
        scene: scene(source, arms, &rows, of),
    }
}

/// How the faults are drawn.
fn marked(source: Source<'_>) -> &'static str {
    let faults = &source.analysis.faults;
    let moments = faults.iter().filter(|fault| fault.is_of_a_moment()).count();
    match moments {
        0 => "The shaded time is that of the fault.",
        all if all == faults.len() => "The upright line is the fault, which is of a moment.",
        _ => "Shaded is the time of a fault; one of a moment is an upright line.",
    }
}

fn scene(source: Source<'_>, arms: &[Arm], rows: &[Row], of: &str) -> Scene {
    let height = draw::height(rows.len());
    let bands = arms.len().div_ceil(ABREAST).max(1);
    let shown_bands = bands.min(room::panels(height, 1));
    let abreast = arms.len().div_ceil(bands).max(1);
    let shown = arms.len().min(shown_bands * abreast);
    let mut notes = notes(source, rows, arms.len() - shown);
    notes.extend(source.not_drawn(&source.analysis.some_rates(RATES)));
    let sheet = Sheet {
        title: format!("When {}", faults_in_words(&source.analysis.faults)),
        subtitle: source.subtitle(of.trim_start_matches(": ")),
        legend: legend(source, arms, rows),
        notes,
        panels: shown.div_ceil(abreast),
        columns: 1,
        panel_height: height,
    };
    let (mut scene, areas) = sheet.lay_out();
    let end_s = arms.iter().map(Arm::end_s).fold(0.0, f64::max);
    let x = Scale::Linear { from: 0.0, to: if end_s > 0.0 { end_s } else { 1.0 } };
    let faults = draw::names(&source.analysis.faults);
    for (arms, area) in arms[..shown].chunks(abreast).zip(areas) {
        draw::band(&mut scene, area, &draw::Columns { arms, abreast, faults: &faults }, rows, x);
    }
    scene
}

fn legend(source: Source<'_>, arms: &[Arm], rows: &[Row]) -> Vec<LegendEntry> {
    let faults = &source.analysis.faults;
    let letter = |place: usize| if faults.len() > 1 { format!("{}: ", draw::letter(place)) } else { String::new() };
    let mut legend: Vec<LegendEntry> = faults
        .iter()
        .enumerate()
        .map(|(place, fault)| {
            let swatch = if fault.is_of_a_moment() { Swatch::Line(draw::EDGE) } else { Swatch::Band(draw::SHADE) };
            LegendEntry { swatch, text: letter(place) + &fault.in_words() }
        })
        .collect();
    if arms.iter().any(|arm| arm.blocks() > 1) {
        legend.push(LegendEntry { swatch: Swatch::Line(DARK), text: "median over blocks".into() });
        legend.push(LegendEntry { swatch: Swatch::Line(paler(DARK, draw::PALE)), text: "a block".into() });
    }
    if rows.iter().any(|row| row.beside.is_some()) {
        legend.push(LegendEntry { swatch: Swatch::Dotted(GREY), text: "shed by a policy, median".into() });
    }
    legend
}

fn notes(source: Source<'_>, rows: &[Row], beyond: usize) -> Vec<String> {
    let mut notes = vec![rows::NOTE.to_owned()];
    if source.analysis.variants.iter().any(|variant| variant.control) {
        notes.push("The second run of the reference (A/A control) is not drawn; the tables have it.".into());
    }
    if rows.iter().all(|row| !row.is_failures()) {
        notes.push("No operation failed or was shed.".into());
    }
    match beyond {
        0 => {}
        1 => notes.push("One more arm has no room in this picture; the table has it.".into()),
        _ => notes.push(format!("{beyond} more arms have no room in this picture; the table has them.")),
    }
    notes
}

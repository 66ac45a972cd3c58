//! `scale_chart FILE.svg` draws how figures grow with the work: panels beside each other over one logarithmic axis, as `scripts/scale`
//! tells them on standard input, in JSON.
//!
//! `{"over": "clients", "panels": [{"figure": "resident memory", "unit": "MiB", "points": [[1, 40.5], [100, 77.7]]}]}`

#![expect(clippy::print_stderr, reason = "a program whose output this is")]

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::prelude::*;
use std::error::Error;
use std::io::stdin;
use std::ops::Range;

const PANEL: (u32, u32) = (380, 300);
const INK: RGBColor = RGBColor(0x33, 0x67, 0x91);

struct Panel {
    title: String,
    points: Vec<(f64, f64)>,
}

fn panel(told: &serde_json::Value) -> Option<Panel> {
    let point = |point: &serde_json::Value| Some((point.get(0)?.as_f64()?, point.get(1)?.as_f64()?));
    let (figure, unit) = (told.get("figure")?.as_str()?, told.get("unit")?.as_str()?);
    let points = told.get("points")?.as_array()?.iter().filter_map(point).collect();
    Some(Panel { title: if unit.is_empty() { figure.to_owned() } else { format!("{figure}, {unit}") }, points })
}

/// Decades: the axis of what grows by factors.
struct Decades(Range<f64>);

impl Ranged for Decades {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let (low, high) = (self.0.start.log10(), self.0.end.log10());
        let share = (value.log10() - low) / (high - low);
        limit.0 + (share * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        (-3..=12)
            .map(|power| 10_f64.powi(power))
            .filter(|value| self.0.start <= *value && *value <= self.0.end)
            .collect()
    }

    fn range(&self) -> Range<f64> {
        self.0.clone()
    }
}

impl ValueFormatter<f64> for Decades {
    fn format(value: &f64) -> String {
        short(value)
    }
}

/// A number in as few letters as it takes.
fn short(value: &f64) -> String {
    match *value {
        value if value >= 1e9 => format!("{}G", value / 1e9),
        value if value >= 1e6 => format!("{}M", value / 1e6),
        value if value >= 1e3 => format!("{}k", value / 1e3),
        value => format!("{value}"),
    }
}

/// From a little below the least to a little above the greatest.
fn span(values: impl Iterator<Item = f64>) -> Range<f64> {
    let (least, most) = values.fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(value), most.max(value)));
    least / 1.4..most * 1.4
}

fn draw(file: &str, over: &str, panels: &[Panel]) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::new(file, (PANEL.0 * panels.len() as u32, PANEL.1)).into_drawing_area();
    area.fill(&WHITE)?;
    for (panel, area) in panels.iter().zip(area.split_evenly((1, panels.len()))) {
        let x = span(panel.points.iter().map(|point| point.0));
        let most = panel.points.iter().map(|point| point.1).fold(0.0, f64::max);
        let mut chart = ChartBuilder::on(&area)
            .caption(&panel.title, ("sans-serif", 15))
            .margin(12)
            .x_label_area_size(38)
            .y_label_area_size(52)
            // From zero: what grows with the work is seen as it is.
            .build_cartesian_2d(Decades(x), 0.0..(most * 1.15).max(1e-9))?;
        chart
            .configure_mesh()
            .x_desc(over)
            .y_labels(5)
            .y_label_formatter(&short)
            .light_line_style(TRANSPARENT)
            .label_style(("sans-serif", 12))
            .draw()?;
        chart.draw_series(LineSeries::new(panel.points.iter().copied(), INK.stroke_width(2)))?;
        chart.draw_series(panel.points.iter().map(|point| Circle::new(*point, 3, INK.filled())))?;
    }
    area.present()?;
    Ok(())
}

fn run() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("usage: scale_chart FILE.svg < JSON")?;
    let told: serde_json::Value = serde_json::from_reader(stdin())?;
    let panels: Vec<Panel> = told["panels"].as_array().ok_or("no panels")?.iter().filter_map(panel).collect();
    let panels: Vec<Panel> = panels.into_iter().filter(|panel| !panel.points.is_empty()).collect();
    if panels.is_empty() {
        return Err("no panel has points".into());
    }
    cachemark_report::register_fonts();
    draw(&file, told["over"].as_str().unwrap_or_default(), &panels)
}

fn main() {
    if let Err(error) = run() {
        eprintln!("scale_chart: {error}");
        std::process::exit(2);
    }
}

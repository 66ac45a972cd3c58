//! The layout of a chart: title, subtitle, legend, panels, notes.

use super::sign::Sign;
use super::text::{shorten_name, width, wrap};
use super::{Align, BODY, Colour, DARK, GREY, PAPER, SMALL, Scene, TITLE, dotted, hatched};

/// How wide charts are.
const WIDTH: f64 = 960.0;
/// The edge around.
const MARGIN: f64 = 30.0;
/// Between panels.
const GAP: (f64, f64) = (30.0, 26.0);
const SWATCH: f64 = 26.0;

/// A part of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

/// What stands before an entry of the legend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Swatch {
    Fill(Colour),
    Hatched(Colour),
    Line(Colour),
    Dashed(Colour),
    Dotted(Colour),
    Disc(Colour),
    Ring(Colour),
    Diamond(Colour),
    Whisker,
    Band(Colour),
    Sign(Sign, Colour),
}

/// An entry of the legend.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LegendEntry {
    pub(crate) swatch: Swatch,
    pub(crate) text: String,
}

/// What a chart is made of, before its data.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) legend: Vec<LegendEntry>,
    pub(crate) notes: Vec<String>,
    pub(crate) panels: usize,
    pub(crate) columns: usize,
    pub(crate) panel_height: f64,
}

impl Sheet {
    /// A page with everything but the panels, and where those are.
    pub(crate) fn lay_out(&self) -> (Scene, Vec<Area>) {
        let mut scene = Scene { width: WIDTH, height: 0.0, shapes: Vec::new() };
        let inner = WIDTH - 2.0 * MARGIN;
        let mut y = MARGIN + 6.0;
        for line in wrap(&self.title, TITLE * 1.1, inner) {
            scene.bold((MARGIN, y), line, TITLE, DARK, Align::Left);
            y += 27.0;
        }
        for line in wrap(&self.subtitle, BODY, inner) {
            scene.text((MARGIN, y), line, BODY, GREY, Align::Left);
            y += 20.0;
        }
        y = self.legend(&mut scene, y + 8.0) + 16.0;
        let areas = self.panels(y);
        y = areas.last().map_or(y, |area| area.bottom) + 20.0;
        for line in self.notes.iter().flat_map(|note| wrap(note, SMALL, inner)) {
            scene.text((MARGIN, y), line, SMALL, GREY, Align::Left);
            y += 18.0;
        }
        scene.height = (y + MARGIN - 12.0).ceil();
        scene
            .shapes
            .insert(0, super::Shape::Fill { from: (0.0, 0.0), to: (WIDTH, scene.height), colour: PAPER, alpha: 1.0 });
        (scene, areas)
    }

    /// The legend from `y` on, in as many lines as it takes; returns where it ends.
    fn legend(&self, scene: &mut Scene, y: f64) -> f64 {
        let (mut x, mut y) = (MARGIN, y);
        for entry in &self.legend {
            let text = shorten_name(&entry.text, BODY, WIDTH - 2.0 * MARGIN - SWATCH - 6.0);
            let wide = SWATCH + 6.0 + width(&text, BODY, false);
            if x > MARGIN && x + wide > WIDTH - MARGIN {
                x = MARGIN;
                y += 22.0;
            }
            entry.swatch.draw(scene, x, y);
            scene.text((x + SWATCH + 6.0, y), text, BODY, DARK, Align::Left);
            x += wide + 22.0;
        }
        if self.legend.is_empty() { y } else { y + 11.0 }
    }

    fn panels(&self, top: f64) -> Vec<Area> {
        let columns = self.columns.clamp(1, self.panels.max(1)) as f64;
        let wide = panel_width(columns as usize);
        let area = |index: usize| {
            let (column, row) = (index % columns as usize, index / columns as usize);
            let left = MARGIN + column as f64 * (wide + GAP.0);
            let top = top + row as f64 * (self.panel_height + GAP.1);
            Area { left, top, right: left + wide, bottom: top + self.panel_height }
        };
        (0..self.panels).map(area).collect()
    }
}

/// How wide each of so many panels side by side is.
pub(crate) fn panel_width(columns: usize) -> f64 {
    let columns = columns.max(1) as f64;
    (WIDTH - 2.0 * MARGIN - GAP.0 * (columns - 1.0)) / columns
}

impl Swatch {
    fn draw(self, scene: &mut Scene, x: f64, y: f64) {
        let (left, right, middle) = (x + 2.0, x + SWATCH - 2.0, x + SWATCH / 2.0);
        match self {
            Self::Fill(colour) => scene.fill((left, y - 6.0), (right, y + 6.0), colour),
            Self::Hatched(colour) => hatched(scene, (left, y - 6.0), (right, y + 6.0), colour),
            Self::Line(colour) => scene.line(&[(left, y), (right, y)], colour, 3.0),
            Self::Dashed(colour) => {
                for start in [left, left + 8.5, left + 17.0] {
                    scene.line(&[(start, y), (start + 5.0, y)], colour, 3.0);
                }
            }
            Self::Dotted(colour) => dotted(scene, &[(left, y), (right, y)], colour, 1.5),
            Self::Disc(colour) => scene.disc((middle, y), 5.0, colour),
            Self::Ring(colour) => scene.ring((middle, y), 5.0, colour),
            Self::Diamond(colour) => scene.diamond((middle, y), 6.0, colour),
            Self::Whisker => scene.whisker((middle, y - 7.0), (middle, y + 7.0), DARK),
            Self::Sign(sign, colour) => sign.draw(scene, (middle, y), colour),
            Self::Band(colour) => scene.shade((left, y - 6.0), (right, y + 6.0), colour, 1.0),
        }
    }
}

//! A chart as shapes: laid out once, then drawn as SVG and as PNG.
//!
//! Coordinates are pixels of a page at normal size, from the upper left corner. Text is measured while the chart is laid
//! out, with the font that it is drawn with: that is what keeps it from overlapping or being cut.

mod colour;
mod dark;
mod encode;
mod palette;
mod plot;
mod render;
mod scale;
mod sheet;
mod sign;
mod simplify;
mod text;

pub(crate) use colour::{AXIS, Colour, DARK, GREY, GRID, PAPER, RED, darker, paler};
pub(crate) use plot::{Plot, dashed, dotted, hatched, level_headings};
pub(crate) use render::{to_png, to_svg};
pub(crate) use scale::Scale;
pub(crate) use sheet::{Area, LegendEntry, Sheet, Swatch, panel_width};
pub(crate) use sign::Sign;
pub(crate) use text::{shorten, shorten_name, width, wrap_bold};

/// A point: x to the right, y down.
pub(crate) type Point = (f64, f64);

/// The sizes of text.
pub(crate) const TITLE: f64 = 23.0;
pub(crate) const BODY: f64 = 16.5;
pub(crate) const SMALL: f64 = 15.0;

/// A chart, laid out.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) shapes: Vec<Shape>,
}

/// Where a text stands against its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Middle,
    Right,
}

/// Something to draw.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    /// A filled rectangle.
    Fill { from: Point, to: Point, colour: Colour, alpha: f64 },
    /// A line through the points.
    Line { points: Vec<Point>, colour: Colour, width: f64 },
    /// A filled area.
    Polygon { points: Vec<Point>, colour: Colour },
    /// A filled disc.
    Disc { centre: Point, radius: f64, colour: Colour },
    /// A line of text, its middle at the height of the point.
    Text { at: Point, text: String, size: f64, colour: Colour, bold: bool, align: Align },
}

impl Scene {
    pub(crate) fn fill(&mut self, from: Point, to: Point, colour: impl Into<Colour>) {
        self.shapes.push(Shape::Fill { from, to, colour: colour.into(), alpha: 1.0 });
    }

    pub(crate) fn shade(&mut self, from: Point, to: Point, colour: impl Into<Colour>, alpha: f64) {
        self.shapes.push(Shape::Fill { from, to, colour: colour.into(), alpha });
    }

    pub(crate) fn line(&mut self, points: &[Point], colour: impl Into<Colour>, width: f64) {
        self.shapes.push(Shape::Line { points: points.to_vec(), colour: colour.into(), width });
    }

    pub(crate) fn frame(&mut self, from: Point, to: Point, colour: impl Into<Colour>, width: f64) {
        self.line(&[from, (to.0, from.1), to, (from.0, to.1), from], colour, width);
    }

    pub(crate) fn disc(&mut self, centre: Point, radius: f64, colour: impl Into<Colour>) {
        self.shapes.push(Shape::Disc { centre, radius, colour: colour.into() });
    }

    /// A disc with a middle of paper.
    pub(crate) fn ring(&mut self, centre: Point, radius: f64, colour: impl Into<Colour>) {
        self.disc(centre, radius, colour);
        self.disc(centre, radius - 2.0, PAPER);
    }

    pub(crate) fn diamond(&mut self, (x, y): Point, radius: f64, colour: impl Into<Colour>) {
        let points = vec![(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)];
        self.shapes.push(Shape::Polygon { points, colour: colour.into() });
    }

    /// A line from `from` to `to` with short bars across its ends; upright or level.
    pub(crate) fn whisker(&mut self, from: Point, to: Point, colour: impl Into<Colour>) {
        const CAP: f64 = 3.5;
        let colour = colour.into();
        self.line(&[from, to], colour, 1.5);
        let (across, along) = if from.0 == to.0 { (CAP, 0.0) } else { (0.0, CAP) };
        for (x, y) in [from, to] {
            self.line(&[(x - across, y - along), (x + across, y + along)], colour, 1.5);
        }
    }

    pub(crate) fn text(
        &mut self,
        at: Point,
        text: impl Into<String>,
        size: f64,
        colour: impl Into<Colour>,
        align: Align,
    ) {
        self.shapes.push(Shape::Text { at, text: text.into(), size, colour: colour.into(), bold: false, align });
    }

    pub(crate) fn bold(
        &mut self,
        at: Point,
        text: impl Into<String>,
        size: f64,
        colour: impl Into<Colour>,
        align: Align,
    ) {
        self.shapes.push(Shape::Text { at, text: text.into(), size, colour: colour.into(), bold: true, align });
    }
}

#[cfg(test)]
pub(crate) mod checks {
    use super::*;

    /// Every text's box: what it says, and its left, top, right and bottom.
    pub(crate) fn text_boxes(scene: &Scene) -> Vec<(String, [f64; 4])> {
        let boxed = |shape: &Shape| {
            let Shape::Text { at: (x, y), text, size, bold, align, .. } = shape else { return None };
            let wide = width(text, *size, *bold);
            let left = match align {
                Align::Left => *x,
                Align::Middle => x - wide / 2.0,
                Align::Right => x - wide,
            };
            // Letters fill about two thirds of the line.
            Some((text.clone(), [left, y - size / 3.0, left + wide, y + size / 3.0]))
        };
        scene.shapes.iter().filter_map(boxed).collect()
    }

    /// The axes, level lines: where they begin, their height, and where they end.
    fn axes(scene: &Scene) -> Vec<[f64; 3]> {
        let axis = |shape: &Shape| match shape {
            Shape::Line { points, colour: AXIS, .. } => Some([points[0].0, points[0].1, points[1].0]),
            _ => None,
        };
        scene.shapes.iter().filter_map(axis).collect()
    }

    /// Panics if a text is cut by the edge, lies over another or is struck through by an axis.
    pub(crate) fn text_is_clear(name: &str, scene: &Scene) {
        let boxes = text_boxes(scene);
        for (at, (text, [left, top, right, bottom])) in boxes.iter().enumerate() {
            let inside = *left >= 0.0 && *top >= 0.0 && *right <= scene.width && *bottom <= scene.height;
            assert!(inside, "{name}: {text:?} is cut");
            for [from, y, to] in axes(scene) {
                let struck = *left < to && *right > from && *top < y + 1.0 && *bottom > y - 1.0;
                assert!(!struck, "{name}: {text:?} is struck through by an axis");
            }
            for (other, [l, t, r, b]) in &boxes[at + 1..] {
                let apart = right <= l || r <= left || bottom <= t || b <= top;
                assert!(apart, "{name}: {text:?} lies over {other:?}");
            }
        }
    }
}

//! Shapes to pictures, through plotters.

use super::dark;
use super::encode::encoded;
use super::palette::indexed;
use super::simplify::simplified;
use super::text::Pixels;
use super::{Align, Colour, Point, Scene, Shape};
use crate::ReportError;
use crate::fonts::{FAMILY, register_fonts};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Pictures are drawn this many times as large: plotters draws at whole pixels only.
const FINE: f64 = 2.0;

/// The scene as an SVG element that needs nothing else. `alt` is for those who cannot see it.
pub(crate) fn to_svg(name: &str, alt: &str, scene: &Scene) -> Result<String, ReportError> {
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, size(scene)).into_drawing_area();
        draw(scene.shapes.iter(), &root).map_err(|detail| ReportError::draw(name, detail))?;
        root.present().map_err(|error| ReportError::draw(name, error))?;
    }
    // plotters says only how large the picture is; a page wants it to shrink, and a screen reader to tell what it is.
    let (wide, high) = size(scene);
    // Nothing is see-through but what says another opacity: thousands of shapes would say this.
    let body = text.split_once('>').map_or("", |(_, body)| body).replace(" opacity=\"1\"", "");
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {wide} {high}\" role=\"img\" \
         aria-label=\"{}\">{}{body}",
        scene.width,
        scene.height,
        escape(alt),
        dark::style(scene, body.as_str()),
    ))
}

/// The scene as a PNG, at twice its size for fine screens.
pub(crate) fn to_png(name: &str, scene: &Scene) -> Result<Vec<u8>, ReportError> {
    let (wide, high) = size(scene);
    let mut pixels = vec![255_u8; wide as usize * high as usize * 3];
    {
        let root = BitMapBackend::with_buffer(&mut pixels, (wide, high)).into_drawing_area();
        let shapes = scene.shapes.iter().filter(|shape| !matches!(shape, Shape::Text { .. }));
        draw(shapes, &root).map_err(|detail| ReportError::draw(name, detail))?;
        root.present().map_err(|error| ReportError::draw(name, error))?;
    }
    letters(scene, &mut Pixels { bytes: &mut pixels, width: wide as usize });
    encoded(&indexed(&pixels, wide as usize), (wide, high)).map_err(|error| ReportError::draw(name, error))
}

fn size(scene: &Scene) -> (u32, u32) {
    ((scene.width * FINE).round() as u32, (scene.height * FINE).round() as u32)
}

/// The scene's texts. Nothing is ever drawn over a text, so they can come last.
fn letters(scene: &Scene, pixels: &mut Pixels<'_>) {
    for shape in &scene.shapes {
        if let Shape::Text { at, text, size, colour, bold, align } = shape {
            pixels.text((at.0 * FINE, at.1 * FINE), text, size * FINE, (colour.light, *bold), *align);
        }
    }
}

fn draw<'a, B: DrawingBackend>(
    mut shapes: impl Iterator<Item = &'a Shape>,
    root: &DrawingArea<B, plotters::coord::Shift>,
) -> Result<(), String> {
    register_fonts();
    shapes.try_for_each(|shape| draw_shape(shape, root)).map_err(|error| error.to_string())
}

type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

fn draw_shape<B: DrawingBackend>(shape: &Shape, root: &DrawingArea<B, plotters::coord::Shift>) -> Drawn<B> {
    match shape {
        Shape::Fill { from, to, colour, alpha } => {
            root.draw(&Rectangle::new([fine(*from), fine(*to)], rgb(*colour).mix(*alpha).filled()))
        }
        Shape::Line { points, colour, width } => {
            let style = rgb(*colour).stroke_width((width * FINE).round() as u32);
            root.draw(&PathElement::new(distinct(points), style))
        }
        Shape::Polygon { points, colour } => {
            root.draw(&Polygon::new(points.iter().map(|p| fine(*p)).collect::<Vec<_>>(), rgb(*colour).filled()))
        }
        Shape::Disc { centre, radius, colour } => {
            root.draw(&Circle::new(fine(*centre), (radius * FINE).round() as i32, rgb(*colour).filled()))
        }
        Shape::Text { at, text, size, colour, bold, align } => {
            let style = if *bold { FontStyle::Bold } else { FontStyle::Normal };
            let font = FontDesc::new(FontFamily::Name(FAMILY), size * FINE, style);
            let across = match align {
                Align::Left => HPos::Left,
                Align::Middle => HPos::Center,
                Align::Right => HPos::Right,
            };
            let colour = rgb(*colour);
            let style = TextStyle::from(font).color(&colour).pos(Pos::new(across, VPos::Center));
            root.draw(&Text::new(text.as_str(), fine(*at), style))
        }
    }
}

fn fine((x, y): Point) -> (i32, i32) {
    ((x * FINE).round() as i32, (y * FINE).round() as i32)
}

/// The points that can be told apart: plotters cannot tell which way a line of no length goes, and a page carries each.
fn distinct(points: &[Point]) -> Vec<(i32, i32)> {
    let mut distinct: Vec<(i32, i32)> = points.iter().map(|point| fine(*point)).collect();
    distinct.dedup();
    simplified(&distinct)
}

/// As on a light page: what is dark for a dark one, the style says.
fn rgb(Colour { light: [red, green, blue], .. }: Colour) -> RGBColor {
    RGBColor(red, green, blue)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

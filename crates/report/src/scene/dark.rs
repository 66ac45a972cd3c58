//! A chart on a dark page: a style within the SVG that gives every colour its counterpart. Viewers that know no such style, and
//! paper, have the colours of the light page.

use super::colour::Rgb;
use super::{Scene, Shape};
use std::collections::BTreeMap;

/// The style for a chart that was drawn as `body`: a rule for each colour and each use that `body` makes of it.
pub(super) fn style(scene: &Scene, body: &str) -> String {
    let mut rules = String::new();
    for (light, dark) in counterparts(scene) {
        let (light, dark) = (hex(light), hex(dark));
        for attribute in ["fill", "stroke"] {
            let with = format!("{attribute}=\"{light}\"");
            if body.contains(&with) {
                rules += &format!("[{with}]{{{attribute}:{dark}}}");
            }
        }
    }
    format!("\n<style>@media screen and (prefers-color-scheme:dark){{{rules}}}</style>")
}

/// The colours of a chart, each with that of a dark page. Of two that are one colour on a light page the first counts; a test holds
/// that charts have none.
fn counterparts(scene: &Scene) -> BTreeMap<Rgb, Rgb> {
    let mut of = BTreeMap::new();
    for shape in &scene.shapes {
        let colour = shape.colour();
        of.entry(colour.light).or_insert(colour.dark);
    }
    of
}

/// As plotters writes it.
fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

impl Shape {
    pub(super) fn colour(&self) -> super::Colour {
        match self {
            Self::Fill { colour, .. }
            | Self::Line { colour, .. }
            | Self::Polygon { colour, .. }
            | Self::Disc { colour, .. }
            | Self::Text { colour, .. } => *colour,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Align, BODY, DARK, GREY, PAPER, to_svg};
    use super::*;

    fn chart() -> Scene {
        let mut scene = Scene { width: 100.0, height: 50.0, shapes: Vec::new() };
        scene.fill((0.0, 0.0), (100.0, 50.0), PAPER);
        scene.line(&[(0.0, 0.0), (50.0, 50.0)], [0, 40, 90], 2.0);
        scene.disc((20.0, 20.0), 4.0, GREY);
        scene.text((20.0, 40.0), "fill=\"#010203\"", BODY, DARK, Align::Left);
        scene
    }

    #[test]
    fn whatever_is_drawn_has_its_colour_for_a_dark_page() {
        let svg = to_svg("chart", "a chart", &chart()).unwrap();
        let (_, rest) = svg.split_once("<style>").unwrap();
        let (style, body) = rest.split_once("</style>").unwrap();
        for attribute in ["fill", "stroke"] {
            for rest in body.split(&format!(" {attribute}=\"#")).skip(1) {
                let colour = &rest[..6];
                assert!(style.contains(&format!("[{attribute}=\"#{colour}\"]{{{attribute}:#")), "{colour}: {style}");
            }
        }
        assert!(style.contains("[fill=\"#FFFFFF\"]{fill:#0D1117}"), "{style}");
        // On paper, and where no style is known, nothing is dark.
        assert!(style.starts_with("@media screen and (prefers-color-scheme:dark){"), "{style}");
        assert!(body.contains("fill=\"#FFFFFF\""));
    }
}

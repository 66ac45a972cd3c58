//! Text: how wide it is, where it is broken, and its letters as pixels.
//!
//! plotters sets the letters of bitmaps at whole pixels and without their side bearings, which shows. So text is measured
//! and, for bitmaps, drawn here; in SVG the viewer draws it. The fonts are the same.

use super::colour::Rgb;
use super::{Align, Point};
use ab_glyph::{Font, FontRef, Glyph, OutlinedGlyph, PxScale, ScaleFont, point};
use std::sync::LazyLock;

/// plotters takes 1.24 times the size of the letter M's square for the size of a font. So do we, so that text is as large
/// in bitmaps as in SVG.
const LINE: f32 = 1.24;
/// Half the height of an x, as a share of the size: by so much a line of text is set below the middle it is given, as SVG
/// does it.
const HALF_X: f64 = 0.547 / 2.0 / LINE as f64;

static FONTS: LazyLock<[FontRef<'static>; 2]> = LazyLock::new(|| {
    [crate::fonts::REGULAR, crate::fonts::BOLD]
        .map(|bytes| FontRef::try_from_slice(bytes).expect("the font in this crate is a font"))
});

/// The font, and its scale for a size.
fn font(size: f64, bold: bool) -> (&'static FontRef<'static>, PxScale) {
    let font = &FONTS[usize::from(bold)];
    let square = size as f32 / LINE;
    (font, PxScale::from(square * font.height_unscaled() / font.units_per_em().unwrap_or(2048.0)))
}

/// The glyphs of a line from x = 0, and where it ends.
fn set(text: &str, size: f64, bold: bool) -> (Vec<Glyph>, f32) {
    let (font, scale) = font(size, bold);
    let scaled = font.as_scaled(scale);
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut x = 0.0;
    for letter in text.chars() {
        let id = scaled.glyph_id(letter);
        if let Some(before) = glyphs.last() {
            x += scaled.kern(before.id, id);
        }
        glyphs.push(id.with_scale_and_position(scale, point(x, 0.0)));
        x += scaled.h_advance(id);
    }
    (glyphs, x)
}

/// The width of a line of text in pixels.
pub(crate) fn width(text: &str, size: f64, bold: bool) -> f64 {
    f64::from(set(text, size, bold).1)
}

/// A picture in memory: rows of red, green, blue.
pub(crate) struct Pixels<'a> {
    pub(crate) bytes: &'a mut [u8],
    pub(crate) width: usize,
}

impl Pixels<'_> {
    /// Draws a line of text, its middle at the height of `at`.
    pub(crate) fn text(&mut self, at: Point, text: &str, size: f64, (colour, bold): (Rgb, bool), align: Align) {
        let (glyphs, wide) = set(text, size, bold);
        let left = match align {
            Align::Left => at.0,
            Align::Middle => at.0 - f64::from(wide) / 2.0,
            Align::Right => at.0 - f64::from(wide),
        };
        let baseline = (at.1 + size * HALF_X).round();
        for mut glyph in glyphs {
            glyph.position.x += left as f32;
            glyph.position.y += baseline as f32;
            if let Some(outline) = font(size, bold).0.outline_glyph(glyph) {
                self.letter(&outline, colour);
            }
        }
    }

    fn letter(&mut self, outline: &OutlinedGlyph, colour: Rgb) {
        let corner = outline.px_bounds().min;
        outline.draw(|x, y, covered| {
            let (x, y) = (corner.x as i64 + i64::from(x), corner.y as i64 + i64::from(y));
            let Ok(column) = usize::try_from(x) else { return };
            let Ok(row) = usize::try_from(y) else { return };
            if column >= self.width {
                return;
            }
            let place = (row * self.width + column) * 3;
            let Some(pixel) = self.bytes.get_mut(place..place + 3) else { return };
            for (channel, ink) in pixel.iter_mut().zip(colour) {
                let mixed = f32::from(*channel) + (f32::from(ink) - f32::from(*channel)) * covered.clamp(0.0, 1.0);
                *channel = mixed.round() as u8;
            }
        });
    }
}

/// The text broken at spaces into lines no wider than `limit`.
pub(crate) fn wrap(text: &str, size: f64, limit: f64) -> Vec<String> {
    wrapped(text, limit, &|text| width(text, size, false))
}

/// The same of bold text.
pub(crate) fn wrap_bold(text: &str, size: f64, limit: f64) -> Vec<String> {
    wrapped(text, limit, &|text| width(text, size, true))
}

fn wrapped(text: &str, limit: f64, wide: &dyn Fn(&str) -> f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if wide(&format!("{line} {word}")) <= limit => *line += &format!(" {word}"),
            _ => lines.push(shortened(word, limit, wide)),
        }
    }
    lines
}

/// The text cut to fit, with an ellipsis where something was cut.
pub(crate) fn shorten(text: &str, size: f64, limit: f64) -> String {
    shortened(text, limit, &|text| width(text, size, false))
}

fn shortened(text: &str, limit: f64, wide: &dyn Fn(&str) -> f64) -> String {
    if wide(text) <= limit {
        return text.to_owned();
    }
    let mut short: String = text.to_owned();
    while !short.is_empty() && wide(&format!("{short}…")) > limit {
        short.pop();
    }
    short + "…"
}

/// A name cut to fit in its middle: arms of one group differ at the end. Of a pair each name keeps its end.
pub(crate) fn shorten_name(name: &str, size: f64, limit: f64) -> String {
    const VS: &str = " vs ";
    if width(name, size, false) <= limit {
        return name.to_owned();
    }
    if let Some((one, other)) = name.split_once(VS) {
        let room = (limit - width(VS, size, false)) / 2.0;
        return format!("{}{VS}{}", shorten_name(one, size, room), shorten_name(other, size, room));
    }
    let letters: Vec<char> = name.chars().collect();
    // Two thirds of what stays are the end's.
    let cut = |kept: usize| -> String {
        let (head, tail) = (&letters[..kept / 3], &letters[letters.len() - (kept - kept / 3)..]);
        head.iter().chain(&['…']).chain(tail).collect()
    };
    let fits = (0..letters.len()).rev().map(cut).find(|short| width(short, size, false) <= limit);
    fits.unwrap_or_else(|| "…".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_allowed() {
        let lines = wrap("one two three four five six", 15.0, 80.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| width(line, 15.0, false) <= 80.0), "{lines:?}");
        assert_eq!(lines.join(" "), "one two three four five six");
        assert!(shorten("aVeryLongNameWithoutSpaces", 15.0, 60.0).ends_with('…'));
    }

    #[test]
    fn names_that_differ_at_the_end_still_do_when_they_are_cut() {
        let names =
            ["a-name-of-a-group-of-arms ttl-ms=1000 capacity=50", "a-name-of-a-group-of-arms ttl-ms=1000 capacity=300"];
        let short = names.map(|name| shorten_name(name, 15.0, 200.0));
        assert!(short[0].ends_with("capacity=50") && short[1].ends_with("capacity=300"), "{short:?}");
        assert!(short.iter().all(|name| name.starts_with("a-na") && width(name, 15.0, false) <= 200.0), "{short:?}");
        let pair = shorten_name(&names.join(" vs "), 15.0, 400.0);
        assert!(pair.contains("capacity=50 vs a") && pair.ends_with("capacity=300"), "{pair}");
        assert!(width(&pair, 15.0, false) <= 400.0);
        assert_eq!(shorten_name("short", 15.0, 200.0), "short");
    }

    #[test]
    fn text_beyond_the_picture_is_left_out() {
        let mut bytes = vec![255; 10 * 10 * 3];
        Pixels { bytes: &mut bytes, width: 10 }.text((-20.0, 9.0), "mmmmm", 20.0, ([0; 3], false), Align::Left);
        assert!(bytes.iter().any(|byte| *byte < 128));
    }
}

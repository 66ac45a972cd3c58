//! Colours: each is two, one on a light page and one on a dark page.

use crate::oklab::{at_lightness, to_oklab};

/// Red, green, blue.
pub(crate) type Rgb = [u8; 3];

/// A colour of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Colour {
    /// On a light page, and in bitmaps.
    pub(crate) light: Rgb,
    /// On a dark page.
    pub(crate) dark: Rgb,
}

/// The page itself.
pub(crate) const PAPER: Colour = Colour::new([255; 3], [13, 17, 23]);
/// Text and axes.
pub(crate) const DARK: Colour = Colour::new([31, 35, 40], [230, 237, 243]);
/// Less important text.
pub(crate) const GREY: Colour = Colour::new([87, 96, 106], [156, 164, 174]);
/// Grid lines.
pub(crate) const GRID: Colour = Colour::new([226, 230, 234], [41, 48, 57]);
/// The lines under the data.
pub(crate) const AXIS: Colour = Colour::new([140, 149, 159], [110, 119, 129]);

/// What failed, and the line that is not to be passed.
pub(crate) const RED: Colour = Colour::new([207, 34, 46], [248, 81, 73]);

/// Lightness on a light page and on a dark one. The darkest colours would be lost on a dark page, so they are lighter there; the
/// light ones stay, for those that are told apart by lightness alone have no room to spare.
const LIGHTNESS: [(f64, f64); 3] = [(0.32, 0.42), (0.60, 0.64), (0.90, 0.90)];

impl Colour {
    pub(crate) const fn new(light: Rgb, dark: Rgb) -> Self {
        Self { light, dark }
    }
}

/// A colour of data: the hue stays, and what is lighter than another stays lighter.
impl From<Rgb> for Colour {
    fn from(light: Rgb) -> Self {
        Self::new(light, at_lightness(light, on_dark(to_oklab(light)[0])))
    }
}

fn on_dark(lightness: f64) -> f64 {
    let [darkest, middle, lightest] = LIGHTNESS;
    let (from, to) = if lightness < middle.0 { (darkest, middle) } else { (middle, lightest) };
    let along = ((lightness - from.0) / (to.0 - from.0)).clamp(0.0, 1.0);
    from.1 + (to.1 - from.1) * along
}

/// A colour mixed with the paper: 0 leaves it, 1 is the paper.
pub(crate) fn paler(colour: impl Into<Colour>, share: f64) -> Colour {
    mixed(colour.into(), PAPER, share)
}

/// A colour mixed with black.
pub(crate) fn darker(colour: impl Into<Colour>, share: f64) -> Colour {
    mixed(colour.into(), Colour::new([0; 3], [0; 3]), share)
}

fn mixed(colour: Colour, with: Colour, share: f64) -> Colour {
    let mix = |from: Rgb, to: Rgb| {
        let mut mixed = from;
        for (channel, to) in mixed.iter_mut().zip(to) {
            *channel = (f64::from(*channel) + (f64::from(to) - f64::from(*channel)) * share).round() as u8;
        }
        mixed
    };
    Colour::new(mix(colour.light, with.light), mix(colour.dark, with.dark))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oklab::eyes::contrast;

    #[test]
    fn text_can_be_read_on_either_page() {
        for text in [DARK, GREY] {
            let contrasts = [contrast(text.light, PAPER.light), contrast(text.dark, PAPER.dark)];
            assert!(contrasts.iter().all(|contrast| *contrast > 4.5), "{text:?}: {contrasts:?}");
        }
    }

    #[test]
    fn a_dark_colour_is_lighter_on_a_dark_page_and_keeps_its_hue() {
        let navy = Colour::from([0, 40, 90]);
        assert_eq!(navy.light, [0, 40, 90]);
        let ([was, ..], [is, a, b]) = (to_oklab(navy.light), to_oklab(navy.dark));
        assert!(is > was + 0.1 && b < -0.05 && a.abs() < 0.05, "{navy:?}");
        assert!(contrast(navy.dark, PAPER.dark) > 2.0 && contrast(navy.light, PAPER.dark) < 1.5);
    }

    #[test]
    fn mixing_goes_from_the_colour_to_the_paper_or_to_black() {
        let blue = Colour::from([0, 114, 178]);
        assert_eq!((paler(blue, 0.0), paler(blue, 1.0)), (blue, PAPER));
        assert_eq!(darker(blue, 1.0), Colour::new([0; 3], [0; 3]));
        assert_eq!(paler([0, 0, 0], 0.5).light, [128; 3]);
    }
}

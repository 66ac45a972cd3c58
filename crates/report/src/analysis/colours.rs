//! Colours of lines: one for each strategy, shades of it for its arms.
//!
//! Shades are steps of lightness in the OKLab space, where equal steps look equal. Lightness is what people see who see few hues, so arms of one strategy are told apart by it,
//! and strategies by hues that were chosen to differ for them too (Okabe and Ito, "Color Universal Design").

use crate::oklab::{at_lightness, to_oklab};

/// Colours for strategies that the manifest gives none: told apart by people who see colours in any of the usual ways.
pub(super) const FALLBACK: [[u8; 3]; 7] =
    [[86, 86, 96], [0, 114, 178], [213, 94, 0], [0, 158, 115], [204, 121, 167], [230, 159, 0], [86, 180, 233]];

/// Between which lightnesses shades are, on a light page. What is lighter is hardly seen on white: 0.72 is a contrast of 2.5.
const DARKEST: f64 = 0.32;
const LIGHTEST: f64 = 0.72;

/// The shade of `full` for the arm at `place` among `arms` of one strategy, dark to light; `full` itself where it is alone.
pub(super) fn shade(full: [u8; 3], place: usize, arms: usize) -> [u8; 3] {
    if arms < 2 {
        return full;
    }
    let [_, a, b] = to_oklab(full);
    // Each hue has steps of its own between those of others: for some eyes red and green are one.
    let shift = (b.atan2(a) / std::f64::consts::TAU).rem_euclid(1.0);
    let lightness = DARKEST + (LIGHTEST - DARKEST) * (place as f64 + shift) / arms as f64;
    at_lightness(full, lightness)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oklab::eyes::{contrast, least};
    use crate::scene::{Colour, PAPER};

    /// On a light page, and on a dark one.
    fn both(colours: &[[u8; 3]]) -> [Vec<[u8; 3]>; 2] {
        let dark = |colour: &[u8; 3]| Colour::from(*colour).dark;
        [colours.to_vec(), colours.iter().map(dark).collect()]
    }

    #[test]
    fn a_strategy_alone_has_its_own_colour_and_arms_have_shades_of_it() {
        assert_eq!(shade([0, 114, 178], 0, 1), [0, 114, 178]);
        let shades: Vec<_> = (0..5).map(|place| to_oklab(shade([0, 114, 178], place, 5))).collect();
        assert!(shades.windows(2).all(|pair| pair[1][0] - pair[0][0] > 0.075), "{shades:?}");
        assert!(shades.iter().all(|[_, _, b]| *b < 0.0), "all of them are blue: {shades:?}");
    }

    #[test]
    fn strategies_alone_can_be_told_apart_on_either_page_and_seen() {
        let [light, dark] = both(&FALLBACK);
        assert!(least(&light) > 0.065 && least(&dark) > 0.065, "{}, {}", least(&light), least(&dark));
        for colour in dark {
            assert!(contrast(colour, PAPER.dark) > 3.0, "{colour:?}: {}", contrast(colour, PAPER.dark));
        }
    }

    #[test]
    fn every_shade_can_be_seen_on_either_page() {
        for (full, arms) in FALLBACK.iter().flat_map(|full| (2..=12).map(move |arms| (*full, arms))) {
            let shades: Vec<_> = (0..arms).map(|place| shade(full, place, arms)).collect();
            let [light, dark] = both(&shades);
            let seen = |colours: Vec<[u8; 3]>, paper| colours.into_iter().map(move |colour| contrast(colour, paper));
            let lightest = seen(light, PAPER.light).fold(f64::INFINITY, f64::min);
            let darkest = seen(dark, PAPER.dark).fold(f64::INFINITY, f64::min);
            assert!(lightest > 2.45 && darkest > 2.15, "{arms} arms of {full:?}: {lightest:.2}, {darkest:.2}");
        }
    }

    #[test]
    fn twenty_lines_can_be_told_apart_whatever_one_s_eyes() {
        let twenty: Vec<_> = FALLBACK[..4].iter().flat_map(|full| (0..5).map(|place| shade(*full, place, 5))).collect();
        assert_eq!(twenty.len(), 20);
        let one: Vec<_> = (0..12).map(|place| shade(FALLBACK[1], place, 12)).collect();
        for (twenty, one) in both(&twenty).iter().zip(both(&one)) {
            assert!(least(twenty) > 0.02, "{}", least(twenty));
            assert!(least(&one) > 0.02, "{}", least(&one));
        }
        // What the test can see: two colours that differ by a hue that some people do not see.
        assert!(least(&[[200, 120, 0], [130, 160, 0]]) < 0.1);
    }
}

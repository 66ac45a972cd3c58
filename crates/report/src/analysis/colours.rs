//! Colours of lines: one for each strategy, shades of it for its arms.
//!
//! Shades are steps of lightness in the OKLab space (Björn Ottosson, "A perceptual color space for image processing", 2020),
//! where equal steps look equal. Lightness is what people see who see few hues, so arms of one strategy are told apart by it,
//! and strategies by hues that were chosen to differ for them too (Okabe and Ito, "Color Universal Design").

/// Colours for strategies that the manifest gives none: told apart by people who see colours in any of the usual ways.
pub(super) const FALLBACK: [[u8; 3]; 7] =
    [[86, 86, 96], [0, 114, 178], [213, 94, 0], [0, 158, 115], [204, 121, 167], [230, 159, 0], [86, 180, 233]];

/// The lightness of the darkest shade and of the lightest: both can be seen on white and on a dark page.
const DARKEST: f64 = 0.32;
const LIGHTEST: f64 = 0.90;

/// The shade of `full` for the arm at `place` among `arms` of one strategy, dark to light; `full` itself where it is alone.
pub(super) fn shade(full: [u8; 3], place: usize, arms: usize) -> [u8; 3] {
    if arms < 2 {
        return full;
    }
    let [_, a, b] = to_oklab(full);
    // Each hue has steps of its own between those of others: for some eyes red and green are one.
    let shift = (b.atan2(a) / std::f64::consts::TAU).rem_euclid(1.0);
    let lightness = DARKEST + (LIGHTEST - DARKEST) * (place as f64 + shift) / arms as f64;
    // The most of the hue that the screen can show at this lightness.
    let fits = |share: f64| of_oklab([lightness, a * share, b * share]);
    (0..=20).rev().find_map(|step| fits(f64::from(step) / 20.0)).unwrap_or(full)
}

fn linear(channel: u8) -> f64 {
    let channel = f64::from(channel) / 255.0;
    if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
}

/// None where the screen has no such colour.
fn to_channel(linear: f64) -> Option<u8> {
    if !(-0.001..=1.001).contains(&linear) {
        return None;
    }
    let linear = linear.clamp(0.0, 1.0);
    let channel = if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
    Some((channel * 255.0).round() as u8)
}

fn times(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(factor, value)| factor * value).sum())
}

const TO_CONES: [[f64; 3]; 3] = [
    [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
    [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
    [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
];
const TO_LAB: [[f64; 3]; 3] = [
    [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
    [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
    [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
];
const OF_LAB: [[f64; 3]; 3] = [
    [1.0, 0.396_337_777_4, 0.215_803_757_3],
    [1.0, -0.105_561_345_8, -0.063_854_172_8],
    [1.0, -0.089_484_177_5, -1.291_485_548_0],
];
const OF_CONES: [[f64; 3]; 3] = [
    [4.076_741_662_1, -3.307_711_591_3, 0.230_969_929_2],
    [-1.268_438_004_6, 2.609_757_401_1, -0.341_319_396_5],
    [-0.004_196_086_3, -0.703_418_614_7, 1.707_614_701_0],
];

fn to_oklab(colour: [u8; 3]) -> [f64; 3] {
    times(TO_LAB, times(TO_CONES, colour.map(linear)).map(f64::cbrt))
}

fn of_oklab(lab: [f64; 3]) -> Option<[u8; 3]> {
    let [red, green, blue] = times(OF_CONES, times(OF_LAB, lab).map(|cone| cone.powi(3)));
    Some([to_channel(red)?, to_channel(green)?, to_channel(blue)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How the colours look to people without long-, middle- or short-wave cones, on linear channels (Machado, Oliveira and
    /// Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1).
    const EYES: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ];

    fn seen(colour: [u8; 3], eye: [[f64; 3]; 3]) -> [f64; 3] {
        let linear = times(eye, colour.map(linear)).map(|channel| channel.clamp(0.0, 1.0));
        times(TO_LAB, times(TO_CONES, linear).map(f64::cbrt))
    }

    fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }

    /// The least distance between two of the colours, for whoever tells them apart worst.
    fn least(colours: &[[u8; 3]]) -> f64 {
        let pairs = colours.iter().enumerate().flat_map(|(at, a)| colours[..at].iter().map(move |b| (*a, *b)));
        EYES.iter()
            .flat_map(|eye| pairs.clone().map(|(a, b)| distance(seen(a, *eye), seen(b, *eye))))
            .fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn a_strategy_alone_has_its_own_colour_and_arms_have_shades_of_it() {
        assert_eq!(shade([0, 114, 178], 0, 1), [0, 114, 178]);
        let shades: Vec<_> = (0..5).map(|place| to_oklab(shade([0, 114, 178], place, 5))).collect();
        assert!(shades.windows(2).all(|pair| pair[1][0] - pair[0][0] > 0.09), "{shades:?}");
        assert!(shades.iter().all(|[_, _, b]| *b < 0.0), "all of them are blue: {shades:?}");
    }

    #[test]
    fn there_and_back_is_the_same_colour() {
        for colour in FALLBACK {
            assert_eq!(of_oklab(to_oklab(colour)), Some(colour));
        }
    }

    #[test]
    fn twenty_lines_can_be_told_apart_whatever_one_s_eyes() {
        let twenty: Vec<_> = FALLBACK[..4].iter().flat_map(|full| (0..5).map(|place| shade(*full, place, 5))).collect();
        assert_eq!(twenty.len(), 20);
        assert!(least(&twenty) > 0.02, "{}", least(&twenty));
        // What the test can see: two colours that differ by a hue that some people do not see.
        assert!(least(&[[200, 120, 0], [130, 160, 0]]) < 0.1);
        let one: Vec<_> = (0..12).map(|place| shade(FALLBACK[1], place, 12)).collect();
        assert!(least(&one) > 0.035, "{}", least(&one));
    }
}

//! Colours as eyes see them: the OKLab space (Björn Ottosson, "A perceptual color space for image processing", 2020), where equal
//! steps look equal.

/// Lightness (0 black, 1 white), and the two axes of hue: green to red, blue to yellow.
pub(crate) type Lab = [f64; 3];

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

pub(crate) fn to_oklab(colour: [u8; 3]) -> Lab {
    of_linear(colour.map(linear))
}

/// The same of light that is not yet a screen's: linear channels from 0 to 1.
pub(crate) fn of_linear(channels: [f64; 3]) -> Lab {
    times(TO_LAB, times(TO_CONES, channels).map(f64::cbrt))
}

/// None where the screen has no such colour.
pub(crate) fn of_oklab(lab: Lab) -> Option<[u8; 3]> {
    let [red, green, blue] = times(OF_CONES, times(OF_LAB, lab).map(|cone| cone.powi(3)));
    Some([to_channel(red)?, to_channel(green)?, to_channel(blue)?])
}

/// The colour's hue at another lightness, with the most of it that the screen can show there.
pub(crate) fn at_lightness(colour: [u8; 3], lightness: f64) -> [u8; 3] {
    let [_, a, b] = to_oklab(colour);
    let fits = |share: f64| of_oklab([lightness, a * share, b * share]);
    (0..=20).rev().find_map(|step| fits(f64::from(step) / 20.0)).unwrap_or(colour)
}

pub(crate) fn linear(channel: u8) -> f64 {
    let channel = f64::from(channel) / 255.0;
    if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
}

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

#[cfg(test)]
pub(crate) mod eyes {
    use super::*;

    /// How the colours look to people without long-, middle- or short-wave cones, on linear channels (Machado, Oliveira and
    /// Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1).
    const EYES: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ];

    fn seen(colour: [u8; 3], eye: [[f64; 3]; 3]) -> Lab {
        of_linear(times(eye, colour.map(linear)).map(|channel| channel.clamp(0.0, 1.0)))
    }

    fn distance(a: Lab, b: Lab) -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }

    /// The least distance between two of the colours, for whoever tells them apart worst.
    pub(crate) fn least(colours: &[[u8; 3]]) -> f64 {
        let pairs = colours.iter().enumerate().flat_map(|(at, a)| colours[..at].iter().map(move |b| (*a, *b)));
        EYES.iter()
            .flat_map(|eye| pairs.clone().map(|(a, b)| distance(seen(a, *eye), seen(b, *eye))))
            .fold(f64::INFINITY, f64::min)
    }

    /// How much brighter one of two colours is than the other: 1 the same, 21 black and white (WCAG 2.2, contrast ratio).
    pub(crate) fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
        let luminance = |colour: [u8; 3]| {
            let [red, green, blue] = colour.map(linear);
            0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
        };
        let (a, b) = (luminance(a), luminance(b));
        a.max(b) / a.min(b)
    }

    #[test]
    fn there_and_back_is_the_same_colour() {
        for colour in [[86, 86, 96], [0, 114, 178], [213, 94, 0], [0, 158, 115], [230, 159, 0]] {
            assert_eq!(of_oklab(to_oklab(colour)), Some(colour));
            assert_eq!(at_lightness(colour, to_oklab(colour)[0]), colour);
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
        // The standard's own example of the least grey on white that text may have.
        assert!((contrast([0x76; 3], [255; 3]) - 4.54).abs() < 0.01);
    }
}

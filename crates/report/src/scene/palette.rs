//! A picture's pixels as numbers of a palette: 256 colours are enough for charts, and the file is half as
//! long.

use super::Colour;
use std::collections::BTreeMap;

/// The most colours of a palette.
const MOST: usize = 256;

/// Pixels of at most 256 colours.
#[derive(Debug)]
pub(super) struct Indexed {
    /// The colours, the most frequent first, three bytes each.
    pub(super) palette: Vec<u8>,
    /// The number of each pixel's colour.
    pub(super) pixels: Vec<u8>,
}

/// The same picture. Of more than 256 colours the rarest, which are those of letters' edges, become the nearest of the others.
pub(super) fn indexed(rgb: &[u8]) -> Indexed {
    let runs = runs(rgb);
    let mut counts: BTreeMap<Colour, usize> = BTreeMap::new();
    for (colour, length) in &runs {
        *counts.entry(*colour).or_default() += length;
    }
    let mut by_count: Vec<(Colour, usize)> = counts.into_iter().collect();
    by_count.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    let palette: Vec<Colour> = by_count.iter().take(MOST).map(|(colour, _)| *colour).collect();
    let number_of = |colour: &Colour| {
        let nearest = palette.iter().enumerate().min_by_key(|(_, other)| distance(colour, other));
        nearest.map_or(0, |(number, _)| number as u8)
    };
    let numbers: BTreeMap<Colour, u8> = by_count.iter().map(|(colour, _)| (*colour, number_of(colour))).collect();
    let mut pixels = Vec::with_capacity(rgb.len() / 3);
    for (colour, length) in &runs {
        pixels.resize(pixels.len() + length, numbers[colour]);
    }
    Indexed { palette: palette.concat(), pixels }
}

/// The colours, each with how many pixels in a row have it: a chart is mostly one colour.
fn runs(rgb: &[u8]) -> Vec<(Colour, usize)> {
    let (colours, _) = rgb.as_chunks::<3>();
    colours.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect()
}

fn distance(a: &Colour, b: &Colour) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_stay_as_they_are() {
        let Indexed { palette, pixels } = indexed(&[9, 9, 9, 1, 2, 3, 9, 9, 9]);
        assert_eq!((palette, pixels), (vec![9, 9, 9, 1, 2, 3], vec![0, 1, 0]));
    }

    #[test]
    fn of_many_the_rarest_become_the_nearest() {
        let shade = |value: u32| [(value % 256) as u8, (value / 256) as u8, 0];
        let mut rgb: Vec<u8> = (0..256).flat_map(|value| [shade(value), shade(value)].concat()).collect();
        rgb.extend([200, 1, 0]);
        let Indexed { palette, pixels } = indexed(&rgb);
        assert_eq!(palette.len(), 256 * 3);
        assert_eq!(palette[usize::from(pixels[512]) * 3..][..3], [200, 0, 0]);
        for (pixel, number) in pixels[..512].iter().enumerate() {
            assert_eq!(palette[usize::from(*number) * 3..][..3], rgb[pixel * 3..][..3]);
        }
    }
}

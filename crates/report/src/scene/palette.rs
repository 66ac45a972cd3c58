//! A picture's pixels as numbers of a palette: 256 colours are enough for charts, and the file is half as
//! long.

use super::colour::Rgb;
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

/// The same picture, whose rows are `width` pixels long. Of more than 256 colours the rarest, which are those of letters' edges,
/// become the nearest of the others.
pub(super) fn indexed(rgb: &[u8], width: usize) -> Indexed {
    let rows = rows(rgb, width);
    let mut counts: BTreeMap<Rgb, usize> = BTreeMap::new();
    for (row, times) in &rows {
        for run in runs(row) {
            *counts.entry(run[0]).or_default() += run.len() * times;
        }
    }
    let mut by_count: Vec<(Rgb, usize)> = counts.into_iter().collect();
    by_count.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    let palette: Vec<Rgb> = by_count.iter().take(MOST).map(|(colour, _)| *colour).collect();
    let number_of = |colour: &Rgb| {
        let nearest = palette.iter().enumerate().min_by_key(|(_, other)| distance(colour, other));
        nearest.map_or(0, |(number, _)| number as u8)
    };
    let numbers: BTreeMap<Rgb, u8> = by_count.iter().map(|(colour, _)| (*colour, number_of(colour))).collect();
    let mut pixels = Vec::with_capacity(rgb.len() / 3);
    for (row, times) in &rows {
        let begins = pixels.len();
        for run in runs(row) {
            pixels.resize(pixels.len() + run.len(), numbers[&run[0]]);
        }
        let ends = pixels.len();
        (1..*times).for_each(|_| pixels.extend_from_within(begins..ends));
    }
    Indexed { palette: palette.concat(), pixels }
}

/// The rows, each with how many in a row are the same: most of a chart is.
fn rows(rgb: &[u8], width: usize) -> Vec<(&[Rgb], usize)> {
    let mut rows: Vec<(&[Rgb], usize)> = Vec::new();
    for row in rgb.as_chunks::<3>().0.chunks(width.max(1)) {
        match rows.last_mut() {
            Some((last, times)) if last.as_flattened() == row.as_flattened() => *times += 1,
            _ => rows.push((row, 1)),
        }
    }
    rows
}

/// Pixels of one colour side by side.
fn runs(row: &[Rgb]) -> impl Iterator<Item = &[Rgb]> {
    row.chunk_by(|a, b| a == b)
}

fn distance(a: &Rgb, b: &Rgb) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_stay_as_they_are() {
        let Indexed { palette, pixels } = indexed(&[9, 9, 9, 1, 2, 3, 9, 9, 9], 3);
        assert_eq!((palette, pixels), (vec![9, 9, 9, 1, 2, 3], vec![0, 1, 0]));
    }

    #[test]
    fn rows_that_are_the_same_stay_as_many_as_they_are() {
        let (white, mixed) = ([9; 6], [9, 9, 9, 1, 2, 3]);
        let Indexed { pixels, .. } = indexed(&[white, white, white, mixed, mixed, white].concat(), 2);
        assert_eq!(pixels, [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0]);
    }

    #[test]
    fn of_many_the_rarest_become_the_nearest() {
        let shade = |value: u32| [(value % 256) as u8, (value / 256) as u8, 0];
        let mut rgb: Vec<u8> = (0..256).flat_map(|value| [shade(value), shade(value)].concat()).collect();
        rgb.extend([200, 1, 0]);
        let Indexed { palette, pixels } = indexed(&rgb, rgb.len() / 3);
        assert_eq!(palette.len(), 256 * 3);
        assert_eq!(palette[usize::from(pixels[512]) * 3..][..3], [200, 0, 0]);
        for (pixel, number) in pixels[..512].iter().enumerate() {
            assert_eq!(palette[usize::from(*number) * 3..][..3], rgb[pixel * 3..][..3]);
        }
    }
}

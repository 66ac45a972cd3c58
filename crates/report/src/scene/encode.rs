//! A picture of at most 256 colours as a PNG.

use super::palette::Indexed;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use png::EncodingError;
use std::io::Write;

/// Of zlib's ten. The greatest takes eight times as long for a file that is an eighth smaller.
const LEVEL: u32 = 6;
/// A row's pixels as they are: rows of flat colours and thin lines are longer under any filter, which are made for photographs.
const NO_FILTER: u8 = 0;

/// The file. All rows are compressed at once: png would clear a buffer for each, which takes as long as compressing them.
pub(super) fn encoded(picture: &Indexed, (wide, high): (u32, u32)) -> Result<Vec<u8>, EncodingError> {
    let mut rows = Vec::with_capacity(picture.pixels.len() + high as usize);
    for row in picture.pixels.chunks(wide.max(1) as usize) {
        rows.push(NO_FILTER);
        rows.extend_from_slice(row);
    }
    let mut compressed = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    compressed.write_all(&rows)?;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, wide, high);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(&picture.palette);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_chunk(png::chunk::IDAT, &compressed.finish()?)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_finds_the_pixels_and_their_colours() {
        let picture = Indexed { palette: vec![255, 255, 255, 9, 8, 7], pixels: vec![0, 1, 1, 1, 0, 0] };
        let bytes = encoded(&picture, (3, 2)).unwrap();
        let mut decoder = png::Decoder::new(bytes.as_slice());
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (3, 2));
        let (white, dark) = ([255; 3], [9, 8, 7]);
        assert_eq!(pixels, [white, dark, dark, dark, white, white].concat());
    }
}

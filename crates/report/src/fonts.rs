//! The letters of the charts. They come with the crate, so a chart looks the same on a machine without fonts.

use plotters::style::{FontStyle, register_font};
use std::sync::Once;

/// The name under which the font is known to plotters, and which SVG viewers take for a font of their own.
pub(crate) const FAMILY: &str = "sans-serif";

/// DejaVu Sans; its licence lies beside it.
pub(crate) const REGULAR: &[u8] = include_bytes!("../fonts/DejaVuSans.ttf");
/// DejaVu Sans Bold.
pub(crate) const BOLD: &[u8] = include_bytes!("../fonts/DejaVuSans-Bold.ttf");

static REGISTERED: Once = Once::new();

/// Gives plotters the DejaVu fonts under the name `sans-serif`. To be called before anything is drawn with plotters, also
/// by others in the same program (criterion's charts need it too); more calls do nothing.
///
/// # Panics
/// Never: the fonts are part of the program.
pub fn register_fonts() {
    REGISTERED.call_once(|| {
        for (style, bytes) in [(FontStyle::Normal, REGULAR), (FontStyle::Bold, BOLD)] {
            assert!(register_font(FAMILY, style, bytes).is_ok(), "the font in this crate is a font");
        }
    });
}

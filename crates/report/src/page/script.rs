//! The page's script, and how its policy knows it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Sorts, filters, unfolds. It stands in the page as it stands in the file.
pub(super) const SCRIPT: &str = include_str!("../../templates/report.js");

/// What the page may run: this script, by its hash, and nothing else.
pub(super) fn source() -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(SCRIPT)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A script ends at the first of these, and one with a carriage return is not what a browser takes the hash of.
    #[test]
    fn the_script_can_stand_in_a_page() {
        for text in ["</", "<!--", "\r"] {
            assert!(!SCRIPT.contains(text), "{text:?}");
        }
    }

    #[test]
    fn the_script_asks_for_nothing_and_makes_no_markup_of_text() {
        for text in [
            "fetch",
            "XMLHttpRequest",
            "import",
            "eval",
            "innerHTML",
            "outerHTML",
            "document.write",
            "http",
            "insertAdjacent",
        ] {
            assert!(!SCRIPT.contains(text), "{text}");
        }
    }
}

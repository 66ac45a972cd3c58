//! What is wrong with the text of an assertion.

use crate::figure::UnknownFigure;

/// Why a text is no assertion.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AssertionError {
    /// It is not built like one.
    #[error("`{text}` is no assertion: {what}")]
    Malformed {
        /// The whole text.
        text: String,
        /// What is wrong, and how it should be.
        what: String,
    },
    /// Its figure is not known.
    #[error("{unknown} ({})", unknown.help())]
    Unknown {
        /// Its name.
        unknown: UnknownFigure,
    },
    /// The bound does not fit the figure.
    #[error("`{given}` is no bound of {figure}, which takes {takes}")]
    Bound {
        /// What was given.
        given: String,
        /// The figure.
        figure: &'static str,
        /// What it takes.
        takes: String,
    },
}

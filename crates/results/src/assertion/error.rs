//! What is wrong with the text of an assertion.

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
    /// A name in it is not known.
    #[error("unknown {what} `{given}` (there are: {})", known.join(", "))]
    Unknown {
        /// What the name should be of.
        what: &'static str,
        /// What was given.
        given: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// The bound does not fit the figure.
    #[error("`{given}` is no bound of {figure}, which takes {takes}")]
    Bound {
        /// What was given.
        given: String,
        /// The figure.
        figure: &'static str,
        /// What it takes.
        takes: &'static str,
    },
}

//! What went wrong of a question.

use std::io;

/// Why a question has no answer, or a refusal for one.
#[derive(Debug)]
pub(in crate::postgres) struct DirectError {
    pub(in crate::postgres) wrong: Wrong,
    /// Nothing of the question was sent.
    pub(in crate::postgres) unsent: bool,
}

/// What went wrong.
#[derive(Debug)]
pub(in crate::postgres) enum Wrong {
    Refused(Refusal),
    /// The server closed the connection and said nothing.
    Closed,
    /// What came is not the server's protocol, or not at its place.
    Protocol(String),
    /// What came in a row is not of its column's type.
    Value(String),
    Io(io::Error),
}

/// The server refuses.
#[derive(Debug)]
pub(in crate::postgres) struct Refusal {
    /// Its words.
    pub(in crate::postgres) message: String,
    /// Its SQLSTATE.
    pub(in crate::postgres) code: Option<String>,
    /// The session ends with it.
    pub(in crate::postgres) last: bool,
}

/// Of something that failed before it was sent.
impl From<io::Error> for DirectError {
    fn from(error: io::Error) -> Self {
        Self { wrong: error.into(), unsent: true }
    }
}

impl From<io::Error> for Wrong {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

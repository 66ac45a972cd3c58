//! Errors of every client, told alike.

use super::direct::error::{self, DirectError, Refusal};
use sqlx::postgres::{PgDatabaseError, PgSeverity};
use std::borrow::Cow;
use std::error::Error as _;
use std::io::{self, ErrorKind};
use tokio_postgres::error::Severity;

const CLOSED: &str = "the server closed the connection";

/// What a client said.
#[derive(Debug)]
pub(super) enum ClientError {
    Sqlx(sqlx::Error),
    Tokio(tokio_postgres::Error),
    Direct(DirectError),
}

impl ClientError {
    /// Whether nothing of what was asked can have reached the server, so far as the client tells.
    pub(super) fn unsent(&self) -> bool {
        matches!(self, Self::Direct(DirectError { unsent: true, .. }))
    }
}

impl From<sqlx::Error> for ClientError {
    fn from(error: sqlx::Error) -> Self {
        Self::Sqlx(error)
    }
}

impl From<tokio_postgres::Error> for ClientError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Tokio(error)
    }
}

impl From<DirectError> for ClientError {
    fn from(error: DirectError) -> Self {
        Self::Direct(error)
    }
}

impl From<io::Error> for ClientError {
    fn from(error: io::Error) -> Self {
        Self::Direct(error.into())
    }
}

/// What went wrong, whichever client says so.
#[derive(Debug)]
pub(super) enum Wrong<'a> {
    /// The server refuses.
    Refused {
        /// Its words.
        message: &'a str,
        /// Its SQLSTATE.
        code: Option<Cow<'a, str>>,
        /// The session ends with it.
        last: bool,
    },
    /// The server closed the connection and said nothing.
    Closed(String),
    /// What came is not the server's protocol.
    Protocol(String),
    /// What came in a row is not of its column's type.
    Value(String),
    /// Anything else, above all what the system says of the connection.
    Other(String),
}

impl Wrong<'_> {
    /// Whether the server answered, and goes on with the session.
    pub(super) fn is_answer(&self) -> bool {
        matches!(self, Self::Refused { last: false, .. })
    }
}

impl<'a> From<&'a ClientError> for Wrong<'a> {
    fn from(error: &'a ClientError) -> Self {
        match error {
            ClientError::Sqlx(error) => error.into(),
            ClientError::Tokio(error) => error.into(),
            ClientError::Direct(error) => (&error.wrong).into(),
        }
    }
}

impl<'a> From<&'a sqlx::Error> for Wrong<'a> {
    fn from(error: &'a sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(refusal) => {
                let severity = refusal.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::severity);
                let last = matches!(severity, Some(PgSeverity::Fatal | PgSeverity::Panic));
                Self::Refused { message: refusal.message(), code: refusal.code(), last }
            }
            sqlx::Error::Io(why) if why.kind() == ErrorKind::UnexpectedEof => Self::Closed(why.to_string()),
            // The system's words, without the library's around them.
            sqlx::Error::Io(why) => Self::Other(why.to_string()),
            sqlx::Error::Protocol(_) => Self::Protocol(error.to_string()),
            sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => Self::Value(error.to_string()),
            other => Self::Other(other.to_string()),
        }
    }
}

impl<'a> From<&'a tokio_postgres::Error> for Wrong<'a> {
    fn from(error: &'a tokio_postgres::Error) -> Self {
        if let Some(refusal) = error.as_db_error() {
            let last = match refusal.parsed_severity() {
                Some(severity) => matches!(severity, Severity::Fatal | Severity::Panic),
                // A pooler may have only the word that servers translate.
                None => ["FATAL", "PANIC"].contains(&refusal.severity()),
            };
            return Self::Refused { message: refusal.message(), code: Some(refusal.code().code().into()), last };
        }
        if error.is_closed() {
            return Self::Closed(CLOSED.to_owned());
        }
        // The client names no kinds: what lies behind an error tells them apart.
        let Some(source) = error.source() else { return Self::Protocol(error.to_string()) };
        match source.downcast_ref::<io::Error>() {
            Some(why) => why.into(),
            None => Self::Value(format!("{error}: {source}")),
        }
    }
}

impl<'a> From<&'a error::Wrong> for Wrong<'a> {
    fn from(wrong: &'a error::Wrong) -> Self {
        match wrong {
            error::Wrong::Refused(Refusal { message, code, last }) => {
                Self::Refused { message, code: code.as_deref().map(Cow::Borrowed), last: *last }
            }
            error::Wrong::Closed => Self::Closed(CLOSED.to_owned()),
            error::Wrong::Protocol(text) => Self::Protocol(text.clone()),
            error::Wrong::Value(text) => Self::Value(text.clone()),
            error::Wrong::Io(why) => why.into(),
        }
    }
}

/// What the system says, or a client in its words.
impl From<&io::Error> for Wrong<'_> {
    fn from(why: &io::Error) -> Self {
        match why.kind() {
            ErrorKind::UnexpectedEof => Self::Closed(why.to_string()),
            ErrorKind::InvalidData | ErrorKind::InvalidInput => Self::Protocol(why.to_string()),
            _ => Self::Other(why.to_string()),
        }
    }
}

//! Where a PostgreSQL server is, and where in it our table.

use crate::endpoint::{Endpoint, EndpointError};
use sqlx::postgres::PgConnectOptions;
use std::fmt;
use std::str::FromStr;

/// The address of a PostgreSQL server, with user and password if it wants them.
pub type PostgresEndpoint = Endpoint<PgConnectOptions>;

impl PostgresEndpoint {
    /// Reads a URL: `postgres://[user[:password]@]host[:port][/database]`, or with a socket's directory in
    /// `?host=/path`. What it leaves open comes from libpq's environment variables and `.pgpass`.
    ///
    /// # Errors
    /// [`EndpointError`], which does not repeat the URL.
    pub fn parse(url: &str) -> Result<Self, EndpointError> {
        let unreadable =
            EndpointError { server: "PostgreSQL", form: "postgres://[user[:password]@]host[:port][/database]" };
        let known = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        let options = known.then(|| PgConnectOptions::from_str(url).ok()).flatten().ok_or(unreadable)?;
        let place = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => options.get_host().to_owned(),
        };
        let database = options.get_database().unwrap_or_default();
        let shown = format!("postgres://{place}:{}/{database}", options.get_port());
        Ok(Self::new(shown, options))
    }
}

/// The name of the schema that holds our table: `cachemark`, and then maybe `_` and small letters, digits, `_`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema(String);

/// A name that may not be our schema's: naming an external server is consent to make and drop `cachemark_*`, no more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot be our schema: its name is `cachemark`, or `cachemark_` and small letters, digits or `_`")]
pub struct SchemaError(String);

/// The longest name that the server keeps whole, in bytes.
const LONGEST: usize = 63;

impl Schema {
    /// Checks a name.
    ///
    /// # Errors
    /// [`SchemaError`] if it is not of the form, or longer than 63 bytes.
    pub fn new(name: &str) -> Result<Self, SchemaError> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let rest = name.strip_prefix("cachemark").filter(|rest| rest.is_empty() || rest.starts_with('_'));
        match rest {
            Some(rest) if rest.chars().all(allowed) && name.len() <= LONGEST => Ok(Self(name.to_owned())),
            _ => Err(SchemaError(name.to_owned())),
        }
    }
}

impl Default for Schema {
    fn default() -> Self {
        Self("cachemark".to_owned())
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let endpoint = PostgresEndpoint::parse("postgres://someone:s3cret@localhost:7000/db").unwrap();
        assert_eq!(format!("{endpoint}"), "postgres://localhost:7000/db");
        assert_eq!(format!("{endpoint:?}"), "Endpoint(postgres://localhost:7000/db)");
    }

    #[test]
    fn a_url_that_cannot_be_read_is_not_repeated() {
        for url in ["postgres://u:s3cret@host:port/", "mysql://s3cret", "s3cret"] {
            let error = PostgresEndpoint::parse(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
    }

    #[test]
    fn only_names_of_ours_are_schemas() {
        for name in ["cachemark", "cachemark_run_7"] {
            assert_eq!(Schema::new(name).unwrap().to_string(), name);
        }
        for name in ["public", "cachemarks", "cachemark_A", "cachemark_a; drop", "", &format!("cachemark_{:a<60}", "")]
        {
            assert!(Schema::new(name).is_err(), "{name}");
        }
    }
}

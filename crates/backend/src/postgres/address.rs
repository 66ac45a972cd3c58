//! Where a PostgreSQL server is, and where in it our table.

use crate::endpoint::{Endpoint, EndpointError, EndpointFault, Form, Parts};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// The address of a PostgreSQL server, with user and password if it wants them.
pub type PostgresEndpoint = Endpoint<PgConnectOptions>;

const FORM: Form = Form {
    server: "PostgreSQL",
    form: "postgres://[user[:password]@]host[:port][/database]",
    schemes: &["postgres", "postgresql"],
    tls: &[],
    bare: false,
    parameters: &[
        "host",
        "hostaddr",
        "port",
        "user",
        "password",
        "dbname",
        "sslmode",
        "ssl-mode",
        "sslrootcert",
        "ssl-root-cert",
        "ssl-ca",
        "sslcert",
        "ssl-cert",
        "sslkey",
        "ssl-key",
        "statement-cache-capacity",
        "application_name",
        "options",
        "options[",
    ],
};

impl PostgresEndpoint {
    /// Reads a URL: `postgres://[user[:password]@]host[:port][/database]`, or with a socket's directory in
    /// `?host=/path`. What it leaves open comes from libpq's environment variables and `.pgpass`.
    ///
    /// # Errors
    /// [`EndpointError`], which does not repeat the URL.
    pub fn parse(url: &str) -> Result<Self, EndpointError> {
        let parts = FORM.read(url)?;
        check_values(&parts).map_err(|fault| FORM.error(fault))?;
        // The library takes a URL only, prints what it does not know of one, and resolves no host in brackets: it is
        // given one that is made here, of parameters alone, after all of them are known.
        let options = PgConnectOptions::from_str(&plain(&parts)).map_err(|_| FORM.error(EndpointFault::Other))?;
        if matches!(options.get_ssl_mode(), PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull) {
            return Err(FORM.error(EndpointFault::Tls));
        }
        let place = match options.get_socket() {
            Some(socket) => format!("{}:{}", socket.display(), options.get_port()),
            None => Parts::place(options.get_host(), options.get_port()),
        };
        let shown = format!("postgres://{place}/{}", options.get_database().unwrap_or_default());
        let user = options.get_username().to_owned();
        Ok(Self::new(shown, Some(user), options))
    }
}

fn check_values(parts: &Parts) -> Result<(), EndpointFault> {
    let bad = |name: &'static str, good: fn(&str) -> bool| {
        parts.parameter(name).is_some_and(|value| !good(value)).then_some(EndpointFault::Value(name))
    };
    let faults = [
        bad("port", |value| value.parse::<u16>().is_ok_and(|port| port > 0)),
        bad("hostaddr", |value| value.parse::<IpAddr>().is_ok()),
        bad("sslmode", |value| PgSslMode::from_str(value).is_ok()),
        bad("ssl-mode", |value| PgSslMode::from_str(value).is_ok()),
        bad("statement-cache-capacity", |value| value.parse::<usize>().is_ok()),
    ];
    faults.into_iter().flatten().next().map_or(Ok(()), Err)
}

/// The same address with every part in a parameter. Those that the URL gave as parameters come after the others, so that
/// they hold.
fn plain(parts: &Parts) -> String {
    let port = parts.port.map(|port| port.to_string());
    let database = Some(parts.path.as_str()).filter(|path| !path.is_empty());
    let host = Some(parts.host.as_str()).filter(|host| !host.is_empty());
    let places = [
        ("host", host),
        ("port", port.as_deref()),
        ("user", parts.user.as_deref()),
        ("password", parts.password.as_deref()),
        ("dbname", database),
    ];
    let places = places.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let given = parts.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let all = places.chain(given).map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    format!("postgres:///?{}", all.collect::<Vec<_>>().join("&"))
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
        let urls = [
            "postgres://u:s3cret@host:port/",
            "mysql://s3cret",
            "s3cret",
            "postgres://u:1/s3cret@h/d",
            "postgres://u:p@h/d?sslpassword=s3cret",
            "postgres://u:p@h/d?sslmode=s3cret",
            "postgres://u:p@h/d?port=s3cret",
        ];
        for url in urls {
            let error = PostgresEndpoint::parse(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
    }

    #[test]
    fn tls_is_refused_before_anything_is_reached() {
        for mode in ["require", "verify-ca", "verify-full"] {
            let error = PostgresEndpoint::parse(&format!("postgres://u@h/d?sslmode={mode}")).unwrap_err();
            assert_eq!(error.fault, EndpointFault::Tls, "{mode}");
        }
        for mode in ["disable", "allow", "prefer"] {
            assert!(PostgresEndpoint::parse(&format!("postgres://u@h/d?sslmode={mode}")).is_ok(), "{mode}");
        }
    }

    #[test]
    fn addresses_are_what_they_say() {
        let cases = [
            ("postgres://u@[::1]:7/d", "postgres://[::1]:7/d"),
            ("postgres://u@host:7/my%20d", "postgres://host:7/my d"),
            ("postgresql://u@host:7/a?dbname=b&host=other", "postgres://other:7/b"),
            ("postgres://u@%2Frun%2Fpg:7/d", "postgres:///run/pg:7/d"),
            ("postgres://u@x:7/d?host=/run/pg", "postgres:///run/pg:7/d"),
            ("postgres://u:p%26%3D%3F+@h:7/d", "postgres://h:7/d"),
        ];
        for (url, shown) in cases {
            assert_eq!(PostgresEndpoint::parse(url).unwrap().to_string(), shown);
        }
        let ipv6 = PostgresEndpoint::parse("postgres://u@[::1]:7/d").unwrap();
        assert_eq!(ipv6.connection().get_host(), "::1", "without the brackets it resolves");
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

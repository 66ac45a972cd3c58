//! The address as tokio-postgres takes it.

use percent_encoding::percent_decode_str;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

/// The same server, user, password, database and parameters.
pub(in crate::postgres) fn of(options: &PgConnectOptions) -> Config {
    let mut config = Config::new();
    match options.get_socket() {
        Some(folder) => config.host_path(folder),
        None => config.host(options.get_host()),
    };
    config.port(options.get_port()).user(options.get_username()).password(password(options));
    // No TLS is spoken here: an address that asks for it is refused where it is read.
    config.ssl_mode(SslMode::Disable);
    if let Some(database) = options.get_database() {
        config.dbname(database);
    }
    if let Some(name) = options.get_application_name() {
        config.application_name(name);
    }
    if let Some(asked) = options.get_options() {
        config.options(asked);
    }
    config
}

/// The password, wherever it was found. sqlx shows it in a URL alone, which is made here of an address that any URL can hold. Without
/// one an empty one is sent, as sqlx does: the server then says what it misses.
fn password(options: &PgConnectOptions) -> Vec<u8> {
    let url = options.clone().host("localhost").username("user").to_url_lossy();
    percent_decode_str(url.password().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postgres::PostgresEndpoint;
    use tokio_postgres::config::Host;

    fn config(url: &str) -> Config {
        of(PostgresEndpoint::parse(url).unwrap().connection())
    }

    #[test]
    fn all_that_an_address_says_is_taken_over() {
        let config =
            config("postgres://a%2Fnn:p%40%3A%2F%3F%23%25s@[::1]:7/my%20d?application_name=me&options[geqo]=off");
        assert_eq!((config.get_hosts(), config.get_ports()), (&[Host::Tcp("::1".to_owned())][..], &[7][..]));
        assert_eq!((config.get_user(), config.get_password()), (Some("a/nn"), Some(&b"p@:/?#%s"[..])));
        assert_eq!((config.get_dbname(), config.get_application_name()), (Some("my d"), Some("me")));
        assert_eq!((config.get_options(), config.get_ssl_mode()), (Some("-c geqo=off"), SslMode::Disable));
    }

    #[test]
    fn a_socket_is_a_folder() {
        for url in ["postgres://u:p@/d?host=/run/pg", "postgres://u:p@%2Frun%2Fpg/d"] {
            let config = config(url);
            assert_eq!(config.get_hosts(), [Host::Unix("/run/pg".into())], "{url}");
            assert_eq!(config.get_password(), Some(&b"p"[..]), "{url}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        assert!(!format!("{:?}", config("postgres://u:s3cret@h/d")).contains("s3cret"));
    }
}

//! The client of one session.

use std::time::Duration;

/// A client with a connection of its own. It follows no redirect, asks nothing twice and for no encoding: each would measure
/// something else. Its requests have the deadlines of their operations.
///
/// # Errors
/// If the system's certificates cannot be read, for an address that needs them.
pub(crate) fn client(connect_timeout: Duration, is_https: bool) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("cachemark/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .no_gzip()
        .tcp_nodelay(true);
    // Without certificates a client is made in microseconds, with them in milliseconds.
    if is_https { builder.build() } else { builder.tls_certs_only([]).build() }
}

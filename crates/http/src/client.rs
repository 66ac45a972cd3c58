//! The client of one session.

use std::time::Duration;

/// A client with a connection of its own. It follows no redirect, asks nothing twice and for no encoding: each would measure
/// something else. Its requests have the deadlines of their operations.
///
/// # Errors
/// If the system's certificates cannot be read, for an address that needs them.
fn client(connect_timeout: Duration, is_https: bool) -> Result<reqwest::Client, reqwest::Error> {
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

/// One client for each session, made before any of them asks: a deadline that runs while a client is made would be missed by
/// no fault of the service.
#[derive(Debug)]
pub(crate) struct Clients(Vec<reqwest::Client>);

impl Clients {
    /// # Errors
    /// As [`client`].
    pub(crate) fn new(sessions: u32, connect_timeout: Duration, is_https: bool) -> Result<Self, reqwest::Error> {
        (0..sessions.max(1)).map(|_| client(connect_timeout, is_https)).collect::<Result<_, _>>().map(Self)
    }

    /// The client of a session.
    pub(crate) fn of(&self, session: u32) -> &reqwest::Client {
        &self.0[session as usize % self.0.len()]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &reqwest::Client> {
        self.0.iter()
    }
}

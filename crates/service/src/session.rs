//! Who asks: from HTTP to an operation's context.

use crate::problem::Problem;
use crate::shared::Shared;
use axum::http::StatusCode;
use axum::http::request::Parts;
use cachemark_core::OpContext;
use std::sync::atomic::{AtomicU16, Ordering};
use tokio::time::Instant;

/// The header that names a client's session, a `u32` in decimal.
pub const SESSION_HEADER: &str = "cachemark-session";

/// The session of a connection, for requests that name none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectionSession(pub(crate) u32);

/// The session of a request: its header, else its connection's, else 0.
pub(crate) fn of(request: &Parts) -> Result<u32, Problem> {
    match request.headers.get(SESSION_HEADER) {
        None => Ok(request.extensions.get::<ConnectionSession>().map_or(0, |session| session.0)),
        Some(named) => named.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(|| {
            Problem::new(StatusCode::BAD_REQUEST, "session", format!("{SESSION_HEADER} is a number below 2^32"))
        }),
    }
}

impl<S> Shared<S> {
    /// The context of one operation. The sequence counts over all sessions, so a session that several connections
    /// name has no write id twice.
    pub(crate) fn context(&self, session: u32, deadline: Instant) -> OpContext {
        let sequence = self.sequence.fetch_add(1, Ordering::Relaxed);
        OpContext::new(session).at(sequence).on_driver(driver()).until(deadline)
    }
}

/// A number for the thread that asks, given at its first question. Meters and lanes take it modulo what they have: it
/// only has to keep threads apart.
fn driver() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    thread_local! {
        static DRIVER: u16 = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    DRIVER.with(|&driver| driver)
}

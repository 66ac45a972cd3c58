//! A caching strategy behind HTTP/1.1.
//!
//! | route | answers |
//! |---|---|
//! | `GET /items/{key}` | 200 with the bytes of the value, 304 where `If-None-Match` names its version, 404 |
//! | `PUT /items/{key}` | 201 for version 1, else 204; the body is the value, any bytes |
//! | `DELETE /items/{key}` | 204; 404 if the key was never written |
//! | `GET /items?key=a&key=b` | 200 with JSON: an outcome for each key, values in base64 |
//! | `GET /health` | 200: the process is up |
//! | `GET /ready` | 200 if the backends answer, 503 if they don't or the service is stopping |
//! | `GET /metrics` | Prometheus text 0.0.4 |
//!
//! - A key is percent-decoded strictly and must then be a [`cachemark_core::Key`]; a `/` in it is written `%2F`, and `+`
//!   stands for itself.
//! - `ETag` is the store's version (`"v7"`), strong: versions of a key never start again. Conditional writes (`If-Match`,
//!   or `If-None-Match` with `PUT`) are not offered: strategies have no compare-and-set, so they are refused with 501
//!   rather than carried out without their condition.
//! - `cachemark-version` is that number alone (`7`), also of deletes and of keys without a value, which have no tag. By it a
//!   client tells which answers are stale.
//! - `Cache-Status` (RFC 9211) says where the answer came from.
//! - Errors are `application/problem+json` (RFC 9457) with the kind of error, and no text of a backend. 504 with
//!   `"outcome":"unknown"` says that a write may have taken effect.
//! - The header `cachemark-session` (a `u32`) names the client's session, which chooses the instance of the strategy;
//!   without it a connection is a session.
//!
//! Strategy calls run as tasks of their own: a client that hangs up does not tear a write from its invalidation.
//! [`Limits`] bounds every size and every wait. There is no TLS and no authentication, so the address to listen on is
//! [`DEFAULT_ADDRESS`] unless an operator says otherwise.
//!
//! A program that is no service has its metrics behind HTTP by [`serve_metrics`], written by [`Exposition`] as those of a service are.
//!
//! Why hyper's connection and not `axum::serve`: the latter sets no timer, so a client that sends a byte a second would
//! be kept for ever; it has no limit on connections, and no end to its wait in a graceful shutdown.

mod admission;
mod batch;
mod body;
mod connection;
mod exposition;
mod failure;
mod items;
mod key;
mod limits;
mod metrics;
mod metrics_page;
mod observe;
mod operation;
mod probes;
mod problem;
mod route;
mod server;
mod service;
mod session;
mod shared;
mod socket;

pub use exposition::{Exposition, Kind};
pub use items::VERSION_HEADER;
pub use limits::Limits;
pub use metrics_page::serve_metrics;
pub use server::Drained;
pub use service::{DEFAULT_ADDRESS, Service};
pub use session::SESSION_HEADER;
pub use shared::{Parts, Readiness};

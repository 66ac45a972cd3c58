//! The service and its routes.

use crate::limits::Limits;
use crate::problem::Problem;
use crate::server::{self, Drained};
use crate::shared::{Parts, Shared};
use crate::{batch, items, observe, probes};
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use cachemark_core::Strategy;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;

/// Where to listen unless told otherwise: this machine only.
pub const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// A strategy behind HTTP.
#[derive(Debug)]
pub struct Service<S> {
    shared: Arc<Shared<S>>,
}

impl<S: Strategy> Service<S> {
    /// Puts `parts` behind HTTP within `limits`.
    ///
    /// # Panics
    /// If there is no instance of the strategy, or `limits` allows no connection, no operation, or more than
    /// `u32::MAX` operations.
    #[must_use]
    pub fn new(parts: Parts<S>, limits: Limits) -> Self {
        assert!(!parts.instances.is_empty(), "a service needs an instance of the strategy");
        assert!(limits.connections > 0, "a service without connections serves nobody");
        // The drain takes all permits in one call, which counts in 32 bits.
        assert!(limits.operations > 0 && u32::try_from(limits.operations).is_ok(), "operations: 1 to u32::MAX");
        Self { shared: Arc::new(Shared::new(parts, limits)) }
    }

    /// The routes, to be called without a socket. Waits for heads, idle connections and slow readers are bounded by
    /// [`Service::serve`] only.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/items/{key}", get(items::get::<S>).put(items::put::<S>).delete(items::delete::<S>))
            .route("/items", get(batch::get::<S>))
            .route("/health", get(probes::health))
            .route("/ready", get(probes::ready::<S>))
            .route("/metrics", get(probes::metrics::<S>))
            .fallback(async || Problem::new(StatusCode::NOT_FOUND, "no-route", "no such path").into_response())
            .method_not_allowed_fallback(async || {
                Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "see the header Allow").into_response()
            })
            .layer(from_fn_with_state(Arc::clone(&self.shared), observe::observe::<S>))
            .with_state(Arc::clone(&self.shared))
    }

    /// Serves `listener` until `shutdown` completes; then `/ready` turns 503, the listener closes, requests under way
    /// end, and the strategy drains. What was acknowledged is in the store then, unless [`Drained`] says otherwise.
    ///
    /// To be called once: a strategy drains once.
    ///
    /// # Errors
    /// If the listener has no local address. Errors of single connections are counted and logged.
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()> + Send) -> io::Result<Drained> {
        server::serve(&self.shared, self.router(), listener, shutdown).await
    }
}

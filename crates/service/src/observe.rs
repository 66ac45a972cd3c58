//! Every request counted, timed and logged.

use crate::metrics::{Level, Metrics};
use crate::route::Route;
use crate::shared::Shared;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use cachemark_core::{Source, Strategy};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tracing::Instrument;

/// Where a read was answered from, passed from the handler to the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Served(pub(crate) Source);

/// Counts the request even if its client hangs up and drops the handler.
struct Counting<'a> {
    metrics: &'a Metrics,
    _in_flight: Level<'a>,
    route: Route,
    method: Method,
    started: Instant,
    status: Option<StatusCode>,
}

impl Drop for Counting<'_> {
    fn drop(&mut self) {
        self.metrics.request(self.route, &self.method, self.status, self.started.elapsed());
    }
}

pub(crate) async fn observe<S: Strategy>(
    State(shared): State<Arc<Shared<S>>>,
    request: Request,
    next: Next,
) -> Response {
    let route = Route::of(request.uri().path());
    let mut counting = Counting {
        metrics: &shared.metrics,
        _in_flight: shared.metrics.requests_in_flight.rise(),
        route,
        method: request.method().clone(),
        started: Instant::now(),
        status: None,
    };
    let span = tracing::debug_span!("request", method = %counting.method, route = route.name());
    let response = next.run(request).instrument(span.clone()).await;
    counting.status = Some(response.status());
    let source = response.extensions().get::<Served>().map(|served| served.0.name());
    span.in_scope(|| log(route, &counting.method, response.status(), source, counting.started.elapsed()));
    response
}

/// One event for each request: neither key nor value nor address in it. Successes are `debug`, for at tens of thousands
/// a second the log would be the load.
fn log(route: Route, method: &Method, status: StatusCode, source: Option<&'static str>, duration: Duration) {
    let duration_us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    let (route, status) = (route.name(), status.as_u16());
    if status >= 500 {
        tracing::warn!(%method, route, status, duration_us, source, "request failed");
    } else {
        tracing::debug!(%method, route, status, duration_us, source, "request");
    }
}

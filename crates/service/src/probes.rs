//! What operators ask: health, readiness, metrics.

use crate::exposition;
use crate::problem::Problem;
use crate::shared::Shared;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use cachemark_core::Strategy;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::time::timeout;

/// The process is up; no backend is asked, for restarting us mends none of theirs.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// Whether to send us requests.
pub(crate) async fn ready<S: Strategy>(State(shared): State<Arc<Shared<S>>>) -> Response {
    let unready = |kind, detail| Problem::new(StatusCode::SERVICE_UNAVAILABLE, kind, detail).into_response();
    if shared.stopping.load(Ordering::Relaxed) {
        return unready("stopping", "the service is stopping");
    }
    match timeout(shared.limits.deadline, (shared.parts.readiness)()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(reason)) => {
            tracing::warn!(reason, "not ready");
            unready("backend", "a backend does not answer")
        }
        Err(_) => {
            tracing::warn!("not ready: no answer from the backends by the deadline");
            unready("backend", "a backend does not answer")
        }
    }
}

/// The counts. A request is counted when it ends, so this page does not count its own.
pub(crate) async fn metrics<S: Strategy>(State(shared): State<Arc<Shared<S>>>) -> Response {
    let (cache, store) = (&shared.parts.cache_meter, &shared.parts.store_meter);
    let kind = HeaderValue::from_static(exposition::CONTENT_TYPE);
    ([(CONTENT_TYPE, kind)], shared.metrics.page(&shared.limits, cache, store)).into_response()
}

//! A page of metrics behind HTTP, for a program that is no service.

use crate::connection;
use crate::exposition::CONTENT_TYPE;
use crate::limits::Limits;
use axum::Router;
use axum::http::header;
use axum::routing::get;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Connections at once; more wait in the kernel's queue.
const CONNECTIONS: usize = 16;
/// After the end: how long answers under way may take.
const GRACE: Duration = Duration::from_secs(1);
const RETRY: Duration = Duration::from_millis(50);

/// Answers `GET /metrics` with what `page` makes, in the text format of Prometheus, until `shutdown` completes and what was asked by
/// then is answered. Waits for heads, idle connections and slow readers are bounded as a service's are.
pub async fn serve_metrics(
    listener: TcpListener,
    page: impl Fn() -> String + Clone + Send + Sync + 'static,
    shutdown: impl Future<Output = ()> + Send,
) {
    let metrics = get(move || {
        let text = page();
        async move { ([(header::CONTENT_TYPE, CONTENT_TYPE)], text) }
    });
    let router = Router::new().route("/metrics", metrics).route("/", get(async || "metrics: /metrics\n"));
    let limits = Limits::default();
    let (protocol, limits) = (connection::protocol(&limits), Arc::new(limits));
    let (stop, places) = (watch::Sender::new(false), Arc::new(Semaphore::new(CONNECTIONS)));
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = async {
            // The semaphore is never closed, so there is always a permit to come.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            (place, accepted) = accepted => match accepted {
                Ok((stream, _)) => {
                    let (protocol, router, limits) = (protocol.clone(), router.clone(), Arc::clone(&limits));
                    let stopped = stop.subscribe();
                    connections.spawn(async move {
                        let _place = place;
                        // Clients hang up as they like.
                        let _ = connection::run(protocol, stream, &limits, 0, router, stopped).await;
                    });
                }
                // Out of file descriptors, most likely: trying again at once would only burn a core.
                Err(error) => {
                    tracing::warn!(%error, "cannot accept");
                    sleep(RETRY).await;
                }
            },
        }
    }
    drop(listener);
    stop.send_replace(true);
    let ended = async { while connections.join_next().await.is_some() {} };
    // Those who take longer are cut.
    let _ = timeout(GRACE, ended).await;
}

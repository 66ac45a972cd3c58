//! The server: accepts within its limits, and stops without losing what it acknowledged.

use crate::connection;
use crate::metrics::Lost;
use crate::shared::Shared;
use axum::Router;
use cachemark_core::{OpContext, OpError, Strategy};
use futures::FutureExt;
use hyper::server::conn::http1;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How a service ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drained {
    /// Connections that were cut because their requests did not end within the grace. What they asked goes on to its
    /// end, but its client does not hear of it.
    pub connections_cut: u64,
    /// Requests whose strategy calls had still not ended when the drain's time was over. They were not acknowledged.
    pub operations_left: u64,
    /// What the strategy's instances said to their drain, the first error if any; what several have lost is summed. An error means that
    /// writes which were acknowledged may not be in the store.
    pub strategy: Result<(), OpError>,
}

impl Drained {
    /// Whether all that was begun ended.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.connections_cut == 0 && self.operations_left == 0 && self.strategy.is_ok()
    }
}

/// What accepting needs, and the connections under way.
struct Server<'a, S> {
    shared: &'a Arc<Shared<S>>,
    router: Router,
    protocol: http1::Builder,
    places: Arc<Semaphore>,
    stop: watch::Sender<bool>,
    connections: JoinSet<()>,
}

pub(crate) async fn serve<S: Strategy>(
    shared: &Arc<Shared<S>>,
    router: Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<Drained> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "listening beyond this machine, without TLS and without authentication");
    }
    tracing::info!(%address, "serving");
    let mut server = Server {
        shared,
        router,
        protocol: connection::protocol(&shared.limits),
        places: Arc::new(Semaphore::new(shared.limits.connections.min(Semaphore::MAX_PERMITS))),
        stop: watch::Sender::new(false),
        connections: JoinSet::new(),
    };
    let stopped = async {
        shutdown.await;
        shared.stopping.store(true, Ordering::Relaxed);
        tracing::info!("stopping");
        sleep(shared.limits.notice).await;
    };
    server.accept_until(&listener, stopped).await;
    drop(listener);
    let connections_cut = server.finish_connections().await;
    let drained = drain(shared, connections_cut).await;
    tracing::info!(?drained, "stopped");
    Ok(drained)
}

impl<S: Strategy> Server<'_, S> {
    async fn accept_until(&mut self, listener: &TcpListener, stopped: impl Future<Output = ()>) {
        let mut stopped = pin!(stopped);
        loop {
            tokio::select! {
                biased;
                () = &mut stopped => return,
                // Reaped as they end, or the set would grow with every connection that ever was.
                Some(_) = self.connections.join_next() => {}
                (place, accepted) = accept(&self.places, listener) => match accepted {
                    Ok(stream) => self.start(place, stream),
                    Err(error) => {
                        // Out of file descriptors, most likely: trying again at once would only burn a core.
                        tracing::warn!(%error, "cannot accept");
                        sleep(Duration::from_millis(50)).await;
                    }
                },
            }
        }
    }

    fn start(&mut self, place: Option<OwnedSemaphorePermit>, stream: TcpStream) {
        let shared = Arc::clone(self.shared);
        let (protocol, router, stop) = (self.protocol.clone(), self.router.clone(), self.stop.subscribe());
        shared.metrics.accepted();
        let session = shared.connections_seen.fetch_add(1, Ordering::Relaxed);
        self.connections.spawn(async move {
            let _place = place;
            let _open = shared.metrics.connections.rise();
            let ended = connection::run(protocol, stream, &shared.limits, session, router, stop).await;
            if let Err(error) = ended {
                connection::note(&shared.metrics, &error);
            }
        });
    }

    /// Lets requests under way end, then cuts those that have not; says how many.
    async fn finish_connections(&mut self) -> u64 {
        self.stop.send_replace(true);
        let ended = async { while self.connections.join_next().await.is_some() {} };
        if timeout(self.shared.limits.grace, ended).await.is_ok() {
            return 0;
        }
        self.connections.abort_all();
        let mut cut = 0;
        while let Some(ended) = self.connections.join_next().await {
            // One that ended by itself in between was not cut.
            if ended.is_err() {
                cut += 1;
                self.shared.metrics.lost(Lost::Cut);
            }
        }
        cut
    }
}

/// Waits for a place before it accepts, so that a connection too many stays in the kernel's queue.
async fn accept(
    places: &Arc<Semaphore>,
    listener: &TcpListener,
) -> (Option<OwnedSemaphorePermit>, io::Result<TcpStream>) {
    // The semaphore is never closed, so there is always a permit to come.
    let place = Arc::clone(places).acquire_owned().await.ok();
    (place, listener.accept().await.map(|(stream, _)| stream))
}

/// Waits for the strategy calls that nobody waits for any more, then for what the strategy itself has under way.
async fn drain<S: Strategy>(shared: &Shared<S>, connections_cut: u64) -> Drained {
    let all = shared.limits.operations;
    let every_slot = shared.slots.acquire_many(u32::try_from(all).unwrap_or(u32::MAX));
    let ended = timeout(shared.limits.drain, every_slot.map(drop)).await.is_ok();
    let operations_left = if ended { 0 } else { all.saturating_sub(shared.slots.available_permits()) as u64 };
    let mut strategy = Ok(());
    for (number, instance) in (0..).zip(&shared.parts.instances) {
        let ctx = OpContext::new(number).detached(shared.limits.drain);
        let drained = instance.drain(&ctx).await;
        strategy = OpError::of_drains(strategy, drained);
    }
    Drained { connections_cut, operations_left, strategy }
}

//! One connection, from accept to close.

use crate::limits::Limits;
use crate::metrics::{Lost, Metrics};
use crate::session::ConnectionSession;
use crate::socket::Socket;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::pin::pin;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower_service::Service;

/// The longest head, in bytes: a batch of 100 keys of the greatest length fits; above it 431.
const HEAD_BYTES: usize = 32 << 10;

/// How connections are run: HTTP/1.1 only, as clients of this service speak it.
pub(crate) fn protocol(limits: &Limits) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(limits.head_read).max_buf_size(HEAD_BYTES);
    protocol
}

/// Serves a connection until its client closes it, it fails, or `stop` turns true; then the request under way ends
/// first.
pub(crate) async fn run(
    protocol: http1::Builder,
    stream: TcpStream,
    limits: &Limits,
    session: u32,
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> hyper::Result<()> {
    // A response is written in one go: waiting for more of it would only delay it.
    let _ = stream.set_nodelay(true);
    let socket = TokioIo::new(Socket::new(stream, limits.response_write));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectionSession(session));
        router.clone().call(request)
    });
    let mut connection = pin!(protocol.serve_connection(socket, service));
    tokio::select! {
        ended = connection.as_mut() => return ended,
        // An error says that the server is gone, which is a stop too.
        _ = stop.wait_for(|&stop| stop) => connection.as_mut().graceful_shutdown(),
    }
    connection.await
}

/// Counts and logs a connection that ended badly. Clients do that all day: it is no fault of ours.
pub(crate) fn note(metrics: &Metrics, error: &hyper::Error) {
    let why = if error.is_timeout() {
        Lost::Timeout
    } else if error.is_parse() {
        Lost::Malformed
    } else {
        Lost::Broken
    };
    metrics.lost(why);
    tracing::debug!(%error, ?why, "connection ended");
}

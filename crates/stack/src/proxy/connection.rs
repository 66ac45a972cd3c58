//! One connection through a proxy: both of its ends, and how it ends.

use super::Place;
use super::pump::Pump;
use super::shared::{Direction, Shared};
use super::way::Way;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::watch;

/// A server may take so long to be connected to; beyond it, the client is long gone.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
/// A server that was told of its client's end has so long to close: one that is frozen would keep the connection as long as it stands.
const CLOSE_PATIENCE: Duration = Duration::from_secs(1);
/// What is taken of a client before its server is there, in bytes. Handshakes are shorter.
const TAKEN_BEFORE: usize = 4 << 10;

/// The ends of a connection. Unless it came to its end in good order, both see it reset.
struct Ends {
    client: TcpStream,
    server: Option<TcpStream>,
    in_order: bool,
}

impl Drop for Ends {
    fn drop(&mut self) {
        if !self.in_order {
            reset(&self.client);
            self.server.iter().for_each(reset);
        }
    }
}

/// Has the connection reset when it is closed, which is next.
pub(super) fn reset(stream: &TcpStream) {
    // It is closed all the same, only more politely.
    let _ = socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO));
}

/// Passes on what `client` and the server at `place` have to say to each other, until both are through.
pub(super) async fn serve(
    client: TcpStream,
    place: Arc<Place>,
    shared: Arc<Shared>,
    way: watch::Receiver<Way>,
    seed: u64,
) {
    let mut ends = Ends { client, server: None, in_order: false };
    // Neither end is told why the other broke: it is reset.
    let _ = pass(&mut ends, &place, &shared, way, seed).await;
}

async fn pass(
    ends: &mut Ends,
    place: &Place,
    shared: &Arc<Shared>,
    way: watch::Receiver<Way>,
    seed: u64,
) -> io::Result<()> {
    ends.client.set_nodelay(true)?;
    if way.borrow().black_hole {
        shared.lost.store(true, Ordering::Relaxed);
        return swallow(&mut ends.client).await;
    }
    let mut taken = Vec::with_capacity(TAKEN_BEFORE);
    let connecting = TcpStream::connect((place.host.as_str(), place.port));
    let server = tokio::select! {
        connected = tokio::time::timeout(CONNECT_PATIENCE, connecting) => connected??,
        () = gone(&mut ends.client, &mut taken) => return Ok(()),
    };
    server.set_nodelay(true)?;
    let server = ends.server.insert(server);
    let ((from_client, to_client), (from_server, to_server)) = (ends.client.split(), server.split());
    let pump = |from, to, direction| Pump { from, to, direction, shared: Arc::clone(shared), way: way.clone(), seed };
    let asking = pump(from_client, to_server, Direction::ToServer).run(&taken);
    let answering = pump(from_server, to_client, Direction::ToClient).run(&[]);
    let (mut asking, mut answering) = (std::pin::pin!(asking), std::pin::pin!(answering));
    tokio::select! {
        asked = &mut asking => {
            asked?;
            // The client has closed. Of ours none goes on listening.
            tokio::time::timeout(CLOSE_PATIENCE, answering).await??;
        }
        answered = &mut answering => {
            answered?;
            asking.await?;
        }
    }
    ends.in_order = true;
    Ok(())
}

/// Takes all that a client sends, and forgets it.
async fn swallow(client: &mut TcpStream) -> io::Result<()> {
    let mut buffer = vec![0; 4 << 10];
    while client.read(&mut buffer).await? > 0 {}
    Ok(())
}

/// Takes what a client sends while its server is not there yet, and returns when it has gone.
async fn gone(client: &mut TcpStream, taken: &mut Vec<u8>) {
    while taken.len() < TAKEN_BEFORE {
        let room = (TAKEN_BEFORE - taken.len()) as u64;
        if !matches!(client.take(room).read_buf(taken).await, Ok(1..)) {
            return;
        }
    }
    std::future::pending().await
}

//! The way to a server: TCP, or a Unix socket.

use super::RedisEndpoint;
use crate::exchange::Stream;
use crate::lane::LaneError;
use redis::ConnectionAddr;
use std::io;
use std::time::Duration;
use tokio::net::{TcpStream, UnixStream};

/// How long sent bytes may stay unacknowledged. Over a path that swallows them (a host that is gone, a rule of a firewall) the
/// kernel would try for a quarter of an hour, and a connection that all operations share would be kept as long. Far
/// beyond any operation's time: a server that is frozen acknowledges, and keeps its connections.
const UNACKNOWLEDGED: Duration = Duration::from_secs(10);

/// Reaches the server. Its time limit is the caller's.
pub(super) async fn open(endpoint: &RedisEndpoint) -> Result<Stream, LaneError> {
    let unreached = |error: io::Error| LaneError::Unavailable(endpoint.told(&error.to_string()));
    match endpoint.connection().addr() {
        ConnectionAddr::Tcp(host, port) => {
            let stream = TcpStream::connect((host.as_str(), *port)).await.map_err(unreached)?;
            stream.set_nodelay(true).map_err(unreached)?;
            give_up_silence(&stream).map_err(unreached)?;
            Ok(Stream::Tcp(stream))
        }
        ConnectionAddr::Unix(path) => Ok(Stream::Unix(UnixStream::connect(path).await.map_err(unreached)?)),
        // An endpoint is of no other kind.
        other => Err(LaneError::Rejected(format!("{other} is not spoken to"))),
    }
}

/// Has the connection closed when what was sent stays unacknowledged for [`UNACKNOWLEDGED`], where the system can.
fn give_up_silence(stream: &TcpStream) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNACKNOWLEDGED))?;
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_connection_whose_path_is_silent_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        assert_eq!(socket2::SockRef::from(&stream).tcp_user_timeout().unwrap(), None);
        give_up_silence(&stream).unwrap();
        assert_eq!(socket2::SockRef::from(&stream).tcp_user_timeout().unwrap(), Some(UNACKNOWLEDGED));
    }
}

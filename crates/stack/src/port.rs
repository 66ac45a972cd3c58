//! Ports on loopback that stay ours while no server listens on them.

use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// A port that is held: bound, and not listened on. A server takes it all the same (both allow that an address is used again), and
/// whoever connects while none does is refused.
///
/// Without it a port whose server is dead is free for anybody: for another process, and for the kernel, which gives it to a client that
/// connects to that very port sooner or later. Such a client is connected to itself, and the server does not come back.
#[derive(Debug, Clone)]
pub(crate) struct Port {
    number: u16,
    _held: Arc<Socket>,
}

impl Port {
    /// One that was free a moment ago. Another process may listen on it before a server does, if it allows that an address is used again;
    /// the server then fails to start, and the start is tried again with another.
    pub(crate) fn free() -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.set_reuse_address(true)?;
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        let number = socket.local_addr()?.as_socket().map_or(0, |address| address.port());
        Ok(Self { number, _held: Arc::new(socket) })
    }

    pub(crate) fn number(&self) -> u16 {
        self.number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn a_port_that_is_held_can_be_listened_on_again_and_again_and_refuses_meanwhile() {
        let port = Port::free().unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.number()));
        for _ in 0..3 {
            assert_eq!(TcpStream::connect(address).unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
            let listener = TcpListener::bind(address).unwrap();
            assert!(TcpStream::connect(address).is_ok());
            drop(listener);
        }
    }
}

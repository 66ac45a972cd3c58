//! Free ports on loopback.

use std::net::{Ipv4Addr, TcpListener};

/// A port that was free a moment ago. Another process may take it before a server does; the server then fails to
/// start, and the start is tried again with another.
pub(crate) fn free() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

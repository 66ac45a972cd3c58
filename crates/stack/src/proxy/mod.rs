//! A fault proxy: what stands between us and one server, to spoil the way.
//!
//! | module | what it holds |
//! |---|---|
//! | `way` | [`Way`]: what is wrong with the way now |
//! | `accepting` | connections taken, counted, and closed where the way says so |
//! | `connection` | one connection: two directions, and how it ends |
//! | `pump` | one direction: bytes taken from one end and given to the other, when they are due |
//! | `shared` | what both directions have of the proxy |
//! | `line` | what waits until it is due |
//! | `bucket` | when bytes may pass that all connections share a rate for |
//!
//! It listens on loopback alone, on a thread of its own, and passes every byte on as it is, with TCP_NODELAY at both ends. What is wrong may
//! change while connections live. Memory is bounded: an end that does not take what it is sent is not read from for the other.
//!
//! Ours, because nothing fits: `noxious`, a port of Toxiproxy, has no limit of connections, no rate that connections share, and is
//! steered over HTTP; others drive a Toxiproxy that runs elsewhere.

mod accepting;
mod bucket;
mod connection;
mod line;
mod pump;
mod shared;
#[cfg(test)]
mod tests;
mod way;

use accepting::{Command, Proxying};
use cachemark_core::{Fault, FaultActor};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, PoisonError, mpsc as answers};
use std::thread::JoinHandle;
use tokio::sync::mpsc;
use way::Way;

/// Where a server is: what is connected to for each connection, a name being looked up each time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// A name or an address, that of IPv6 without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
}

/// A proxy before a server. Dropping it resets its connections and frees its port.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    /// What is wrong with the way, as it was last asked for.
    way: Mutex<Way>,
    commands: Option<mpsc::UnboundedSender<Command>>,
    thread: Option<JoinHandle<()>>,
}

impl Proxy {
    /// One before the server at `place`, which need not be there yet. Nothing is wrong with the way.
    ///
    /// # Errors
    /// If no port can be listened on, or no thread be started.
    pub fn before(place: Place) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let (commands, taken) = mpsc::unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let proxying = {
            let _entered = runtime.enter();
            Proxying::new(tokio::net::TcpListener::from_std(listener)?, place, taken)
        };
        let thread = std::thread::Builder::new().name("fault-proxy".into());
        let thread = thread.spawn(move || runtime.block_on(proxying.run()))?;
        Ok(Self { port, way: Mutex::default(), commands: Some(commands), thread: Some(thread) })
    }

    /// Its port on loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Spoils the way as `fault` says, on top of what else is wrong with it; returns once that is in place.
    ///
    /// # Errors
    /// If a proxy cannot do it, or does not run any more.
    pub fn begin(&self, fault: Fault) -> io::Result<()> {
        self.change(fault, true)
    }

    /// Undoes it. Connections that lost something in a black hole are reset: what came over them next would answer nothing.
    ///
    /// # Errors
    /// As [`Proxy::begin`].
    pub fn end(&self, fault: Fault) -> io::Result<()> {
        self.change(fault, false)
    }

    fn change(&self, fault: Fault, begins: bool) -> io::Result<()> {
        if fault.actor() != FaultActor::Proxy {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "no proxy can do that"));
        }
        // Held until it is in place: two who change it at once come one after the other.
        let mut way = self.way.lock().unwrap_or_else(PoisonError::into_inner);
        let next = way.with(fault, begins);
        let (done, in_place) = answers::channel();
        let gone = || io::Error::new(io::ErrorKind::NotConnected, "the proxy does not run any more");
        let commands = self.commands.as_ref().ok_or_else(gone)?;
        commands.send(Command { way: next, done }).map_err(|_| gone())?;
        in_place.recv().map_err(|_| gone())?;
        *way = next;
        Ok(())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // It ends when nobody can tell it anything any more.
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            // It has nothing to say at its end, and a panic of it was shown.
            let _ = thread.join();
        }
    }
}

//! How a server ends so that it can be started again, with what it held or without.

use super::site::{Login, Server};
use super::starting::connect_to;
use super::{ServerKind, Site};
use crate::process::ProcessId;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::path::PathBuf;
use std::time::Duration;

/// What a kind of server can do. An error says why not, and what can be asked for instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Restarts {
    /// It comes back without what it held.
    pub(crate) empty: Result<(), &'static str>,
    /// It comes back with it.
    pub(crate) warm: Result<Warm, &'static str>,
}

/// How it keeps what it holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Warm {
    /// It always does.
    ByItself,
    /// It saves it and ends, if it is asked to.
    Saved {
        /// What asks it.
        ask: fn(&Login) -> Vec<u8>,
        /// What a line of its answer begins with where it refuses.
        refusal: u8,
        /// The name of the file that it saves to, in the servers' data, by its own name.
        file: fn(&str) -> String,
    },
}

/// A refusal comes at once, or once it has failed to write.
const REFUSAL_PATIENCE: Duration = Duration::from_secs(20);
/// No more than this is read of an answer, in bytes.
const LONGEST_ANSWER: u64 = 4096;

impl ServerKind {
    /// The file that it loads when it starts, if it has one.
    pub(crate) fn saved(&self, site: &Site<'_>) -> Option<PathBuf> {
        match self.restarts.warm {
            Ok(Warm::Saved { file, .. }) => Some(site.data().join(file(self.name))),
            _ => None,
        }
    }
}

/// A server that is to end, keeping what it holds.
pub(crate) struct WarmEnd {
    kind: &'static ServerKind,
    process: ProcessId,
    user: u32,
    login: Login,
}

impl Server {
    /// What asks it to end, keeping what it holds.
    pub(crate) fn to_end_warm(&self) -> WarmEnd {
        WarmEnd { kind: self.kind, process: self.process.id(), user: self.user, login: self.login.clone() }
    }
}

impl WarmEnd {
    /// Asks for it. The server may not have ended when this returns.
    ///
    /// # Errors
    /// What it says against it: it goes on then.
    pub(crate) fn ask(&self) -> io::Result<()> {
        let Ok(Warm::Saved { ask, refusal, .. }) = self.kind.restarts.warm else {
            self.process.ask_to_end(self.kind.signal);
            return Ok(());
        };
        let Some(mut stream) = connect_to(self.process.pid, self.user, self.login.port.number())? else {
            return Err(io::Error::new(ErrorKind::NotConnected, "it does not listen on its port"));
        };
        stream.set_read_timeout(Some(REFUSAL_PATIENCE))?;
        stream.write_all(&ask(&self.login))?;
        refusal_of(&mut stream, refusal)
    }
}

/// Reads until the end, which it closes the connection at, or until it refuses.
fn refusal_of(stream: &mut impl Read, refusal: u8) -> io::Result<()> {
    let mut lines = BufReader::new(stream.take(LONGEST_ANSWER));
    loop {
        let mut line = Vec::new();
        match lines.read_until(b'\n', &mut line) {
            Ok(0) => return Ok(()),
            Ok(_) if line.first() == Some(&refusal) => {
                return Err(io::Error::other(String::from_utf8_lossy(&line).trim().to_owned()));
            }
            Ok(_) => {}
            // It is at work yet, or it has ended and took no more leave of us than of anybody.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_from_an_end() {
        let said = |answer: &[u8]| refusal_of(&mut &answer[..], b'-').map_err(|error| error.to_string());
        assert_eq!(said(b"+OK\r\n"), Ok(()));
        assert_eq!(said(b""), Ok(()));
        assert_eq!(said(b"+OK\r\n-ERR cannot save\r\n"), Err("-ERR cannot save".to_owned()));
    }
}

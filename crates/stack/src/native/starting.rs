//! Starting a server: its process, its log, and the wait for its first answer.

use super::{Server, Site};
use crate::account::Account;
use crate::marker::{MarkedServer, mark};
use crate::process::{Process, ProcessId};
use crate::{StackError, folder, port};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to its first answer.
const START_LIMIT: Duration = Duration::from_secs(30);
/// A port may be taken between its choice and the server's start: then another is tried.
const ATTEMPTS: usize = 3;

/// The variables that servers inherit: where programs and libraries are, and what time it is.
const KEPT: [&str; 3] = ["PATH", "LD_LIBRARY_PATH", "TZ"];

impl Site<'_> {
    /// Lets `command` run as the servers' account, in a process group of its own, with little of our environment.
    pub(super) fn prepare<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        if let Some(account) = self.account {
            command.uid(account.user).gid(account.group);
        }
        // What else stands in our environment, addresses with passwords for one, is none of the servers' account's business.
        command.env_clear().envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.process_group(0).stdin(Stdio::null()).current_dir(self.data())
    }

    /// Starts a server on a free port and waits until `answers` says yes. `command` makes its command for a port; `input`
    /// is what it reads from its standard input.
    pub(super) fn start(
        &self,
        name: &'static str,
        command: impl Fn(u16) -> Command,
        input: &str,
        url: impl Fn(u16) -> String,
        answers: impl Fn(u16) -> bool,
    ) -> Result<Server, StackError> {
        let mut attempt = 1;
        loop {
            let port = port::free().map_err(|source| StackError::io("find a free port", source))?;
            match self.start_once(name, command(port), input, port, || answers(port)) {
                Ok(process) => return Ok(Server { name, process, user: self.user(), port, url: url(port) }),
                Err(StackError::Ended { .. }) if attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Takes a server into the marker, in the place of an earlier attempt to start it.
    fn mark(&self, name: &str, process: ProcessId, port: u16) -> Result<(), StackError> {
        let mut marked = self.marked.borrow_mut();
        marked.retain(|server| server.name != name);
        marked.push(MarkedServer { name: name.to_owned(), process, user: self.user(), port });
        mark(self.folder, ProcessId::own(), marked.clone())
    }

    /// The user that the servers run as.
    fn user(&self) -> u32 {
        Account::user_of(self.account)
    }

    fn start_once(
        &self,
        name: &'static str,
        mut command: Command,
        input: &str,
        port: u16,
        answers: impl Fn() -> bool,
    ) -> Result<Process, StackError> {
        let log = self.folder.join(format!("{name}.log"));
        let failed = |source| StackError::io(format!("start {name}"), source);
        let output = folder::log(&log).map_err(failed)?;
        let errors = output.try_clone().map_err(failed)?;
        let command = self.prepare(&mut command).stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() });
        let mut child = command.stdout(output).stderr(errors).spawn().map_err(failed)?;
        give_input(&mut child, input);
        let mut process = Process::new(child).map_err(failed)?;
        // At once, not when it answers: a run that is killed meanwhile leaves a trace of it.
        if let Err(error) = self.mark(name, process.id(), port) {
            process.end(rustix::process::Signal::KILL, Duration::ZERO);
            return Err(error);
        }
        let begun = Instant::now();
        while !answers() {
            if process.has_ended() {
                return Err(StackError::Ended { server: name, tail: tail(&log) });
            }
            if begun.elapsed() > START_LIMIT {
                process.end(rustix::process::Signal::KILL, Duration::ZERO);
                return Err(StackError::Silent { server: name, waited: START_LIMIT, tail: tail(&log) });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(process)
    }
}

/// Writes all that a server is to read from its standard input, and closes it.
fn give_input(child: &mut Child, input: &str) {
    if let Some(mut stdin) = child.stdin.take() {
        // It fails where the server has ended, which is said with the end of its log.
        let _ = stdin.write_all(input.as_bytes());
    }
}

/// Sends `request` to a loopback port; whether the answer begins with `expected`.
pub(super) fn answers(port: u16, request: &[u8], expected: &[u8]) -> bool {
    let limit = Duration::from_millis(500);
    let address = (Ipv4Addr::LOCALHOST, port).into();
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, limit)?;
        stream.set_read_timeout(Some(limit))?;
        stream.write_all(request)?;
        let mut answer = vec![0; expected.len()];
        stream.read_exact(&mut answer)?;
        Ok(answer == expected)
    };
    ask().unwrap_or(false)
}

/// The last lines of a log, for an error.
fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}

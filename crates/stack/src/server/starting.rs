//! Starting a server: its process, its log, and the wait for its first answer.

use super::listening;
use super::site::{Server, Site};
use crate::account::Account;
use crate::folder::SecretFile;
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

    /// Starts a server on a free port and waits until it answers. `attempt` makes what each attempt takes, for its port.
    pub(super) fn start(
        &self,
        name: &'static str,
        attempt: impl Fn(u16) -> Result<Attempt, StackError>,
    ) -> Result<Server, StackError> {
        let mut attempts = 1;
        loop {
            let port = port::free().map_err(|source| StackError::io("find a free port", source))?;
            let mut attempt = attempt(port)?;
            match self.start_once(name, &mut attempt, port) {
                Ok(process) => return Ok(Server { name, process, user: self.user(), port, url: attempt.url }),
                Err(StackError::Ended { .. }) if attempts < ATTEMPTS => attempts += 1,
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

    fn start_once(&self, name: &'static str, attempt: &mut Attempt, port: u16) -> Result<Process, StackError> {
        let log = self.folder.join(format!("{name}.log"));
        let failed = |source| StackError::io(format!("start {name}"), source);
        let output = folder::log(&log).map_err(failed)?;
        let errors = output.try_clone().map_err(failed)?;
        let stdin = if attempt.input.is_empty() { Stdio::null() } else { Stdio::piped() };
        let command = self.prepare(&mut attempt.command).stdin(stdin);
        let mut child = command.stdout(output).stderr(errors).spawn().map_err(failed)?;
        give_input(&mut child, &attempt.input);
        let mut process = Process::new(child).map_err(failed)?;
        // At once, not when it answers: a run that is killed meanwhile leaves a trace of it.
        if let Err(error) = self.mark(name, process.id(), port) {
            process.end(rustix::process::Signal::KILL, Duration::ZERO);
            return Err(error);
        }
        let (begun, pid) = (Instant::now(), process.id().pid);
        while !attempt.is_answered_by(pid, self.user(), port) {
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

/// One attempt to start a server. What it knows of a password no other attempt does.
pub(super) struct Attempt {
    pub(super) command: Command,
    /// What the server reads from its standard input.
    pub(super) input: String,
    /// Where it is, with user and password.
    pub(super) url: String,
    /// What it is asked, to see that it is there.
    pub(super) question: Vec<u8>,
    /// What the answer to that begins with.
    pub(super) answer: &'static [u8],
    /// What it reads while it starts, and what goes then.
    pub(super) _login: Option<SecretFile>,
}

impl Attempt {
    /// Whether the process `pid`, which runs as `user`, answers on a loopback port as it should. Nothing is sent to anybody
    /// else: the process has the port before the connection is made and after, so it has had it all the time.
    fn is_answered_by(&self, pid: u32, user: u32, port: u16) -> bool {
        let limit = Duration::from_millis(500);
        let address = (Ipv4Addr::LOCALHOST, port).into();
        let ask = |socket: u64| -> std::io::Result<bool> {
            let mut stream = TcpStream::connect_timeout(&address, limit)?;
            if listening::socket_of(pid, user, port) != Some(socket) {
                return Ok(false);
            }
            stream.set_read_timeout(Some(limit))?;
            stream.write_all(&self.question)?;
            let mut answer = vec![0; self.answer.len()];
            stream.read_exact(&mut answer)?;
            Ok(answer == self.answer)
        };
        listening::socket_of(pid, user, port).is_some_and(|socket| ask(socket).unwrap_or(false))
    }
}

/// Writes all that a server is to read from its standard input, and closes it.
fn give_input(child: &mut Child, input: &str) {
    if let Some(mut stdin) = child.stdin.take() {
        // It fails where the server has ended, which is said with the end of its log.
        let _ = stdin.write_all(input.as_bytes());
    }
}

/// The last lines of a log, for an error.
fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::net::{Shutdown, TcpListener};
    use std::sync::{Arc, Mutex};

    /// Listens on a port, answers whoever comes as a server would, and keeps what it is told.
    fn stranger(port: u16, told: &Arc<Mutex<Vec<u8>>>) {
        let (listener, told) = (TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap(), Arc::clone(told));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                stream.write_all(b"+OK\r\n").unwrap();
                stream.shutdown(Shutdown::Write).unwrap();
                stream.read_to_end(&mut told.lock().unwrap()).unwrap();
            }
        });
    }

    fn attempt(program: &str) -> Attempt {
        let command = Command::new(program);
        let (input, url) = (String::new(), String::new());
        Attempt { command, input, url, question: b"AUTH s3cret\r\n".to_vec(), answer: b"+OK", _login: None }
    }

    #[test]
    fn a_stranger_on_the_port_is_told_nothing_and_taken_for_no_server() {
        let folder = folder::make("cachemark-test-", None).unwrap();
        folder::make_for(None, &folder.join("data")).unwrap();
        let site = Site { folder: &folder, account: None, marked: RefCell::default() };
        let told = Arc::default();
        let ports = RefCell::new(Vec::new());
        let started = site.start("redis", |port| {
            stranger(port, &told);
            ports.borrow_mut().push(port);
            Ok(attempt("true"))
        });
        assert!(matches!(started, Err(StackError::Ended { .. })), "{started:?}");
        assert_eq!(ports.borrow().len(), ATTEMPTS);
        // Nor while the server lives, and has yet to find that the port is not to be had.
        let attempt = attempt("sleep");
        let mut child = Command::new("sleep").arg("600").spawn().unwrap();
        let answered = ports.borrow().iter().any(|&port| attempt.is_answered_by(child.id(), site.user(), port));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!answered);
        // It would have answered, and been told, had it been the server.
        let port = ports.borrow()[0];
        assert_eq!(told.lock().unwrap().len(), 0);
        assert!(attempt.is_answered_by(std::process::id(), site.user(), port));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

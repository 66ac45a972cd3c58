//! Starting a server: its process, its log, and the wait for its first answer.

use super::Start;
use super::listening;
use super::site::{Condition, Login, Server, Site};
use crate::account::Account;
use crate::folder::SecretFile;
use crate::marker::{MarkedServer, mark};
use crate::password::Password;
use crate::port::Port;
use crate::process::{Process, ProcessId};
use crate::{StackError, folder};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
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

    /// Starts a server on a free port and waits until it answers.
    pub(crate) fn start(&self, start: &Start<'_>) -> Result<Server, StackError> {
        let Start { kind, program, options, .. } = *start;
        let password = Password::random().map_err(|source| StackError::io("make a password", source))?;
        (kind.prepare)(start, &password)?;
        let (process, login, url) = self.attempts(kind.name, &password, |login| (kind.attempt)(start, login))?;
        let (user, program, options) = (self.user(), program.to_owned(), options.clone());
        let (condition, spent) = (Condition::Up, Duration::ZERO);
        Ok(Server { kind, process, user, login, url, program, options, condition, spent })
    }

    /// Tries one free port after another. `attempt` makes what each attempt takes.
    fn attempts(
        &self,
        name: &'static str,
        password: &Password,
        attempt: impl Fn(&Login) -> Result<Attempt, StackError>,
    ) -> Result<(Process, Login, String), StackError> {
        let mut attempts = 1;
        loop {
            let port = Port::free().map_err(|source| StackError::io("find a free port", source))?;
            let login = Login { port, password: password.clone() };
            let mut attempt = attempt(&login)?;
            let mut process = self.spawn(name, &mut attempt, login.port.number())?;
            match self.until_answered(name, process.id(), &attempt, login.port.number()) {
                Ok(()) => return Ok((process, login, attempt.url)),
                Err(error) => {
                    process.end(rustix::process::Signal::KILL, Duration::ZERO);
                    if attempts == ATTEMPTS || !matches!(error, StackError::Ended { .. }) {
                        return Err(error);
                    }
                    attempts += 1;
                }
            }
        }
    }

    /// Takes a server into the marker, in the place of an earlier attempt to start it.
    fn mark(&self, name: &str, process: ProcessId, port: u16) -> Result<(), StackError> {
        let mut marked = self.marked.borrow_mut();
        marked.retain(|server| server.name != name);
        marked.push(MarkedServer { name: name.to_owned(), process, user: self.user(), port });
        mark(self.folder, self.holder, marked.clone())
    }

    /// The user that the servers run as.
    fn user(&self) -> u32 {
        Account::user_of(self.account)
    }

    /// Starts the process of a server. The marker names it.
    pub(crate) fn spawn(&self, name: &'static str, attempt: &mut Attempt, port: u16) -> Result<Process, StackError> {
        let failed = |source| StackError::io(format!("start {name}"), source);
        let output = folder::log(&self.log(name)).map_err(failed)?;
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
        Ok(process)
    }

    /// Waits until a server that was started answers.
    pub(crate) fn until_answered(
        &self,
        name: &'static str,
        process: ProcessId,
        attempt: &Attempt,
        port: u16,
    ) -> Result<(), StackError> {
        let begun = Instant::now();
        while !attempt.is_answered_by(process.pid, self.user(), port) {
            if !process.is_alive() {
                return Err(StackError::Ended { server: name, tail: tail(&self.log(name)) });
            }
            if begun.elapsed() > START_LIMIT {
                return Err(StackError::Silent { server: name, waited: START_LIMIT, tail: tail(&self.log(name)) });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }
}

/// One attempt to start a server.
pub(crate) struct Attempt {
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
    /// Whether the process `pid`, which runs as `user`, answers on a loopback port as it should.
    fn is_answered_by(&self, pid: u32, user: u32, port: u16) -> bool {
        let ask = || -> std::io::Result<bool> {
            let Some(mut stream) = connect_to(pid, user, port)? else { return Ok(false) };
            stream.write_all(&self.question)?;
            let mut answer = vec![0; self.answer.len()];
            stream.read_exact(&mut answer)?;
            Ok(answer == self.answer)
        };
        ask().unwrap_or(false)
    }
}

/// Connects to the process `pid`, which runs as `user` and listens on `port` of loopback. Nothing will be sent to anybody else: the
/// process has the port before the connection is made and after, so it has had it all the time.
pub(super) fn connect_to(pid: u32, user: u32, port: u16) -> std::io::Result<Option<TcpStream>> {
    let Some(socket) = listening::socket_of(pid, user, port) else { return Ok(None) };
    let limit = Duration::from_millis(500);
    let stream = TcpStream::connect_timeout(&(Ipv4Addr::LOCALHOST, port).into(), limit)?;
    stream.set_read_timeout(Some(limit))?;
    Ok((listening::socket_of(pid, user, port) == Some(socket)).then_some(stream))
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
        let site = Site { folder: &folder, account: None, holder: ProcessId::own(), marked: RefCell::default() };
        let told = Arc::default();
        let ports = RefCell::new(Vec::new());
        let password = Password::random().unwrap();
        let started = site.attempts("redis", &password, |login| {
            stranger(login.port.number(), &told);
            ports.borrow_mut().push(login.port.number());
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

//! A server of one process.

use cachemark_testkit::free_port;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A server that this test started.
pub(crate) struct Server {
    command: Vec<String>,
    child: Option<Child>,
    port: u16,
    directory: TempDir,
}

/// Waits until something listens on `port`.
pub(crate) fn wait_for(port: u16) {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let until = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_err() {
        assert!(Instant::now() < until, "nothing listens on port {port}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until no connection to `port` is open at both ends: the server has closed those that it had, and whoever listens to
/// one has been woken. One that is written to in that very moment may lose what is written, as any may.
pub(crate) async fn until_closed(port: u16) {
    let (until, state) = (Instant::now() + Duration::from_secs(60), format!(":{port:04X} 01"));
    let open = || {
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        // Of each line the fields are a number, our address, theirs, and the state (01: established).
        table.lines().any(|line| {
            let fields: Vec<_> = line.split_whitespace().collect();
            fields.get(2..4).is_some_and(|fields| fields.join(" ").ends_with(&state))
        })
    };
    while open() {
        assert!(Instant::now() < until, "the server on port {port} closes nothing that is idle");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
}

/// Sends `signal` to the process of the given id; one that has just ended needs none.
pub(crate) fn signal(signal: &str, id: u32) {
    let mut kill = Command::new("kill");
    drop(kill.args([&format!("-{signal}"), &id.to_string()]).stderr(Stdio::null()).status());
}

/// Stops the process of the given id, and waits until each of its threads stands still.
pub(crate) fn stop(id: u32) {
    signal("STOP", id);
    let stands = |task: std::io::Result<std::fs::DirEntry>| {
        let stat = std::fs::read_to_string(task.unwrap().path().join("stat")).unwrap_or_default();
        // The state is the word after the name, which is in brackets.
        stat.rsplit(") ").next().is_none_or(|rest| rest.starts_with(['T', 't']) || rest.is_empty())
    };
    while std::fs::read_dir(format!("/proc/{id}/task")).is_ok_and(|mut tasks| !tasks.all(stands)) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

impl Server {
    pub(crate) fn redis(arguments: &[&str]) -> Self {
        Self::relative_of_redis("redis-server", arguments)
    }

    pub(crate) fn valkey() -> Self {
        Self::relative_of_redis("valkey-server", &[])
    }

    fn relative_of_redis(program: &str, arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let port = free_port();
        let place = directory.path().display().to_string();
        let fixed = [program, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", &place];
        Self::start(&fixed, &["--port", &port.to_string()], arguments, port, directory)
    }

    pub(crate) fn memcached(arguments: &[&str]) -> Self {
        let port = free_port();
        let fixed = ["memcached", "-u", "root", "-l", "127.0.0.1", "-U", "0", "-t", "1", "-c", "512"];
        Self::start(&fixed, &["-p", &port.to_string()], arguments, port, tempfile::tempdir().unwrap())
    }

    fn start(fixed: &[&str], port_arguments: &[&str], more: &[&str], port: u16, directory: TempDir) -> Self {
        let command = [fixed, port_arguments, more].concat().into_iter().map(str::to_owned).collect();
        let mut server = Self { command, child: None, port, directory };
        server.restart();
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn redis_url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Ends the process at once, as a crash would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Starts it again on the same port.
    pub(crate) fn restart(&mut self) {
        self.kill();
        let log = std::fs::File::create(self.directory.path().join("log")).unwrap();
        let child = Command::new(&self.command[0])
            .args(&self.command[1..])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", self.command[0]));
        self.child = Some(child);
        wait_for(self.port);
    }

    /// Stops the process where it is; connections stay open and nothing is answered.
    pub(crate) fn freeze(&self) {
        stop(self.child.as_ref().unwrap().id());
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        signal("CONT", self.child.as_ref().unwrap().id());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

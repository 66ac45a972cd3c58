//! A `cachemark serve` process of a test's own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than any wait of the service's own: a test that waits for it has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A service, ended with the test.
pub(crate) struct Service {
    child: Child,
    pub(crate) address: String,
    rest: BufReader<ChildStdout>,
}

impl Service {
    /// `cachemark serve` with the arguments, over the workload `smoke`, on a free port.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--workload", "smoke"]).args(arguments);
        Self::launch(command)
    }

    /// Runs a command that ends up as the service, and waits until it says where it listens.
    pub(crate) fn launch(mut command: Command) -> Self {
        let mut child = command.env_remove("RUST_LOG").stdout(Stdio::piped()).spawn().unwrap();
        let mut rest = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        rest.read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().to_owned();
        Self { child, address, rest }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A connection that does not wait for ever.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends a request without body and returns the answer, head and body.
    pub(crate) fn ask(&self, request: &str) -> String {
        let mut stream = self.connect();
        write!(stream, "{request}\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// What `/metrics` says: the sum of a name's series.
    pub(crate) fn metric(&self, name: &str) -> u64 {
        let page = self.ask("GET /metrics HTTP/1.1");
        let series =
            page.lines().filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' '])));
        series.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Sends a signal, by its name with a hyphen.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// Asks it to stop; returns its exit code and its last line.
    pub(crate) fn stop(mut self) -> (Option<i32>, serde_json::Value) {
        self.terminate();
        let mut rest = String::new();
        self.rest.read_to_string(&mut rest).unwrap();
        let code = self.child.wait().unwrap().code();
        (code, serde_json::from_str(rest.lines().last().unwrap()).unwrap())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It has ended already where the test stopped it. Asked politely, it takes its temporary folder with it.
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            let _ = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
            let limit = Instant::now() + PATIENCE;
            while Instant::now() < limit && self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! Servers of a test's own, on free ports of loopback, ended with the test.

use cachemark_testkit::free_port;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A server that this test started.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) port: u16,
    _folder: TempDir,
}

/// Waits a minute at most.
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let limit = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < limit, "waited a minute until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Server {
    pub(crate) fn redis(arguments: &[&str]) -> Self {
        Self::start("redis-server", &["--bind", "127.0.0.1", "--save", "", "--port"], arguments)
    }

    pub(crate) fn memcached(arguments: &[&str]) -> Self {
        Self::start("memcached", &["-u", "root", "-l", "127.0.0.1", "-U", "0", "-p"], arguments)
    }

    fn start(program: &str, before_port: &[&str], more: &[&str]) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let mut command = Command::new(program);
        command.args(before_port).arg(port.to_string()).args(more).current_dir(folder.path());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        wait_until("the server listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Self { child, port, _folder: folder }
    }

    pub(crate) fn url(&self, scheme: &str, login: &str) -> String {
        format!("{scheme}://{login}127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server that has ended already is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

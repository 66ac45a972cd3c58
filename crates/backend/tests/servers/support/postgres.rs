//! A PostgreSQL server, which takes a second to make: the tests of a binary share one, each with a schema of its own.

use super::server::{signal, stop, wait_for};
use cachemark_testkit::free_port;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tempfile::TempDir;

/// A PostgreSQL server that this test binary started.
pub(crate) struct PostgresServer {
    port: u16,
    directory: TempDir,
    binaries: PathBuf,
    /// Settings of its own, as `-c name=value`.
    settings: String,
}

static SHARED: Mutex<Weak<PostgresServer>> = Mutex::new(Weak::new());
static SCHEMAS: AtomicU32 = AtomicU32::new(0);

/// The server refuses to run as root, so it runs as the user that its package made. `runuser` would wait two seconds for a program
/// that is told to end.
pub(super) fn as_postgres(program: PathBuf) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program).stdin(Stdio::null());
    command
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

impl PostgresServer {
    /// The server that the tests of this binary share; it ends with the last of them.
    pub(crate) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = shared.upgrade() {
            return server;
        }
        let server = Arc::new(Self::start());
        *shared = Arc::downgrade(&server);
        server
    }

    /// A server of one's own, to be broken.
    pub(crate) fn start() -> Self {
        Self::start_with("")
    }

    /// The same with settings of its own, as `-c name=value`.
    pub(crate) fn start_with(settings: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed");
        let newest = versions.map(|version| version.unwrap().path()).max().expect("a version of PostgreSQL");
        let settings = settings.to_owned();
        let server = Self { port: free_port(), directory, binaries: newest.join("bin"), settings };
        run(Command::new("chown").arg("postgres").arg(server.directory.path()));
        let password = server.directory.path().join("password");
        std::fs::write(&password, "s3cret").unwrap();
        run(Command::new("chown").arg("postgres").arg(&password));
        run(as_postgres(server.binaries.join("initdb"))
            .args(["-U", "postgres", "-A", "scram-sha-256", "--no-sync", "--pwfile"])
            .arg(&password)
            .arg("-D")
            .arg(server.data()));
        server.launch();
        server
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn control(&self) -> Command {
        let mut command = as_postgres(self.binaries.join("pg_ctl"));
        command.arg("-D").arg(self.data()).arg("-l").arg(self.directory.path().join("log")).arg("-w");
        // The server inherits its output, which must not keep ours open.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Starts it, also after [`PostgresServer::stop`].
    pub(crate) fn launch(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c shared_buffers=32MB \
             -c max_connections=200 {}",
            self.port, self.settings
        );
        assert!(self.control().args(["-o", &options, "start"]).status().unwrap().success(), "PostgreSQL did not start");
        wait_for(self.port);
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn stop(&self) {
        drop(self.control().args(["-m", "immediate", "stop"]).status());
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        self.url_at(self.port)
    }

    /// The same server behind another port.
    pub(crate) fn url_at(&self, port: u16) -> String {
        format!("postgres://postgres:s3cret@127.0.0.1:{port}/postgres")
    }

    /// A schema that no other test of this binary uses.
    pub(crate) fn schema() -> String {
        format!("cachemark_test_{}", SCHEMAS.fetch_add(1, Ordering::Relaxed))
    }

    /// The process that listens and those that it began for connections.
    fn processes(&self) -> Vec<u32> {
        let file = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let first: u32 = file.lines().next().unwrap().parse().unwrap();
        let children = std::fs::read_to_string(format!("/proc/{first}/task/{first}/children")).unwrap();
        std::iter::once(first).chain(children.split_whitespace().map(|id| id.parse().unwrap())).collect()
    }

    /// Stops every process where it is; connections stay open and nothing is answered.
    pub(crate) fn freeze(&self) {
        self.processes().into_iter().for_each(stop);
    }

    /// Lets them go on.
    pub(crate) fn thaw(&self) {
        self.processes().into_iter().for_each(|id| signal("CONT", id));
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // A test that failed in the middle may have left it frozen, and a frozen process takes no order to stop.
        if self.data().join("postmaster.pid").exists() {
            self.thaw();
        }
        self.stop();
    }
}

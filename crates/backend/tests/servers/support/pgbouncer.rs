//! A pooler before a PostgreSQL server.

use super::PostgresServer;
use super::postgres::as_postgres;
use super::server::wait_for;
use cachemark_testkit::free_port;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A PgBouncer that this test started.
pub(crate) struct PgBouncer {
    port: u16,
    child: Child,
    _directory: TempDir,
}

impl PgBouncer {
    /// Starts one, in the given pool mode, that drops what a session is started with and it does not know.
    pub(crate) fn before(server: &PostgresServer, mode: &str) -> Self {
        let (port, directory) = (free_port(), tempfile::tempdir().unwrap());
        let file = |name: &str| directory.path().join(name);
        std::fs::write(file("users"), "\"postgres\" \"s3cret\"\n").unwrap();
        let settings = format!(
            "[databases]\npostgres = host=127.0.0.1 port={} dbname=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {}\npool_mode = {mode}\n\
             ignore_startup_parameters = options, extra_float_digits\nmax_client_conn = 200\ndefault_pool_size = 50\n",
            server.port(),
            file("users").display(),
        );
        std::fs::write(file("settings"), settings).unwrap();
        let owned = Command::new("chown").args(["-R", "postgres"]).arg(directory.path()).status().unwrap();
        assert!(owned.success());
        // Like the server it refuses to run as root.
        let child = as_postgres("pgbouncer".into())
            .arg(file("settings"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("PgBouncer is installed");
        wait_for(port);
        Self { port, child, _directory: directory }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        // Killed, it would have no time to tell the server.
        super::server::signal("TERM", self.child.id());
        drop(self.child.wait());
    }
}

//! SIGTERM in the middle of load: what was acknowledged is there afterwards.

use crate::Service;
use std::fs::Permissions;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// A stack of the test's own that outlives its services.
pub(crate) struct Stack {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Stack {
    pub(crate) fn up() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Postgres may run as another user, who has to get in.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let printed = stack(folder.path(), "up");
        let variables = printed
            .lines()
            .filter_map(|line| line.strip_prefix("export ")?.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { variables: variables.collect(), folder }
    }

    pub(crate) fn serve(&self, strategy: &str) -> Service {
        Service::launch(self.command(&["--workload", "smoke", "--strategy", strategy]))
    }

    /// `cachemark serve` over the stack's Redis and Postgres.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_over("redis", arguments)
    }

    /// `cachemark serve` over one of the stack's caches and its Postgres.
    pub(crate) fn command_over(&self, cache: &str, arguments: &[&str]) -> Command {
        self.command_at(SocketAddr::from(([127, 0, 0, 1], 0)), cache, arguments)
    }

    /// The same at an address.
    pub(crate) fn command_at(&self, address: SocketAddr, cache: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
        command.args(["serve", "--listen", &address.to_string(), "--stack", "external"]);
        command.args(["--cache", cache, "--store", "postgres"]).args(arguments).envs(self.variables.clone());
        command
    }

    /// Where a server is, with its login.
    pub(crate) fn variable(&self, name: &str) -> &str {
        let found = self.variables.iter().find(|(known, _)| known == name);
        &found.expect("a variable that is printed").1
    }

    /// Takes its servers down.
    pub(crate) fn down(&self) {
        stack(self.folder.path(), "down");
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.down();
    }
}

fn stack(folder: &Path, action: &str) -> String {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    let output = command.env("TMPDIR", folder).args(["stack", action]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The head of one answer, none if the connection ended before a byte of it came. Half a head is a fault.
pub(crate) fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            ended => {
                assert!(head.is_empty(), "{ended:?} after {:?}", String::from_utf8_lossy(&head));
                return None;
            }
        }
    }
    Some(String::from_utf8(head).unwrap())
}

/// Puts ever new keys, each with its own name as its value, until the service hangs up; gives those acknowledged.
fn put_until_closed(service: &Service, client: usize, strategy: &str, total: &AtomicUsize) -> Vec<String> {
    let mut stream = service.connect();
    let mut acknowledged = Vec::new();
    for round in 0.. {
        let key = format!("{strategy}-{client}-{round}");
        let length = key.len();
        let request = format!("PUT /items/{key} HTTP/1.1\r\nhost: test\r\ncontent-length: {length}\r\n\r\n{key}");
        if stream.write_all(request.as_bytes()).is_err() {
            break;
        }
        match head(&mut stream) {
            // Write-behind does not know that the key is new.
            Some(answer) => assert!(answer.starts_with("HTTP/1.1 20"), "{answer}"),
            None => break,
        }
        acknowledged.push(key);
        total.fetch_add(1, Ordering::Relaxed);
    }
    acknowledged
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn every_acknowledged_write_outlives_the_service() {
    let stack = Stack::up();
    for strategy in ["cache-aside", "write-through", "write-behind"] {
        let service = stack.serve(strategy);
        let total = AtomicUsize::new(0);
        let acknowledged: Vec<String> = thread::scope(|scope| {
            let (service, total) = (&service, &total);
            let clients: Vec<_> =
                (0..8).map(|client| scope.spawn(move || put_until_closed(service, client, strategy, total))).collect();
            while total.load(Ordering::Relaxed) < 400 {
                assert!(clients.iter().any(|client| !client.is_finished()), "every client has given up");
                thread::sleep(Duration::from_millis(5));
            }
            service.terminate();
            clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
        });
        let (code, summary) = service.stop();
        assert_eq!(code, Some(0), "{summary}");
        assert!(summary["store"]["writes"].as_u64().unwrap() >= acknowledged.len() as u64);

        // Without a cache between: it is the store that must have them.
        let after = stack.serve("no-cache");
        for key in &acknowledged {
            let answer = after.ask(&format!("GET /items/{key} HTTP/1.1"));
            assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with(&format!("\r\n\r\n{key}")), "{answer}");
        }
        assert_eq!(after.stop().0, Some(0));
    }
}

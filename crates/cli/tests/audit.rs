//! `cachemark audit`: what it finds on a stack that stands, and that it leaves it as it was.

#[expect(dead_code, reason = "shared with tests that use the rest")]
#[path = "support/server.rs"]
mod server;
#[expect(dead_code, reason = "shared with tests that use the rest")]
mod support;

use serde_json::Value;
use server::Server;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use support::cachemark;
use tempfile::tempdir;

/// A Postgres that is taken down with the test.
struct Stack<'a> {
    folder: &'a Path,
    database: String,
}

impl<'a> Stack<'a> {
    fn up(folder: &'a Path) -> Self {
        // Postgres runs as another user.
        fs::set_permissions(folder, PermissionsExt::from_mode(0o755)).unwrap();
        let output = cachemark(folder).env("TMPDIR", folder).args(["stack", "up"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let variables = String::from_utf8(output.stdout).unwrap();
        let url = variables.lines().find_map(|line| line.strip_prefix("export DATABASE_URL=")).unwrap();
        Self { folder, database: url.trim_matches('\'').to_owned() }
    }

    fn sql(&self, statement: &str) {
        assert!(Command::new("psql").args([&self.database, "-qc", statement]).status().unwrap().success());
    }
}

impl Drop for Stack<'_> {
    fn drop(&mut self) {
        drop(cachemark(self.folder).env("TMPDIR", self.folder).args(["stack", "down"]).output());
    }
}

/// One inline command to a Redis, and the first line of its answer.
fn ask(server: &Server, command: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    stream.write_all(format!("{command}\r\n").as_bytes()).unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

#[test]
fn what_is_no_cache_on_a_server_is_a_wrong_argument() {
    let output = cachemark(Path::new(".")).args(["audit", "--cache", "in-process"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("redis, valkey, memcached") || said.contains("memcached"), "{said}");
}

#[test]
fn a_server_that_is_not_there_is_a_failure_that_names_it() {
    let port = cachemark_testkit::free_port();
    let url = format!("redis://127.0.0.1:{port}");
    let output = cachemark(Path::new(".")).args(["audit", "--redis-url", &url]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("reaching redis: ") && said.contains(&port.to_string()), "{said}");
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn what_differs_is_found_and_stays_as_it_was() {
    let folder = tempdir().unwrap();
    let (stack, redis) = (Stack::up(folder.path()), Server::redis(&[]));
    let addresses = ["--redis-url", &redis.url("redis", ""), "--database-url", &stack.database];
    let audit = |form: &[&str]| {
        let output = cachemark(folder.path()).arg("audit").args(addresses).args(form).output().unwrap();
        let [told, said] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        (output.status.code(), told, said)
    };
    // Nothing is made where there is nothing.
    let (code, _, said) = audit(&[]);
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("cachemark_rows") || said.contains("does not exist"), "{said}");

    let sweep = ["--quiet", "sweep", "--workload", "smoke", "--stack=external", "--store=postgres", "--cache=redis"];
    let reads = ["--strategy=cache-aside", "--read-ratio=1", "--blocks=1", "--duration=200ms"];
    let run = cachemark(folder.path()).args(sweep).args(reads).args(addresses).output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let (code, told, said) = audit(&["--json"]);
    assert_eq!(code, Some(0), "{told}{said}");
    let found: Value = serde_json::from_str(&told).unwrap();
    let (all, cache) = (found["audit"]["store"]["seen"].as_u64().unwrap(), &found["audit"]["cache"]);
    assert_eq!((&found["result"], &cache["equal"]), (&"equal".into(), &cache["held"]));
    let held = cache["held"].as_u64().unwrap();
    assert!(held > 0, "{found}");

    // Nothing differs in what was looked at, and not all was.
    let (code, told, said) = audit(&["--json", "--keys", "10"]);
    let found: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((code, &found["result"], &found["more_rows"]), (Some(3), &"incomplete".into(), &true.into()), "{said}");

    stack.sql("UPDATE cachemark.cachemark_rows SET version = version + 1");
    assert_eq!(ask(&redis, "SET cm:by-hand foreign PX 500000"), "+OK");
    let (code, told, said) = audit(&["--json"]);
    assert_eq!(code, Some(1), "{told}{said}");
    let found: Value = serde_json::from_str(&told).unwrap();
    let cache = &found["audit"]["cache"];
    assert_eq!((cache["behind"].as_u64(), cache["corrupt"].as_u64()), (Some(held), Some(1)), "{found}");
    assert_eq!(found["audit"]["store"]["seen"].as_u64(), Some(all + 1));

    stack.sql("TRUNCATE cachemark.cachemark_rows");
    let (code, told, _) = audit(&["--json"]);
    let found: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((code, found["audit"]["cache"]["orphans"].as_u64()), (Some(1), Some(held)), "{found}");
    // The table says the same within the width of a pipe, and the entry by hand has its lifetime still.
    let (code, told, _) = audit(&[]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("orphan") && told.lines().all(|line| line.chars().count() <= 80), "{told}");
    let left: i64 = ask(&redis, "PTTL cm:by-hand")[1..].parse().unwrap();
    assert!((1..=500_000).contains(&left), "{left}");
    assert!(left < 500_000, "a lifetime goes on");
}

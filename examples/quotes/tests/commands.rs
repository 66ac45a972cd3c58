//! The commands, from outside: what they say, and what they leave in Redis.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A Redis of this test's own, ended with it.
struct Redis {
    child: Child,
    address: SocketAddr,
}

impl Redis {
    /// A port that was free may be taken before the server has it; then another is tried.
    fn start() -> Self {
        for _ in 0..5 {
            let address = free_address();
            let mut command = Command::new("redis-server");
            command.args(["--bind", "127.0.0.1", "--port", &address.port().to_string()]);
            command.args(["--save", "", "--appendonly", "no"]);
            let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
            let mut redis = Self { child: child.expect("redis-server is installed"), address };
            for _ in 0..2000 {
                if redis.child.try_wait().unwrap().is_some() {
                    break;
                }
                if redis.try_ask("PING").is_ok_and(|answer| answer == "+PONG") {
                    return redis;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        panic!("redis-server does not start");
    }

    fn try_ask(&self, command: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.write_all(format!("{command}\r\n").as_bytes())?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    /// The whole number that a command answers.
    fn number(&self, command: &str) -> i64 {
        self.try_ask(command).unwrap().strip_prefix(':').unwrap().parse().unwrap()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn free_address() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, cachemark_testkit::free_port()).into()
}

/// The application over a folder of its own.
struct App {
    redis_url: String,
    folder: TempDir,
}

/// What a command did.
#[derive(Debug)]
struct Answer {
    code: i32,
    out: String,
    talk: String,
}

impl App {
    fn over(address: SocketAddr) -> Self {
        Self { redis_url: format!("redis://{address}/"), folder: tempfile::tempdir().unwrap() }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("quotes")
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cachemark-example-quotes"));
        command.args(arguments).env("REDIS_URL", &self.redis_url).env("QUOTES_DIR", self.database());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim_end().to_owned();
        Answer { code: output.status.code().unwrap(), out: text(output.stdout), talk: text(output.stderr) }
    }

    /// What a command prints that must not fail.
    fn good(&self, arguments: &[&str]) -> String {
        let answer = self.run(arguments);
        assert_eq!((answer.code, answer.talk.as_str()), (0, ""), "{arguments:?}: {answer:?}");
        answer.out
    }
}

#[test]
#[ignore = "needs redis-server"]
fn a_quote_is_missed_hit_changed_and_missed_again() {
    let redis = Redis::start();
    let app = App::over(redis.address);
    app.good(&["init"]);
    assert_eq!(redis.number("DBSIZE"), 0, "only reads fill the cache");

    let missed = app.good(&["get", "3"]);
    let text = missed.strip_prefix("FROM STORE: ").unwrap();
    // Its being there says that the key is the one that readers use: the next read hits.
    let left = redis.number("PTTL quote.3");
    assert!((1..=60_000).contains(&left), "{left} ms");
    assert_eq!(app.good(&["get", "3"]), format!("FROM CACHE: {text}"));

    app.good(&["update", "3", "Both were wrong by Monday."]);
    assert_eq!(redis.number("EXISTS quote.3"), 0);
    assert_eq!(app.good(&["get", "3"]), "FROM STORE: Both were wrong by Monday.");
    assert_eq!(app.good(&["get", "3"]), "FROM CACHE: Both were wrong by Monday.");

    app.good(&["init"]);
    assert_eq!(app.good(&["get", "3"]), missed, "another init leaves no cached text of before");
    for id in 1..=10 {
        assert!(app.good(&["get", &id.to_string()]).starts_with("FROM "));
    }
}

#[test]
#[ignore = "needs redis-server"]
fn a_missing_quote_is_said_to_be_missing_and_leaves_nothing() {
    let redis = Redis::start();
    let app = App::over(redis.address);
    let early = app.run(&["get", "1"]);
    assert_eq!(early.code, 4);
    assert!(early.talk.contains("quotes init") && !app.database().exists(), "{early:?}");

    app.good(&["init"]);
    for command in [&["get", "42"][..], &["update", "42", "An answer."]] {
        let answer = app.run(command);
        assert_eq!((answer.code, answer.talk.as_str()), (1, "no such quote: 42"));
    }
    assert_eq!(redis.number("DBSIZE"), 0);
    let empty = app.run(&["update", "1", " "]);
    assert_eq!((empty.code, empty.talk.as_str()), (2, "a quote needs a text"));
}

#[test]
fn what_will_not_do_is_said_without_a_server() {
    let mut app = App::over(free_address());
    let refused = app.run(&["get", "three"]);
    assert!(refused.code == 2 && refused.talk.contains("three"), "{refused:?}");
    let unreached = app.run(&["init"]);
    assert!(unreached.code == 4 && unreached.talk.contains("--redis-url"), "{unreached:?}");
    app.redis_url = "localhost:s3cret".into();
    let unreadable = app.run(&["init"]);
    assert!(unreadable.code == 2 && unreadable.talk.contains("redis://"), "{unreadable:?}");
    assert!(!unreadable.talk.contains("s3cret"));
}

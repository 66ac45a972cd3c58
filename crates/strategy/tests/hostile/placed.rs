//! Bytes that somebody else put under our keys.

use crate::subject::{Subject, arms, count_panics};
use cachemark_backend::memcached::{Memcached, MemcachedEndpoint, MemcachedOptions};
use cachemark_backend::redis::{Redis, RedisEndpoint, RedisOptions};
use cachemark_core::{Cache, Entry, Key, Value, Version};
use cachemark_testkit::free_port;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// A server that this test started, without a password.
struct Server(Child, u16);

impl Server {
    async fn start(program: &str, arguments: &[&str], port_flag: &str) -> Self {
        let port = free_port();
        let mut command = Command::new(program);
        command.args(arguments).args([port_flag, &port.to_string()]).current_dir(std::env::temp_dir());
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let (server, until) = (Self(child, port), Instant::now() + Duration::from_secs(20));
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "{program} does not listen on port {port}");
            sleep(Duration::from_millis(5)).await;
        }
        server
    }

    /// Sends bytes in the server's own words, and returns the first line of its answer.
    fn send(&self, question: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.1)).unwrap();
        stream.write_all(question).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// What nobody should find under a key.
fn garbage() -> Vec<(&'static str, Vec<u8>)> {
    let entry = Entry::live(Version(u64::MAX), Value::new("x")).encode().to_vec();
    let with = |at: usize, byte: u8| {
        let mut bytes = entry.clone();
        bytes[at] = byte;
        bytes
    };
    vec![
        ("nothing", Vec::new()),
        ("one byte", vec![1]),
        ("text", b"foreign".to_vec()),
        ("an entry cut short", entry[..33].to_vec()),
        ("an entry of another format", with(0, 9)),
        ("an entry of another kind", with(1, 9)),
        ("an absence with a value", with(1, 2)),
        ("a lease of nobody", b"Lsomebody".to_vec()),
        ("line ends", b"\r\n\0END\r\n$-1\r\n".repeat(5)),
        ("a lot of noise", (0..200_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect()),
    ]
}

/// Goes through everything with every strategy; `place` puts bytes under a key.
async fn hold<C: Cache>(cache: Arc<C>, sorts: usize, place: impl Fn(usize, &Key)) {
    count_panics();
    let (a, b) = (Value::new("a"), Value::new("b"));
    for (number, arm) in arms().enumerate() {
        for sort in 0..sorts {
            let key = Key::new(format!("cm:hostile:{number}:{sort}")).unwrap();
            let subject = Subject::new(&arm, &cache, key.clone(), &format!("garbage {sort}"));
            place(sort, &key);
            for _ in 0..2 {
                let _ = subject.read(&[Some(&a)]).await;
            }
            place(sort, &key);
            subject.write(&b).await;
            let _ = subject.read(&[Some(&a), Some(&b)]).await;
            place(sort, &key);
            subject.delete().await;
            let _ = subject.read(&[Some(&a), Some(&b), None]).await;
            subject.drain().await;
            // Whatever became of it, an entry of ours takes its place, and is found.
            let entry = Entry::live(Version(7), b.clone());
            let ctx = cachemark_core::OpContext::new(1);
            cache.set(&ctx, &key, entry.clone(), None).await.unwrap();
            assert_eq!(cache.get(&ctx, &key).await, Ok(Some(entry)));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs redis-server"]
async fn garbage_in_redis_is_an_error_or_a_miss() {
    let server = Server::start("redis-server", &["--bind", "127.0.0.1", "--save", ""], "--port").await;
    let endpoint = RedisEndpoint::parse(&format!("redis://127.0.0.1:{}", server.1)).unwrap();
    let cache = Arc::new(Redis::connect(RedisOptions::new(endpoint)).await.unwrap());
    let garbage = garbage();
    // And something that is no string at all.
    hold(cache, garbage.len() + 1, |sort, key| {
        let argument = |bytes: &[u8]| [format!("${}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
        let (key, delete) = (argument(key.as_bytes()), argument(b"DEL"));
        server.send(&[b"*2\r\n", &delete[..], &key].concat());
        let (command, bytes) =
            garbage.get(sort).map_or((&b"RPUSH"[..], &b"x"[..]), |(_, bytes)| (&b"SET"[..], &bytes[..]));
        let answer = server.send(&[b"*3\r\n", &argument(command)[..], &key, &argument(bytes)].concat());
        assert!(answer == "+OK" || answer == ":1", "{answer}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs memcached"]
async fn garbage_in_memcached_is_an_error_or_a_miss() {
    let fixed = ["-u", "root", "-l", "127.0.0.1", "-U", "0", "-t", "1"];
    let server = Server::start("memcached", &fixed, "-p").await;
    let endpoint = MemcachedEndpoint::parse(&format!("127.0.0.1:{}", server.1)).unwrap();
    let cache = Arc::new(Memcached::connect(MemcachedOptions::new(endpoint)).await.unwrap());
    let garbage = garbage();
    // The versioned set looks at the flags: a small version, a large one, one that the flags cannot hold.
    let flags = [0, u32::MAX - 1, u32::MAX];
    hold(cache, garbage.len() * flags.len(), |sort, key| {
        let ((_, bytes), flags) = (&garbage[sort / flags.len()], flags[sort % flags.len()]);
        let head = format!("set {key} {flags} 0 {}\r\n", bytes.len());
        let answer = server.send(&[head.as_bytes(), bytes, b"\r\n"].concat());
        assert_eq!(answer, "STORED");
    })
    .await;
}

//! A client that sends exactly the bytes it is told to.

use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// Far above what any answer takes: a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// One connection.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    unread: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find_map(|(other, value)| other.eq_ignore_ascii_case(name).then_some(value))
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Checks that this is a problem of the given status and kind.
    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, kind: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let body = self.json();
        assert_eq!((&body["status"], &body["kind"]), (&status.into(), &kind.into()), "{body}");
        assert_eq!(self.header("retry-after").is_some(), status == 503);
    }
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.unwrap(), unread: Vec::new() }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.ask("GET", path, &[], b"").await
    }

    pub(crate) async fn put(&mut self, path: &str, body: &[u8]) -> Reply {
        self.ask("PUT", path, &[], body).await
    }

    pub(crate) async fn ask(&mut self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Reply {
        let headers = headers.iter().map(|header| format!("{header}\r\n")).collect::<String>();
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: test\r\n{headers}content-length: {length}\r\n\r\n");
        self.send(&[head.as_bytes(), body].concat()).await;
        self.reply(method != "HEAD").await.expect("an answer")
    }

    /// Sends bytes; a peer that has hung up is noticed when its answer is read.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// The next answer; `None` if the connection ended instead.
    pub(crate) async fn reply(&mut self, has_body: bool) -> Option<Reply> {
        let end = loop {
            if let Some(at) = self.unread.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8(self.unread.drain(..end).collect()).unwrap();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let mut reply = Reply { status, head, body: Vec::new() };
        let length = reply.header("content-length").map_or(0, |length| length.parse().unwrap());
        if has_body {
            while self.unread.len() < length {
                self.more().await?;
            }
            reply.body = self.unread.drain(..length).collect();
        }
        Some(reply)
    }

    /// Asks for `path` until `holds` of the answer.
    pub(crate) async fn until(&mut self, path: &str, holds: impl Fn(&Reply) -> bool) {
        let asked = async {
            while !holds(&self.get(path).await) {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, asked).await.expect("what was waited for");
    }

    /// Asks for the metrics until `sample` is among them.
    pub(crate) async fn until_counted(&mut self, sample: &str) {
        self.until("/metrics", |page| page.text().contains(sample)).await;
    }

    /// Waits until the service closes the connection; says whether it did.
    pub(crate) async fn is_closed(&mut self) -> bool {
        let closed = async { while self.more().await.is_some() {} };
        timeout(PATIENCE, closed).await.is_ok()
    }

    async fn more(&mut self) -> Option<()> {
        let mut buffer = [0; 16 << 10];
        match timeout(PATIENCE, self.stream.read(&mut buffer)).await.expect("no answer") {
            Ok(0) | Err(_) => None,
            Ok(read) => {
                self.unread.extend_from_slice(&buffer[..read]);
                Some(())
            }
        }
    }
}

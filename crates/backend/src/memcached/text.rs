//! The classic text protocol, for what the meta protocol has no words for: statistics, flushing, listing keys.

use super::MemcachedEndpoint;
use crate::encoded;
use crate::lane::LaneError;
use cachemark_core::{CacheError, Held, Key};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A connection for the probe.
#[derive(Debug)]
pub(super) struct TextConnection {
    stream: BufReader<TcpStream>,
}

fn lost(error: std::io::Error) -> CacheError {
    CacheError::ConnectionLost(error.to_string())
}

/// Of reading a line: bytes that are no text are of another protocol.
fn unread(error: std::io::Error) -> CacheError {
    match error.kind() {
        std::io::ErrorKind::InvalidData => CacheError::Corrupt(error.to_string()),
        _ => lost(error),
    }
}

impl TextConnection {
    pub(super) async fn open(endpoint: &MemcachedEndpoint) -> Result<Self, LaneError> {
        Ok(Self { stream: BufReader::new(endpoint.open().await?) })
    }

    async fn send(&mut self, command: &str) -> Result<(), CacheError> {
        self.stream.get_mut().write_all(format!("{command}\r\n").as_bytes()).await.map_err(lost)
    }

    async fn line(&mut self) -> Result<String, CacheError> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).await.map_err(unread)? {
            0 => Err(CacheError::ConnectionLost("the server closed the connection".to_owned())),
            _ => Ok(line.trim_end().to_owned()),
        }
    }

    /// Asks something with an answer of one line.
    pub(super) async fn ask(&mut self, command: &str) -> Result<String, CacheError> {
        self.send(command).await?;
        refused(self.line().await?)
    }

    /// Asks something whose answer is lines that begin with `word`, and then one of `END`.
    pub(super) async fn list(&mut self, command: &str, word: &str) -> Result<Vec<String>, CacheError> {
        self.send(command).await?;
        let mut lines = Vec::new();
        loop {
            match refused(self.line().await?)? {
                line if line == "END" => return Ok(lines),
                line if line.starts_with(word) => lines.push(line),
                line => return Err(CacheError::Corrupt(format!("an answer of another kind: {line:.60}"))),
            }
        }
    }

    /// The value under `key`.
    pub(super) async fn value(&mut self, key: &str) -> Result<Option<Vec<u8>>, CacheError> {
        Ok(self.item(&format!("mg {key} v")).await?.map(|(value, _)| value))
    }

    /// The value under `key`, and the number that the server gave it and gives to no other, unless it keeps none (`-C`).
    pub(super) async fn numbered(&mut self, key: &str) -> Result<Option<(Vec<u8>, Option<u64>)>, CacheError> {
        let found = self.item(&format!("mg {key} v c")).await?;
        let number = |header: String| header.split(' ').find_map(|flag| flag.strip_prefix('c')?.parse().ok());
        Ok(found.map(|(value, header)| (value, number(header).filter(|&number| number != 0))))
    }

    /// The value that a meta get found, and what stands before it.
    async fn item(&mut self, command: &str) -> Result<Option<(Vec<u8>, String)>, CacheError> {
        let header = self.ask(command).await?;
        self.rest_of(header).await
    }

    /// The same, of an answer whose first line was read.
    async fn rest_of(&mut self, header: String) -> Result<Option<(Vec<u8>, String)>, CacheError> {
        let Some(rest) = header.strip_prefix("VA ") else { return Ok(None) };
        let len = rest.split(' ').next().and_then(|len| len.parse::<usize>().ok());
        let len = len.ok_or_else(|| CacheError::Corrupt(format!("no length in {header}")))?;
        // Two more for the end of the line.
        let mut value = vec![0; len + 2];
        self.stream.read_exact(&mut value).await.map_err(lost)?;
        value.truncate(len);
        // A stub that stands for a lease: see there.
        let stub = len == 0 && header.split(' ').any(|flag| flag == "Z");
        Ok((!stub).then_some((value, header)))
    }

    /// What is under each of `keys`, which are asked for all at once and answered in their order. Without the flag `u` each
    /// would count as used, and none is given another lifetime, which takes the flag `T`.
    pub(super) async fn held(&mut self, keys: &[Key]) -> Result<Vec<Option<Held>>, CacheError> {
        let questions: Vec<String> = keys.iter().map(|key| format!("mg {key} v t u")).collect();
        self.send(&questions.join("\r\n")).await?;
        let mut found = Vec::with_capacity(keys.len());
        for _ in keys {
            let header = refused(self.line().await?)?;
            let item = self.rest_of(header).await?;
            found.push(item.map(|(value, header)| {
                // Whole seconds, or -1 where it has no end.
                let seconds = header.split(' ').find_map(|flag| flag.strip_prefix('t')?.parse::<u64>().ok());
                Held { entry: encoded::decoded(value).ok(), remaining: seconds.map(Duration::from_secs) }
            }));
        }
        Ok(found)
    }

    /// Gives what is under each of `keys` a lifetime that is over; how many there were.
    pub(super) async fn expire(&mut self, keys: &[Key]) -> Result<u64, CacheError> {
        let questions: Vec<String> = keys.iter().map(|key| format!("touch {key} -1")).collect();
        self.send(&questions.join("\r\n")).await?;
        let mut found = 0;
        for _ in keys {
            found += u64::from(refused(self.line().await?)? == "TOUCHED");
        }
        Ok(found)
    }

    /// Statistics: `STAT name value` lines.
    pub(super) async fn stats(&mut self, command: &str) -> Result<BTreeMap<String, String>, CacheError> {
        let lines = self.list(command, "STAT ").await?;
        let pair = |line: &String| {
            let (name, value) = line.strip_prefix("STAT ")?.split_once(' ')?;
            Some((name.to_owned(), value.to_owned()))
        };
        Ok(lines.iter().filter_map(pair).collect())
    }
}

/// Tells a refusal from an answer.
fn refused(line: String) -> Result<String, CacheError> {
    if line == "CLIENT_ERROR unauthenticated" {
        let advice = "give its address as memcached://user:password@host:port";
        return Err(CacheError::Rejected(format!("{line}: the server asks for a login; {advice}")));
    }
    let refusals = ["ERROR", "CLIENT_ERROR", "SERVER_ERROR", "BUSY"];
    if refusals.iter().any(|refusal| line.starts_with(refusal)) { Err(CacheError::Rejected(line)) } else { Ok(line) }
}

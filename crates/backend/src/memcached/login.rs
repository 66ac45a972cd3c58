//! Logging in, as a server started with `-Y` asks for: a `set` of the classic text protocol whose value is user and
//! password. After it the connection speaks every protocol.

use super::MemcachedEndpoint;
use crate::lane::LaneError;
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// No answer to a login is longer, in bytes.
const LONGEST_ANSWER: usize = 512;

/// A user and a password. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Login {
    /// `user password`, as the server takes it.
    value: Vec<u8>,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login(***)")
    }
}

/// Why a login failed.
#[derive(Debug)]
pub(super) enum LoginError {
    Lost(io::Error),
    Refused(String),
}

impl LoginError {
    /// The same of a connection to `endpoint`.
    pub(super) fn at(self, endpoint: &MemcachedEndpoint) -> LaneError {
        match self {
            Self::Lost(error) => LaneError::Unavailable(format!("{endpoint}: logging in: {error}")),
            Self::Refused(answer) => LaneError::Rejected(format!("{endpoint}: logging in: {answer}")),
        }
    }
}

impl From<io::Error> for LoginError {
    fn from(error: io::Error) -> Self {
        Self::Lost(error)
    }
}

impl Login {
    /// None if one is empty, or holds what would end it: a blank or a control character.
    pub(super) fn new(user: &str, password: &str) -> Option<Self> {
        let carried = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte > b' ' && byte != 0x7f);
        [user, password].iter().all(carried).then(|| Self { value: format!("{user} {password}").into_bytes() })
    }

    /// Logs in over a fresh connection.
    pub(super) async fn log_in(&self, stream: &mut TcpStream) -> Result<(), LoginError> {
        // A server that asks for no login would take the `set` for one, and keep the password for everybody to read.
        stream.write_all(b"version\r\n").await?;
        let answer = answer(stream).await?;
        if !answer.starts_with("CLIENT_ERROR unauthenticated") {
            let advice = "leave user and password out of its address";
            return Err(LoginError::Refused(format!("the server asks for no login; {advice}")));
        }
        let mut command = format!("set login 0 0 {}\r\n", self.value.len()).into_bytes();
        command.extend_from_slice(&self.value);
        command.extend_from_slice(b"\r\n");
        stream.write_all(&command).await?;
        match self::answer(stream).await?.as_str() {
            "STORED" => Ok(()),
            refusal => Err(LoginError::Refused(refusal.to_owned())),
        }
    }
}

/// One line. Nothing is read beyond it: the connection's next reader begins there.
async fn answer(stream: &mut TcpStream) -> io::Result<String> {
    let mut line = Vec::new();
    while line.len() < LONGEST_ANSWER {
        match stream.read_u8().await? {
            b'\n' => break,
            byte => line.push(byte),
        }
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

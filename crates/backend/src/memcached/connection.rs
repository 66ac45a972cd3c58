//! A connection over which one question at a time is asked, by the operation that asks it.

use super::command::Command;
use super::reply::{self, Answer};
use super::{MemcachedEndpoint, failure};
use crate::exchange::{Exchange, Stream};
use crate::lane::{LaneError, Unanswered};
use cachemark_core::CacheError;
use memcache::exp::Error;
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A connection for operations. A question that was given up leaves it with an answer to come: it is closed then.
#[derive(Debug)]
pub(super) struct Connection {
    /// Boxed, for lanes hand connections about.
    exchange: Box<Exchange>,
}

impl Connection {
    /// Opens one, and waits until the server answers over it: one that hangs accepts connections all the same, and each
    /// operation that times out over one would leave it another, until its line is full and it takes a second or more to get in
    /// once it is back.
    pub(super) async fn open(endpoint: &MemcachedEndpoint) -> Result<Self, LaneError> {
        let mut stream = endpoint.open().await?;
        let mut nothing = *b"MN\r\n";
        let asked = async {
            stream.write_all(b"mn\r\n").await?;
            stream.read_exact(&mut nothing).await
        };
        asked.await.map_err(|error: io::Error| LaneError::Unavailable(format!("{endpoint}: {error}")))?;
        Ok(Self { exchange: Box::new(Exchange::over(Stream::Tcp(stream))) })
    }

    /// Asks, and waits for the answer. What fails before anything was sent is undone for certain.
    pub(super) async fn ask(&mut self, command: &Command<'_>) -> Result<Answer, Unanswered<CacheError>> {
        let before = self.exchange.sent();
        command.write(self.exchange.question());
        let answer = match self.exchange.send().await {
            Ok(()) => self.exchange.answer(reply::read).await,
            Err(error) => Err(Error::Io(error)),
        };
        answer.map_err(|error| {
            let undone = self.exchange.sent() == before;
            Unanswered { error: failure::explain(error), undone }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::Key;
    use memcache::exp::ReturnCode;
    use std::time::Duration;
    use tokio::net::{TcpListener, TcpStream};
    use tokio::task::JoinHandle;

    /// A server for one connection, which answers every get in the pieces given, or closes the connection where there are none.
    async fn server(pieces: &'static [&'static str]) -> (Connection, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = MemcachedEndpoint::parse(&listener.local_addr().unwrap().to_string()).unwrap();
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            // Or the second piece waits for the first one's acknowledgement, which waits for 40 ms.
            stream.set_nodelay(true).unwrap();
            let mut received = Vec::new();
            while stream.read_buf(&mut received).await.is_ok_and(|read| read > 0) {
                while let Some(end) = received.iter().position(|byte| *byte == b'\n') {
                    let question: Vec<u8> = received.drain(..=end).collect();
                    if question == b"mn\r\n" {
                        stream.write_all(b"MN\r\n").await.unwrap();
                    } else if pieces.is_empty() {
                        return;
                    } else {
                        say(&mut stream, pieces).await;
                    }
                }
            }
        });
        (Connection::open(&endpoint).await.unwrap(), serving)
    }

    async fn say(stream: &mut TcpStream, pieces: &[&str]) {
        for piece in pieces {
            stream.write_all(piece.as_bytes()).await.unwrap();
            stream.flush().await.unwrap();
            tokio::task::yield_now().await;
        }
    }

    async fn get(connection: &mut Connection) -> Result<Answer, Unanswered<CacheError>> {
        connection.ask(&Command::Get(&Key::new("cm:k").unwrap())).await
    }

    #[tokio::test]
    async fn an_answer_may_come_in_pieces_and_the_next_question_has_its_own() {
        let (mut connection, _serving) = server(&["V", "A 5", " f1\r", "\nab", "c\r\n", "\r", "\n"]).await;
        for _ in 0..3 {
            assert_eq!(get(&mut connection).await.unwrap().value.unwrap(), b"abc\r\n");
        }
    }

    #[tokio::test]
    async fn a_refusal_of_the_server_is_an_error_and_may_have_done_something() {
        for (answer, kind) in [
            ("SERVER_ERROR out of memory\r\n", cachemark_core::ErrorKind::Rejected),
            ("CLIENT_ERROR bad data chunk\r\n", cachemark_core::ErrorKind::Corrupt),
            ("HTTP/1.1 400 Bad Request\r\n", cachemark_core::ErrorKind::Corrupt),
        ] {
            let (mut connection, _serving) = server(Box::leak(Box::new([answer]))).await;
            let Unanswered { error, undone } = get(&mut connection).await.unwrap_err();
            assert_eq!((error.kind(), undone), (kind, false), "{error}");
        }
    }

    #[tokio::test]
    async fn a_connection_that_was_closed_with_a_question_under_way_may_have_carried_it_out() {
        let (mut connection, _serving) = server(&[]).await;
        let Unanswered { error, undone } = get(&mut connection).await.unwrap_err();
        assert!(matches!(error, CacheError::ConnectionLost(_)) && !undone, "{error}");
    }

    #[tokio::test]
    async fn over_a_connection_that_was_closed_before_nothing_is_sent() {
        let (mut connection, serving) = server(&["EN\r\n"]).await;
        assert_eq!(get(&mut connection).await.unwrap().code, ReturnCode::En);
        serving.abort();
        drop(serving.await);
        // The runtime has seen the end by the time that it has slept.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let Unanswered { error, undone } = get(&mut connection).await.unwrap_err();
        assert!(matches!(error, CacheError::ConnectionLost(_)) && undone, "{error}");
    }

    #[tokio::test]
    async fn what_comes_unasked_is_no_answer() {
        let (mut connection, _serving) = server(&["EN\r\n", "EN\r\n"]).await;
        assert_eq!(get(&mut connection).await.unwrap().code, ReturnCode::En);
        tokio::time::sleep(Duration::from_millis(20)).await;
        let Unanswered { error, undone } = get(&mut connection).await.unwrap_err();
        assert!(matches!(error, CacheError::ConnectionLost(_)) && undone, "{error}");
    }
}

//! A connection over which one question at a time is asked, by the task that asks it.
//!
//! The client crate's own connection is made for many who share it: a task writes and reads for all of them, and every question goes to it
//! and back over channels. Where nobody shares, that is two wake-ups for nothing. Who logs in and how is the crate's all the same: it
//! opens the connection, over a stream that is lent to it and taken back.

use super::connection::{Connection, Way};
use super::{RedisEndpoint, command::Command, reply, stream};
use crate::exchange::{Exchange, Stream, closed};
use crate::lane::LaneError;
use redis::aio::ConnectionLike;
use redis::{Cmd, Pipeline, RedisError, RedisFuture, Value};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The connection. A question that was given up leaves it with an answer to come: it is closed then.
pub(super) struct Direct {
    /// Boxed, for lanes hand connections about.
    exchange: Box<Exchange>,
    database: i64,
}

impl Direct {
    /// Makes a connection to a server that answers. Its time limit is the caller's.
    pub(super) async fn open_answering(endpoint: &RedisEndpoint) -> Result<Self, LaneError> {
        let lent = Lent(Arc::new(Mutex::new(Some(stream::open(endpoint).await?))));
        let connection = Connection::over(endpoint, lent.clone()).await?;
        connection.answering(endpoint).await?;
        // Every question of the opening has its answer, so nothing is under way, and what read for it is at rest.
        let stream = lent.back().ok_or_else(|| LaneError::Unavailable(endpoint.told("the connection was closed")))?;
        Ok(Self { exchange: Box::new(Exchange::over(stream)), database: endpoint.connection().redis_settings().db() })
    }

    /// Asks what stands in the question's place.
    async fn ask_written(&mut self) -> Result<Value, RedisError> {
        self.exchange.send().await?;
        self.exchange.answer(reply::read).await
    }
}

impl Way for Direct {
    fn sent(&self) -> u64 {
        self.exchange.sent()
    }

    async fn ask(&mut self, command: &Command<'_>) -> Result<Value, RedisError> {
        match command {
            Command::Plain(command) => {
                command.write(self.exchange.question());
                self.ask_written().await?.extract_error()
            }
            // Boxed, so that a plain command needs no room for it.
            Command::Scripted(invocation) => Box::pin(invocation.invoke_async(self)).await,
        }
    }
}

/// For scripts, which may have to be loaded.
impl ConnectionLike for Direct {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        command.write_packed_command(self.exchange.question());
        Box::pin(self.ask_written())
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        Box::pin(async move {
            self.exchange.question().extend_from_slice(&pipeline.get_packed_pipeline());
            self.exchange.send().await?;
            let mut answers = Vec::with_capacity(count);
            for number in 0..offset + count {
                let answer = self.exchange.answer(reply::read).await?;
                if number >= offset {
                    answers.push(answer);
                }
            }
            Ok(answers)
        })
    }

    fn get_db(&self) -> i64 {
        self.database
    }
}

/// A stream for as long as the connection is opened; closed for who holds it once it was taken back.
#[derive(Clone)]
struct Lent(Arc<Mutex<Option<Stream>>>);

impl Lent {
    fn back(&self) -> Option<Stream> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn with<T>(&self, act: impl FnOnce(Pin<&mut Stream>) -> Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(stream) => act(Pin::new(stream)),
            None => Poll::Ready(Err(closed())),
        }
    }
}

impl AsyncRead for Lent {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_read(cx, buf))
    }
}

impl AsyncWrite for Lent {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.with(|stream| stream.poll_write(cx, buf))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_shutdown(cx))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::Key;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::task::JoinHandle;

    /// A server for one connection, which answers GET in the pieces given, or closes the connection where there are none, and
    /// anything else with OK.
    async fn server(pieces: &'static [&'static str]) -> (RedisEndpoint, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = RedisEndpoint::parse(&format!("redis://{}", listener.local_addr().unwrap())).unwrap();
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            // Or the second piece waits for the first one's acknowledgement, which waits for 40 ms.
            stream.set_nodelay(true).unwrap();
            let mut received = Vec::new();
            while stream.read_buf(&mut received).await.is_ok_and(|read| read > 0) {
                while let Some(length) = reply::length(&received).unwrap() {
                    let question: Vec<u8> = received.drain(..length).collect();
                    if !question.windows(3).any(|word| word == b"GET") {
                        stream.write_all(b"+OK\r\n").await.unwrap();
                    } else if pieces.is_empty() {
                        return;
                    } else {
                        say(&mut stream, pieces).await;
                    }
                }
            }
        });
        (endpoint, serving)
    }

    async fn say(stream: &mut TcpStream, pieces: &[&str]) {
        for piece in pieces {
            stream.write_all(piece.as_bytes()).await.unwrap();
            stream.flush().await.unwrap();
            tokio::task::yield_now().await;
        }
    }

    async fn get(direct: &mut Direct) -> Result<Value, RedisError> {
        direct.ask(&Command::get(&Key::new("cm:k").unwrap())).await
    }

    #[tokio::test]
    async fn an_answer_may_come_in_pieces_and_the_next_question_has_its_own() {
        let (endpoint, _serving) = server(&["$", "5", "\r", "\nab", "c\r\n", "\r", "\n"]).await;
        let mut direct = Direct::open_answering(&endpoint).await.unwrap();
        for _ in 0..3 {
            assert_eq!(get(&mut direct).await.unwrap(), Value::BulkString(b"abc\r\n".to_vec()));
        }
    }

    #[tokio::test]
    async fn an_error_of_the_server_is_one() {
        let (endpoint, _serving) = server(&["-OOM too much\r\n"]).await;
        let mut direct = Direct::open_answering(&endpoint).await.unwrap();
        let error = get(&mut direct).await.unwrap_err();
        assert!(error.to_string().contains("too much"), "{error}");
        assert!(!direct.kept_from_sending(0, &error));
    }

    #[tokio::test]
    async fn a_connection_that_was_closed_with_a_question_under_way_may_have_carried_it_out() {
        let (endpoint, _serving) = server(&[]).await;
        let mut direct = Direct::open_answering(&endpoint).await.unwrap();
        let error = get(&mut direct).await.unwrap_err();
        assert!(error.is_unrecoverable_error() && !direct.kept_from_sending(0, &error), "{error}");
    }

    #[tokio::test]
    async fn over_a_connection_that_was_closed_before_nothing_is_sent() {
        let (endpoint, serving) = server(&["$-1\r\n"]).await;
        let mut direct = Direct::open_answering(&endpoint).await.unwrap();
        assert_eq!(get(&mut direct).await.unwrap(), Value::Nil);
        let before = direct.sent();
        serving.abort();
        drop(serving.await);
        // The runtime has seen the end by the time that it has slept.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let error = get(&mut direct).await.unwrap_err();
        assert!(direct.kept_from_sending(before, &error), "{error}");
    }

    #[tokio::test]
    async fn what_comes_unasked_is_no_answer() {
        let (endpoint, _serving) = server(&["$-1\r\n", "$-1\r\n"]).await;
        let mut direct = Direct::open_answering(&endpoint).await.unwrap();
        assert_eq!(get(&mut direct).await.unwrap(), Value::Nil);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let before = direct.sent();
        let error = get(&mut direct).await.unwrap_err();
        assert!(direct.kept_from_sending(before, &error), "{error}");
    }
}

//! Questions over a stream that nobody shares: one at a time, each with its answer before the next.
//!
//! The operation itself writes and reads, over buffers that stay with the stream: no task, no channel, no allocation but for what the
//! answer is kept in. Whether the server has closed the stream meanwhile is known from what the runtime has seen, without a
//! system call, so that a question for which that is so is not sent, and can be asked over another.

mod stream;

pub(crate) use stream::Stream;

use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Room for an answer of the usual size, so that one read takes it in.
const ROOM: usize = 4 << 10;

/// What a large question or answer left behind is given back.
const MOST_KEPT: usize = 256 << 10;

/// One question at a time. A question that was given up leaves it with an answer to come: it is of no more use then.
#[derive(Debug)]
pub(crate) struct Exchange {
    stream: Stream,
    /// What has come of an answer.
    received: Vec<u8>,
    question: Vec<u8>,
    sent: u64,
}

impl Exchange {
    /// Over a stream over which nothing is under way.
    pub(crate) fn over(stream: Stream) -> Self {
        Self { stream, received: Vec::with_capacity(ROOM), question: Vec::new(), sent: 0 }
    }

    /// Bytes sent so far.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// Where the next question is to be written; it is empty.
    pub(crate) fn question(&mut self) -> &mut Vec<u8> {
        self.question.clear();
        self.question.shrink_to(MOST_KEPT);
        &mut self.question
    }

    /// Sends the question, unless the server has closed the connection or has something to say already.
    pub(crate) async fn send(&mut self) -> io::Result<()> {
        self.quiet()?;
        let mut at = 0;
        while at < self.question.len() {
            let written = self.stream.write(&self.question[at..]).await?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.sent += written as u64;
            at += written;
        }
        Ok(())
    }

    /// Whether nothing has come that was not asked for, an end of the stream included. As long as nothing has, it takes no system call.
    fn quiet(&self) -> io::Result<()> {
        let spoke = || io::Error::new(io::ErrorKind::InvalidData, "the server spoke unasked");
        // It came with the last answer.
        if !self.received.is_empty() {
            return Err(spoke());
        }
        match self.stream.try_read(&mut [0]) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error),
            Ok(0) => Err(closed()),
            Ok(_) => Err(spoke()),
        }
    }

    /// The next answer. `read` makes it of what has come, and says how many bytes it took; none while some of it is still to come.
    pub(crate) async fn answer<A, E: From<io::Error>>(
        &mut self,
        read: impl Fn(&[u8]) -> Result<Option<(A, usize)>, E>,
    ) -> Result<A, E> {
        loop {
            if !self.received.is_empty()
                && let Some((answer, length)) = read(&self.received)?
            {
                self.take(length);
                return Ok(answer);
            }
            // A read that fills less than there is room for tells that nothing more is there, without asking again.
            self.received.reserve(ROOM);
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err(closed().into());
            }
        }
    }

    /// Forgets the first bytes that have come.
    fn take(&mut self, length: usize) {
        self.received.drain(..length);
        if self.received.capacity() > MOST_KEPT {
            self.received.shrink_to(ROOM);
        }
    }
}

/// The end of a stream over which something was to come.
pub(crate) fn closed() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection")
}

//! A connection over which one question at a time is asked.

use super::answer::{self, ERROR, Message, Next, READY};
use super::error::{DirectError, Refusal, Wrong};
use super::question;
use super::stream::{Lent, Stream};
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Room for an answer of the usual size, so that one read takes it in.
const ROOM: usize = 4 << 10;

/// So much more room is made at a time, whatever length the server has announced.
const MOST_ROOM: usize = 1 << 20;

/// What a large question or answer left behind is given back.
const MOST_KEPT: usize = 256 << 10;

/// The connection, and what is kept for questions and answers.
pub(super) struct Link {
    stream: Stream,
    /// What has come of an answer.
    received: Vec<u8>,
    question: Vec<u8>,
    /// Whether anything of the question has left.
    sent: bool,
}

impl Link {
    /// Takes a stream back over which the login is done.
    pub(super) fn over(lent: Lent) -> Result<Self, DirectError> {
        let (stream, heard) = lent.back().ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        let mut received = Vec::with_capacity(ROOM);
        let after = answer::after_login(&heard).map_err(|wrong| DirectError { wrong, unsent: true })?;
        received.extend_from_slice(after);
        Ok(Self { stream, received, question: Vec::new(), sent: false })
    }

    /// Where the next question is put.
    pub(super) fn question(&mut self) -> &mut Vec<u8> {
        self.question.clear();
        &mut self.question
    }

    /// Sends the question and reads its answer up to where the server is ready for the next one; `each` takes what has something to say.
    pub(super) async fn ask(&mut self, each: impl FnMut(Message<'_>) -> Result<(), Wrong>) -> Result<(), DirectError> {
        self.sent = false;
        let asked = match self.send().await {
            Ok(()) => self.answer(each).await,
            Err(wrong) => Err(wrong),
        };
        asked.map_err(|wrong| DirectError { wrong, unsent: !self.sent })
    }

    /// Runs a statement whose rows nobody wants.
    pub(super) async fn run(&mut self, text: &str) -> Result<(), DirectError> {
        question::query(self.question(), text)?;
        self.ask(|_| Ok(())).await
    }

    /// Sends the question, unless the server has closed the connection.
    async fn send(&mut self) -> Result<(), Wrong> {
        self.quiet()?;
        let mut at = 0;
        while at < self.question.len() {
            let written = self.stream.write(&self.question[at..]).await?;
            if written == 0 {
                return Err(io::Error::from(io::ErrorKind::WriteZero).into());
            }
            self.sent = true;
            at += written;
        }
        if self.question.capacity() > MOST_KEPT {
            self.question = Vec::new();
        }
        Ok(())
    }

    /// Whether the server is still there, and has nothing to say that ends the session. As long as it has said nothing, it takes no
    /// system call.
    fn quiet(&mut self) -> Result<(), Wrong> {
        loop {
            // What came with the last answer comes first.
            self.unasked()?;
            match self.stream.try_read_buf(&mut self.received) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Ok(0) => return Err(Wrong::Closed),
                read => read?,
            };
        }
    }

    /// Takes what came unasked: of that only an error matters, which is the session's last word.
    fn unasked(&mut self) -> Result<(), Wrong> {
        if self.received.is_empty() {
            return Ok(());
        }
        let mut at = 0;
        while let Next::Whole(message, end) = answer::next(&self.received, at)? {
            match message.tag {
                ERROR => return Err(Wrong::Refused(Refusal { last: true, ..answer::refusal(message.body)? })),
                _ if message.is_aside() => at = end,
                _ => return Err(message.unexpected()),
            }
        }
        self.received.drain(..at);
        Ok(())
    }

    async fn answer(&mut self, mut each: impl FnMut(Message<'_>) -> Result<(), Wrong>) -> Result<(), Wrong> {
        let (mut at, mut refusal) = (0, None);
        loop {
            match answer::next(&self.received, at)? {
                Next::Whole(message, end) => {
                    at = end;
                    match message.tag {
                        READY => break,
                        ERROR => {
                            let said = answer::refusal(message.body)?;
                            if said.last {
                                return Err(Wrong::Refused(said));
                            }
                            // The server goes on once it has said that it is ready.
                            refusal = Some(said);
                        }
                        _ if message.is_done() || message.is_aside() => {}
                        _ => each(message)?,
                    }
                }
                Next::Missing(count) => {
                    if let Err(wrong) = self.read(count).await {
                        // A refusal with which the connection was closed.
                        return Err(refusal.map_or(wrong, |said| Wrong::Refused(Refusal { last: true, ..said })));
                    }
                }
            }
        }
        self.received.drain(..at);
        if self.received.capacity() > MOST_KEPT {
            self.received.shrink_to(ROOM);
        }
        refusal.map_or(Ok(()), |said| Err(Wrong::Refused(said)))
    }

    /// Reads more, of which so many bytes are missing at least.
    async fn read(&mut self, missing: usize) -> Result<(), Wrong> {
        // A read that fills less than there is room for tells that nothing more is there, without asking again.
        self.received.reserve(missing.clamp(ROOM, MOST_ROOM));
        match self.stream.read_buf(&mut self.received).await? {
            0 => Err(Wrong::Closed),
            _ => Ok(()),
        }
    }
}

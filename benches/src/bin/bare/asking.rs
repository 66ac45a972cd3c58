//! The loop: one thread, epoll, one request in flight on each connection.

use mio::{Events, Interest, Poll, Token};
use rustix::time::{ClockId, clock_gettime};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Connections that are logged in, and what to ask over them.
pub(crate) struct Prepared {
    pub(crate) streams: Vec<TcpStream>,
    /// One for each key.
    pub(crate) requests: Vec<Vec<u8>>,
    /// Takes away what was written.
    pub(crate) tidy: Box<dyn FnOnce()>,
}

/// What came of it.
pub(crate) struct Asked {
    pub(crate) operations: u64,
    pub(crate) wall: Duration,
    /// Of the whole process, which does nothing else meanwhile.
    pub(crate) processor: Duration,
}

/// Where a connection is in its answer.
struct Turn {
    stream: mio::net::TcpStream,
    missing: usize,
}

/// Asks random ones of `requests` over each of `streams` for so long.
pub(crate) fn ask(streams: &[TcpStream], requests: &[Vec<u8>], time: Duration) -> io::Result<Asked> {
    let answer = answer_length(&streams[0], &requests[0])?;
    let mut turns = Vec::with_capacity(streams.len());
    let mut poll = Poll::new()?;
    for (place, stream) in streams.iter().enumerate() {
        stream.set_nonblocking(true)?;
        let mut stream = mio::net::TcpStream::from_std(stream.try_clone()?);
        poll.registry().register(&mut stream, Token(place), Interest::READABLE)?;
        turns.push(Turn { stream, missing: answer });
    }
    let mut draw = Draw(0x9E37_79B9_7F4A_7C15);
    let mut buffer = vec![0; (answer + 1).max(4096)];
    let mut events = Events::with_capacity(turns.len());
    let (began, busy_before) = (Instant::now(), busy());
    let mut operations = 0;
    for turn in &mut turns {
        turn.send(&requests[draw.below(requests.len())])?;
    }
    // As many are asked as are answered: what is in flight in the end is not counted.
    while began.elapsed() < time {
        poll.poll(&mut events, Some(Duration::from_secs(1)))?;
        if events.is_empty() {
            return Err(io::Error::other("no answer within a second"));
        }
        for event in &events {
            let turn = &mut turns[event.token().0];
            if turn.take(&mut buffer)? {
                operations += 1;
                turn.missing = answer;
                turn.send(&requests[draw.below(requests.len())])?;
            }
        }
    }
    Ok(Asked { operations, wall: began.elapsed(), processor: busy() - busy_before })
}

impl Turn {
    fn send(&mut self, request: &[u8]) -> io::Result<()> {
        // One small request fits into the socket's buffer, which is empty.
        self.stream.write_all(request)
    }

    /// Takes what there is; whether the answer is whole. The poll tells of each arrival once, and nothing comes after the answer: what
    /// is there is read once, and no read comes back empty.
    fn take(&mut self, buffer: &mut [u8]) -> io::Result<bool> {
        // One byte more than is missing: a longer answer shows.
        let count = match self.stream.read(&mut buffer[..=self.missing]) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            count => count?,
        };
        if count == 0 || count > self.missing {
            return Err(io::Error::other(format!(
                "an answer of another length: {count} bytes, {} missing",
                self.missing
            )));
        }
        self.missing -= count;
        Ok(self.missing == 0)
    }
}

/// How long the answer to `request` is: what has come when nothing more comes for a tenth of a second.
fn answer_length(stream: &TcpStream, request: &[u8]) -> io::Result<usize> {
    let mut stream = stream.try_clone()?;
    stream.set_nonblocking(false)?;
    stream.write_all(request)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut buffer = vec![0; 1 << 21];
    let mut length = stream.read(&mut buffer)?;
    stream.set_read_timeout(Some(Duration::from_millis(100)))?;
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Err(io::Error::other("the server closed the connection")),
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    stream.set_read_timeout(None)?;
    Ok(length)
}

/// A xorshift generator: which key is asked for costs next to nothing.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((u128::from(self.0) * limit as u128) >> 64) as usize
    }
}

/// The process's time on a processor.
fn busy() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

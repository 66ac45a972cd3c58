//! Reads by key of Postgres: a prepared statement, Bind, Execute and Sync for each.

use crate::Options;
use crate::asking::Prepared;
use postgres_protocol::IsNull;
use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256};
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend;
use std::error::Error;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use url::Url;

const TABLE: &str = "cachemark_bare";

pub(crate) fn prepare(options: &Options) -> Result<Prepared, Box<dyn Error>> {
    let url = Url::parse(&options.url).map_err(|error| format!("the URL: {error}"))?;
    let mut first = Session::open(&url)?;
    first.run(&format!("DROP TABLE IF EXISTS {TABLE}"))?;
    first.run(&format!("CREATE UNLOGGED TABLE {TABLE} (key text PRIMARY KEY, value bytea NOT NULL)"))?;
    let rows = format!(
        "INSERT INTO {TABLE} SELECT lpad(n::text, 8, '0'), decode(repeat('78', {}), 'hex') FROM generate_series(0, {}) n",
        options.value_bytes,
        options.keys - 1
    );
    first.run(&rows)?;
    first.run(&format!("VACUUM ANALYZE {TABLE}"))?;
    let mut streams = Vec::with_capacity(options.connections);
    for _ in 0..options.connections {
        let mut session = Session::open(&url)?;
        session.prepare(&format!("SELECT value FROM {TABLE} WHERE key = $1"))?;
        streams.push(session.stream);
    }
    let requests = (0..options.keys).map(request).collect::<Result<_, _>>()?;
    let tidy = move || {
        // What stays is a table of a private server's.
        let _ = first.run(&format!("DROP TABLE {TABLE}"));
    };
    Ok(Prepared { streams, requests, tidy: Box::new(tidy) })
}

/// Key in text, value in binary, as drivers ask.
fn request(key: usize) -> io::Result<Vec<u8>> {
    let mut bytes = bytes::BytesMut::new();
    let key = format!("{key:08}");
    let put = |key: &str, buffer: &mut bytes::BytesMut| {
        buffer.extend_from_slice(key.as_bytes());
        Ok(IsNull::No)
    };
    frontend::bind("", "s", Some(0), Some(key.as_str()), put, Some(1), &mut bytes).map_err(|error| match error {
        frontend::BindError::Conversion(error) => io::Error::other(error),
        frontend::BindError::Serialization(error) => error,
    })?;
    frontend::execute("", 0, &mut bytes)?;
    frontend::sync(&mut bytes);
    Ok(bytes.to_vec())
}

/// A connection that is asked one thing at a time.
struct Session {
    stream: TcpStream,
    read: bytes::BytesMut,
}

impl Session {
    fn open(url: &Url) -> Result<Self, Box<dyn Error>> {
        let stream = TcpStream::connect((url.host_str().unwrap_or("127.0.0.1"), url.port().unwrap_or(5432)))?;
        stream.set_nodelay(true)?;
        let mut session = Self { stream, read: bytes::BytesMut::new() };
        let database = url.path().trim_start_matches('/');
        let parameters = [("user", url.username()), ("database", database), ("client_encoding", "UTF8")];
        session.send(|bytes| frontend::startup_message(parameters, bytes))?;
        session.log_in(url.password().unwrap_or_default())?;
        session.ready()?;
        Ok(session)
    }

    fn log_in(&mut self, password: &str) -> Result<(), Box<dyn Error>> {
        let mut scram = ScramSha256::new(password.as_bytes(), ChannelBinding::unsupported());
        loop {
            match self.message()? {
                Message::AuthenticationOk => return Ok(()),
                Message::AuthenticationSasl(_) => {
                    let hello = scram.message().to_vec();
                    self.send(|bytes| frontend::sasl_initial_response(SCRAM_SHA_256, &hello, bytes))?;
                }
                Message::AuthenticationSaslContinue(body) => {
                    scram.update(body.data())?;
                    let answer = scram.message().to_vec();
                    self.send(|bytes| frontend::sasl_response(&answer, bytes))?;
                }
                Message::AuthenticationSaslFinal(body) => scram.finish(body.data())?,
                Message::ErrorResponse(_) => return Err("Postgres refused the login".into()),
                _ => return Err("Postgres asks for a login that is no SCRAM-SHA-256".into()),
            }
        }
    }

    fn prepare(&mut self, statement: &str) -> Result<(), Box<dyn Error>> {
        self.send(|bytes| {
            frontend::parse("s", statement, std::iter::empty(), bytes)?;
            frontend::sync(bytes);
            Ok(())
        })?;
        self.ready()
    }

    fn run(&mut self, statement: &str) -> Result<(), Box<dyn Error>> {
        self.send(|bytes| frontend::query(statement, bytes))?;
        self.ready()
    }

    /// Waits until it can be asked again.
    fn ready(&mut self) -> Result<(), Box<dyn Error>> {
        loop {
            match self.message()? {
                Message::ReadyForQuery(_) => return Ok(()),
                Message::ErrorResponse(_) => return Err("Postgres refused a statement".into()),
                _ => {}
            }
        }
    }

    fn send(&mut self, write: impl FnOnce(&mut bytes::BytesMut) -> io::Result<()>) -> io::Result<()> {
        let mut bytes = bytes::BytesMut::new();
        write(&mut bytes)?;
        self.stream.write_all(&bytes)
    }

    fn message(&mut self) -> io::Result<Message> {
        loop {
            if let Some(message) = Message::parse(&mut self.read)? {
                return Ok(message);
            }
            let mut part = [0; 8192];
            let count = self.stream.read(&mut part)?;
            if count == 0 {
                return Err(io::Error::other("Postgres closed the connection"));
            }
            self.read.extend_from_slice(&part[..count]);
        }
    }
}

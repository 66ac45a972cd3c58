//! GETs of Redis.

use crate::Options;
use crate::asking::Prepared;
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use url::Url;

pub(crate) fn prepare(options: &Options) -> Result<Prepared, Box<dyn Error>> {
    let url = Url::parse(&options.url).map_err(|error| format!("the URL: {error}"))?;
    let login = login(&url);
    let streams = (0..options.connections).map(|_| connect(&url, login.as_deref())).collect::<Result<Vec<_>, _>>()?;
    let value = "x".repeat(options.value_bytes);
    for key in 0..options.keys {
        said(&streams[0], &command(&["SET", &name(key), &value]), "+OK")?;
    }
    let requests = (0..options.keys).map(|key| command(&["GET", &name(key)])).collect();
    let keys = options.keys;
    let tidy = move || {
        let Ok(stream) = connect(&url, login.as_deref()) else { return };
        for key in 0..keys {
            // What stays is a value of a private server's.
            let _ = said(&stream, &command(&["DEL", &name(key)]), ":");
        }
    };
    Ok(Prepared { streams, requests, tidy: Box::new(tidy) })
}

fn name(key: usize) -> String {
    format!("cm:bare:{key:08}")
}

fn login(url: &Url) -> Option<Vec<u8>> {
    let password = url.password()?;
    Some(match url.username() {
        "" => command(&["AUTH", password]),
        user => command(&["AUTH", user, password]),
    })
}

fn connect(url: &Url, login: Option<&[u8]>) -> Result<TcpStream, Box<dyn Error>> {
    let stream = TcpStream::connect((url.host_str().unwrap_or("127.0.0.1"), url.port().unwrap_or(6379)))?;
    stream.set_nodelay(true)?;
    login.map_or(Ok(()), |login| said(&stream, login, "+OK"))?;
    Ok(stream)
}

/// Asks, and wants a line that begins so.
fn said(mut stream: &TcpStream, request: &[u8], wanted: &str) -> Result<(), Box<dyn Error>> {
    stream.write_all(request)?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    if line.starts_with(wanted) { Ok(()) } else { Err(format!("Redis said {}", line.trim_end()).into()) }
}

fn command(words: &[&str]) -> Vec<u8> {
    let words: String = words.iter().map(|word| format!("${}\r\n{word}\r\n", word.len())).collect::<Vec<_>>().concat();
    let count = words.matches("\r\n").count() / 2;
    format!("*{count}\r\n{words}").into_bytes()
}

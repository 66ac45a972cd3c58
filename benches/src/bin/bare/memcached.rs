//! Meta gets of Memcached.

use crate::Options;
use crate::asking::Prepared;
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use url::Url;

pub(crate) fn prepare(options: &Options) -> Result<Prepared, Box<dyn Error>> {
    let url = Url::parse(&options.url).map_err(|error| format!("the URL: {error}"))?;
    let streams = (0..options.connections).map(|_| connect(&url)).collect::<Result<Vec<_>, _>>()?;
    let (value, length) = ("x".repeat(options.value_bytes), options.value_bytes);
    for key in 0..options.keys {
        said(&streams[0], format!("ms {} {length}\r\n{value}\r\n", name(key)).as_bytes(), "HD")?;
    }
    let requests = (0..options.keys).map(|key| format!("mg {} v\r\n", name(key)).into_bytes()).collect();
    let keys = options.keys;
    let tidy = move || {
        let Ok(stream) = connect(&url) else { return };
        for key in 0..keys {
            let _ = said(&stream, format!("md {}\r\n", name(key)).as_bytes(), "HD");
        }
    };
    Ok(Prepared { streams, requests, tidy: Box::new(tidy) })
}

fn name(key: usize) -> String {
    format!("cm:bare:{key:08}")
}

/// The ASCII protocol's login is a set of "user password" under any key.
fn connect(url: &Url) -> Result<TcpStream, Box<dyn Error>> {
    let stream = TcpStream::connect((url.host_str().unwrap_or("127.0.0.1"), url.port().unwrap_or(11211)))?;
    stream.set_nodelay(true)?;
    if let Some(password) = url.password() {
        let login = format!("{} {password}", url.username());
        said(&stream, format!("set login 0 0 {}\r\n{login}\r\n", login.len()).as_bytes(), "STORED")?;
    }
    Ok(stream)
}

/// Asks, and wants a line that begins so.
fn said(mut stream: &TcpStream, request: &[u8], wanted: &str) -> Result<(), Box<dyn Error>> {
    stream.write_all(request)?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    if line.starts_with(wanted) { Ok(()) } else { Err(format!("Memcached said {}", line.trim_end()).into()) }
}

//! What clients and operators do to a real `cachemark serve` process on their bad days.

mod arms;
mod audited;
mod bad_requests;
mod connections;
mod crash;
mod leader;
#[path = "../support/service.rs"]
mod service;
mod shutdown;

use service::Service;
use std::io::{Read, Write};
use std::net::TcpStream;

/// Sends bytes and returns all that comes until the service hangs up. It may hang up before it has heard everything.
fn exchange(service: &Service, bytes: &[u8]) -> String {
    let mut stream = service.connect();
    let _ = stream.write_all(bytes);
    hear(&mut stream)
}

/// All that comes until the service hangs up. That it hangs up is asserted: it must not be the test that gave up.
fn hear(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "the connection is still open after a minute");
    }
    String::from_utf8(answer).unwrap()
}

/// The status of an answer, 0 for none.
fn status(answer: &str) -> u16 {
    answer.strip_prefix("HTTP/1.1 ").map_or(0, |rest| rest[..3].parse().unwrap())
}

//! Clients that are slow, and clients that are many.

use crate::{Service, hear, status};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// Sends a byte a second until the service says something or hangs up, then all that it says; none if every byte was
/// sent before.
fn trickle(service: &Service, first: &[u8], bytes: &[u8]) -> Option<String> {
    let mut stream = service.connect();
    stream.write_all(first).unwrap();
    for byte in bytes {
        stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
        let quiet = stream.peek(&mut [0]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock);
        if !quiet {
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            return Some(hear(&mut stream));
        }
        // The service may hang up at this very moment: the next look says so.
        let _ = stream.write_all(&[*byte]);
    }
    None
}

#[test]
fn a_client_that_sends_a_byte_a_second_is_cut_off() {
    let service = Service::start(&["--head-read", "2s", "--body-read", "2s"]);
    let body_head = b"PUT /items/a HTTP/1.1\r\nhost: test\r\ncontent-length: 60\r\n\r\n";
    let line = b"GET /items/a HTTP/1.1\r\nhost: test\r\nuser-agent: patience itself\r\n\r\n";
    let (head, body, silent) = thread::scope(|scope| {
        let head = scope.spawn(|| trickle(&service, b"", line));
        let body = scope.spawn(|| trickle(&service, body_head, &[b'x'; 60]));
        let silent = scope.spawn(|| hear(&mut service.connect()));
        (head.join().unwrap(), body.join().unwrap(), silent.join().unwrap())
    });
    // A head that never came whole has no request to be answered.
    assert_eq!(head.as_deref().map(status), Some(0), "{head:?}");
    assert_eq!(body.as_deref().map(status), Some(408), "{body:?}");
    assert_eq!(silent, "");
    assert_eq!(service.metric("cachemark_operations_total"), 0);
    assert!(service.ask("GET /ready HTTP/1.1").starts_with("HTTP/1.1 200 "));
}

const MANY: usize = 2000;
/// What the service may grow by for all of them: buffers of hyper's, a task and a timer each.
const MOST_KIB: i64 = 64 << 10;
/// Crowds until the allocator has spread over its arenas what it will reuse; and as many again.
const CROWDS: usize = 8;
/// What the second half of the crowds may add: below 2 KiB a connection, so none leaves its buffers behind.
const LATER_KIB: i64 = 12 << 10;

/// The memory that a process has, in KiB.
fn resident(pid: u32) -> i64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = text.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Connections that do nothing: half of them asked once, the others never did.
fn crowd(service: &Service) -> Vec<TcpStream> {
    let mut open: Vec<_> = (0..MANY).map(|_| service.connect()).collect();
    for stream in open.iter_mut().step_by(2) {
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
        assert!(stream.read(&mut [0; 512]).unwrap() > 0);
    }
    open
}

fn until_open(service: &Service, holds: impl Fn(u64) -> bool) {
    let limit = Instant::now() + Duration::from_secs(60);
    while !holds(service.metric("cachemark_connections")) {
        assert!(Instant::now() < limit, "{} connections after a minute", service.metric("cachemark_connections"));
        thread::sleep(Duration::from_millis(20));
    }
}

/// A service under a limit of file descriptors that it has to raise itself, as the test has to raise its own.
fn service_with_few_descriptors(head_read: &str) -> Service {
    // Two crowds at once, should both tests run.
    let wanted = 2 * MANY as u64 + 200;
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < wanted) {
        let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..limit });
        raised.expect("4,200 file descriptors are allowed");
    }
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -S -n 256 && exec \"$0\" \"$@\""]).arg(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--workload", "smoke", "--head-read", head_read]);
    Service::launch(command)
}

#[test]
fn two_thousand_idle_connections_cost_little() {
    let service = service_with_few_descriptors("10m");
    service.ask("GET /items/a HTTP/1.1");
    let before = resident(service.pid());
    let mut after = Vec::new();
    for _ in 0..2 * CROWDS {
        let crowd = crowd(&service);
        until_open(&service, |open| open > MANY as u64);
        assert!(service.ask("GET /items/a HTTP/1.1").starts_with("HTTP/1.1 404 "), "it goes on answering");
        after.push(resident(service.pid()) - before);
        drop(crowd);
        until_open(&service, |open| open == 1);
    }
    let (settled, last) = (after[CROWDS - 1], after[2 * CROWDS - 1]);
    assert!(last < MOST_KIB && last - settled < LATER_KIB, "growth in KiB after each crowd: {after:?}");
    assert_eq!(service.stop().0, Some(0));
}

#[test]
fn two_thousand_idle_connections_are_let_go() {
    let service = service_with_few_descriptors("5s");
    let mut open: Vec<_> = (0..MANY).map(|_| service.connect()).collect();
    open.iter_mut().for_each(|stream| assert_eq!(hear(stream), ""));
    until_open(&service, |open| open == 1);
    let lost = service.metric("cachemark_connections_lost_total");
    assert!(lost >= MANY as u64, "{lost} of {MANY} were cut off");
    assert_eq!(service.stop().0, Some(0));
}

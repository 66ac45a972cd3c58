//! A proxy before a server that echoes.

use super::{Place, Proxy};
use cachemark_core::Fault;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What does not come by then does not come.
const SILENCE: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(30);

/// Says again whatever it is told, over each connection, and counts the bytes that it was told.
fn echo() -> (u16, Arc<AtomicU64>) {
    let (listener, told) = (TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(), Arc::<AtomicU64>::default());
    let (port, counted) = (listener.local_addr().unwrap().port(), Arc::clone(&told));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, told) = (stream.unwrap(), Arc::clone(&counted));
            std::thread::spawn(move || {
                let mut buffer = vec![0; 64 << 10];
                while let Ok(len @ 1..) = stream.read(&mut buffer) {
                    told.fetch_add(len as u64, Ordering::SeqCst);
                    if stream.write_all(&buffer[..len]).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (port, told)
}

fn before(port: u16) -> Proxy {
    Proxy::before(Place { host: "127.0.0.1".into(), port }).unwrap()
}

fn connect(proxy: &Proxy) -> TcpStream {
    let stream = TcpStream::connect(proxy.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Whether what is said comes back.
fn echoes(stream: &mut TcpStream, said: &[u8]) -> std::io::Result<bool> {
    stream.write_all(said)?;
    let mut heard = vec![0; said.len()];
    stream.read_exact(&mut heard)?;
    Ok(heard == said)
}

/// How a connection ended that the other side reset: as one looks at it, before the end of what it sent or after.
fn is_reset(stream: &mut TcpStream) -> bool {
    let ends = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
    stream.read(&mut [0]).is_err_and(|error| ends.contains(&error.kind()))
}

#[test]
fn every_byte_is_passed_on_as_it_is() {
    let proxy = before(echo().0);
    let said: Vec<u8> = (0..8_u32 << 20).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let mut heard = vec![0; said.len()];
    let (mut asking, mut answering) = (connect(&proxy), connect(&proxy));
    assert!(echoes(&mut answering, b"one").unwrap());
    let mut listening = asking.try_clone().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| asking.write_all(&said).unwrap());
        listening.read_exact(&mut heard).unwrap();
    });
    assert!(heard == said);
    assert!(echoes(&mut answering, b"two").unwrap());
}

#[test]
fn answers_come_later_and_in_their_order_until_the_fault_ends() {
    let proxy = before(echo().0);
    let mut stream = connect(&proxy);
    assert!(echoes(&mut stream, b"before").unwrap());
    let slow = Fault::Slow { latency: Duration::from_millis(200), jitter: Duration::from_millis(100) };
    proxy.begin(slow).unwrap();
    let began = Instant::now();
    for number in 0..20_u8 {
        stream.write_all(&[number]).unwrap();
        std::thread::sleep(Duration::from_millis(2));
    }
    let mut heard = [0; 20];
    stream.read_exact(&mut heard).unwrap();
    assert!(began.elapsed() >= Duration::from_millis(200));
    assert!(heard.iter().enumerate().all(|(at, number)| at == usize::from(*number)), "{heard:?}");
    assert!(began.elapsed() < PATIENCE, "they are under way together, not one after the other");
    let long = Fault::Slow { latency: Duration::from_secs(3600), jitter: Duration::ZERO };
    proxy.begin(long).unwrap();
    stream.write_all(b"under way").unwrap();
    std::thread::sleep(Duration::from_millis(50));
    proxy.end(long).unwrap();
    let mut heard = [0; 9];
    stream.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"under way");
}

/// The way is well again while the proxy gives bytes to a client that does not take them: what came behind these is not held for an hour.
#[test]
fn what_waits_behind_a_client_that_takes_its_time_is_hastened_too() {
    const MUCH: usize = 48 << 20;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let proxy = before(listener.local_addr().unwrap().port());
    let soon = Fault::Slow { latency: Duration::from_millis(600), jitter: Duration::ZERO };
    let late = Fault::Slow { latency: Duration::from_secs(3600), jitter: Duration::ZERO };
    proxy.begin(soon).unwrap();
    let mut client = connect(&proxy);
    client.write_all(b"?").unwrap();
    let mut server = listener.accept().unwrap().0;
    server.read_exact(&mut [0]).unwrap();
    let mut sender = server.try_clone().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || sender.write_all(&vec![1; MUCH]).unwrap());
        // Much of it is in the proxy by then, and none of it is due.
        std::thread::sleep(Duration::from_millis(300));
        proxy.begin(late).unwrap();
        server.write_all(b"!").unwrap();
        // What is due is more than the client's side holds: the proxy gives, and waits.
        std::thread::sleep(Duration::from_millis(900));
        proxy.end(late).unwrap();
        std::thread::sleep(SILENCE);
        let mut heard = vec![0; MUCH + 1];
        client.read_exact(&mut heard).unwrap();
    });
}

#[test]
fn connections_are_reset_those_that_are_there_and_those_that_come() {
    let (port, told) = echo();
    let proxy = before(port);
    let mut stream = connect(&proxy);
    assert!(echoes(&mut stream, b"a").unwrap());
    proxy.begin(Fault::Drop).unwrap();
    assert!(is_reset(&mut stream));
    assert!(is_reset(&mut connect(&proxy)));
    proxy.end(Fault::Drop).unwrap();
    assert!(echoes(&mut connect(&proxy), b"b").unwrap());
    assert_eq!(told.load(Ordering::SeqCst), 2);
}

#[test]
fn a_black_hole_takes_all_and_gives_nothing_and_what_fell_in_does_not_come_back() {
    let (port, told) = echo();
    let proxy = before(port);
    let (mut used, mut idle) = (connect(&proxy), connect(&proxy));
    assert!(echoes(&mut used, b"a").unwrap() && echoes(&mut idle, b"b").unwrap());
    proxy.begin(Fault::BlackHole).unwrap();
    let mut new = connect(&proxy);
    for stream in [&mut used, &mut new] {
        stream.set_read_timeout(Some(SILENCE)).unwrap();
        let error = echoes(stream, &[7; 100_000]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    }
    assert_eq!(told.load(Ordering::SeqCst), 2);
    proxy.end(Fault::BlackHole).unwrap();
    assert!(is_reset(&mut used) && is_reset(&mut new));
    assert!(echoes(&mut idle, b"c").unwrap(), "one that lost nothing goes on");
    assert!(echoes(&mut connect(&proxy), b"d").unwrap());
}

#[test]
fn all_connections_together_carry_no_more_than_the_rate() {
    let proxy = before(echo().0);
    let throttle = Fault::Throttle { bytes_per_s: 100_000 };
    proxy.begin(throttle).unwrap();
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| assert!(echoes(&mut connect(&proxy), &[3; 25_000]).unwrap()));
        }
    });
    // Questions and answers are under way at the same time: half a second for either.
    assert!(began.elapsed() >= Duration::from_millis(490), "{:?}", began.elapsed());
    let mut stream = connect(&proxy);
    stream.write_all(&[5; 1_000_000]).unwrap();
    proxy.end(throttle).unwrap();
    let mut heard = vec![0; 1_000_000];
    let began = Instant::now();
    stream.read_exact(&mut heard).unwrap();
    assert!(began.elapsed() < Duration::from_secs(9), "what waited is let go");
}

#[test]
fn there_are_no_more_connections_than_may_be_and_the_oldest_stay() {
    let proxy = before(echo().0);
    let mut streams: Vec<TcpStream> = (0..5).map(|_| connect(&proxy)).collect();
    for stream in &mut streams {
        assert!(echoes(stream, b"a").unwrap());
    }
    let limit = Fault::ConnectionLimit { most: 2 };
    proxy.begin(limit).unwrap();
    let (kept, closed) = streams.split_at_mut(2);
    assert!(closed.iter_mut().all(is_reset));
    assert!(kept.iter_mut().all(|stream| echoes(stream, b"b").unwrap()));
    assert!(is_reset(&mut connect(&proxy)));
    streams.remove(0);
    let until = Instant::now() + PATIENCE;
    while !echoes(&mut connect(&proxy), b"c").unwrap_or(false) {
        assert!(Instant::now() < until, "one that closes makes room for another");
    }
    proxy.end(limit).unwrap();
    assert!((0..5).all(|_| echoes(&mut connect(&proxy), b"d").unwrap()));
}

#[test]
fn a_server_that_is_away_resets_whoever_comes_and_is_found_when_it_is_back() {
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = crate::port::Port::free().unwrap();
    let proxy = before(port.number());
    assert!(is_reset(&mut connect(&proxy)));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.number())).unwrap();
    let mut stream = connect(&proxy);
    let (server, _) = listener.accept().unwrap();
    drop((server, listener, address));
    assert!(matches!(stream.read(&mut [0]), Ok(0) | Err(_)), "its end is passed on");
    assert!(is_reset(&mut connect(&proxy)));
}

#[test]
fn whoever_does_not_take_what_he_is_sent_is_not_read_for() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let proxy = before(listener.local_addr().unwrap().port());
    let mut stream = connect(&proxy);
    let _server = listener.accept().unwrap();
    stream.set_write_timeout(Some(SILENCE)).unwrap();
    let (mut sent, chunk) = (0_usize, vec![0; 1 << 20]);
    while let Ok(taken @ 1..) = stream.write(&chunk) {
        sent += taken;
        // What the system's own buffers hold.
        assert!(sent < 256 << 20, "the proxy takes without end");
    }
}

#[test]
fn a_proxy_that_is_gone_has_reset_its_connections_and_freed_its_port() {
    let proxy = before(echo().0);
    let (mut stream, address) = (connect(&proxy), proxy.address());
    assert!(echoes(&mut stream, b"a").unwrap());
    assert_eq!(proxy.begin(Fault::Kill).unwrap_err().kind(), ErrorKind::Unsupported);
    drop(proxy);
    assert!(is_reset(&mut stream));
    assert!(TcpListener::bind(address).is_ok());
}

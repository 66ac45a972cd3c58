//! What the fault proxy adds while nothing is wrong: GETs of a private Redis, directly and through a proxy, in turn.
//!
//! `cargo run --release -p cachemark-stack --example proxy_cost` prints, for one connection and for several at once, the median time of a
//! GET either way, and the ratio of both and of the throughputs: the median of the blocks, and the least and the most. Needs redis-server.

#![expect(clippy::print_stdout, reason = "a program whose output this is")]

use cachemark_stack::{Native, NativeOptions, Place, Proxy, ServerKind};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

const BLOCKS: usize = 15;
const GETS: usize = 4_000;
const VALUE: usize = 256;

fn main() {
    let stack = Native::up(&NativeOptions::of(ServerKind::of("redis"))).expect("redis-server starts");
    let url = stack.addresses().of("redis").expect("it has an address").url.clone();
    let (password, place) = url.trim_start_matches("redis://:").split_once('@').expect("it asks for a password");
    let server: SocketAddr = place.trim_end_matches('/').parse().expect("it is on loopback");
    let proxy = Proxy::before(Place { host: server.ip().to_string(), port: server.port() }).expect("a proxy starts");
    let mut filling = open(server, password);
    write!(filling, "SET cm:a {}\r\n", "x".repeat(VALUE)).expect("it takes a value");
    filling.read_exact(&mut [0; 5]).expect("it says OK");
    for connections in [1, 8] {
        let ways = [server, proxy.address()].map(|to| (0..connections).map(|_| open(to, password)).collect::<Vec<_>>());
        compare(connections, ways);
    }
}

fn open(to: SocketAddr, password: &str) -> TcpStream {
    let mut stream = TcpStream::connect(to).expect("it is there");
    stream.set_nodelay(true).expect("it is TCP");
    write!(stream, "AUTH {password}\r\n").expect("it listens");
    stream.read_exact(&mut [0; 5]).expect("it says OK");
    stream
}

fn compare(connections: usize, mut ways: [Vec<TcpStream>; 2]) {
    let (mut times, mut time_ratios, mut rate_ratios) = ([Vec::new(), Vec::new()], Vec::new(), Vec::new());
    for block in 0..=BLOCKS {
        let mut seen = [(Duration::ZERO, 0.0); 2];
        // Either goes first as often.
        for at in [block % 2, 1 - block % 2] {
            seen[at] = measure(&mut ways[at]);
        }
        // The first one warms up.
        if block > 0 {
            times[0].push(seen[0].0.as_secs_f64() * 1e6);
            times[1].push(seen[1].0.as_secs_f64() * 1e6);
            time_ratios.push(seen[1].0.as_secs_f64() / seen[0].0.as_secs_f64());
            rate_ratios.push(seen[1].1 / seen[0].1);
        }
    }
    let [direct, through] = times.map(|mut times| median(&mut times));
    println!("{connections} connections: p50 {direct:.1} us directly, {through:.1} us through the proxy");
    for (what, mut ratios) in [("p50", time_ratios), ("throughput", rate_ratios)] {
        let median = median(&mut ratios);
        println!("  {what}: {median:.2} times ({:.2} to {:.2} in {BLOCKS} blocks)", ratios[0], ratios[BLOCKS - 1]);
    }
}

/// The median time of a GET, and how many there were a second.
fn measure(streams: &mut [TcpStream]) -> (Duration, f64) {
    let began = Instant::now();
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let asking: Vec<_> = streams.iter_mut().map(|stream| scope.spawn(move || gets(stream))).collect();
        asking.into_iter().flat_map(|asking| asking.join().expect("it does not panic")).collect()
    });
    let rate = times.len() as f64 / began.elapsed().as_secs_f64();
    times.sort();
    (times[times.len() / 2], rate)
}

fn gets(stream: &mut TcpStream) -> Vec<Duration> {
    // `$256`, the value, and the ends of both lines.
    let mut answer = [0; VALUE + 8];
    let get = |_| {
        let began = Instant::now();
        stream.write_all(b"GET cm:a\r\n").expect("it listens");
        stream.read_exact(&mut answer).expect("it answers");
        began.elapsed()
    };
    (0..GETS).map(get).collect()
}

fn median(of: &mut [f64]) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

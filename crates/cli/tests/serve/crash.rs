//! Write-behind in a process of its own: what a crash takes of what was acknowledged is no more than theory says, and a stop takes
//! nothing; unless the store is gone, and then it is told.

use crate::Service;
use crate::shutdown::{Stack, head};
use std::io::{Read, Write};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Each client writes keys of its own, so the order of their writes is known.
const CLIENTS: u64 = 8;
const KEYS: u64 = 2_000;
const WRITES: u64 = 4_000;
/// Between two writes of a client: about a thousand a second in all.
const PAUSE: Duration = Duration::from_millis(8);
/// How long a write waits by default, and how long its flush may take then: on a machine with other work many times what it needs.
const DELAY: Duration = Duration::from_millis(500);
const FLUSH: Duration = Duration::from_millis(500);

/// What a client was acknowledged last of each of its keys, 0 for nothing.
type Acknowledged = Vec<(u64, u64)>;

/// Writes numbers that rise, to keys drawn by a multiplier, until the service is gone.
fn write_until_gone(service: &Service, client: u64, total: &AtomicU64) -> Acknowledged {
    let mut last: Vec<u64> = vec![0; (KEYS / CLIENTS) as usize];
    let mut stream = service.connect();
    let mut state = client * 2 + 1;
    for number in 1.. {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let key = (state >> 33) as usize % last.len();
        let value = format!("{number:08}");
        let name = client + CLIENTS * key as u64;
        let request = format!("PUT /items/key-{name} HTTP/1.1\r\nhost: test\r\ncontent-length: 8\r\n\r\n{value}");
        if stream.write_all(request.as_bytes()).is_err() {
            break;
        }
        match head(&mut stream) {
            Some(answer) => assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}"),
            None => break,
        }
        last[key] = number;
        total.fetch_add(1, Ordering::Relaxed);
        thread::sleep(PAUSE);
    }
    (0..).map(|key| client + CLIENTS * key).zip(last).collect()
}

/// A run that a signal ends once enough was acknowledged: the service, what was acknowledged, and the writes of a key in a second.
fn run(stack: &Stack, signal: &str) -> (Service, Acknowledged, f64) {
    let service = stack.serve("write-behind");
    let (total, began) = (AtomicU64::new(0), Instant::now());
    let acknowledged = thread::scope(|scope| {
        let (shared, counted) = (&service, &total);
        let client = |number| scope.spawn(move || write_until_gone(shared, number, counted));
        let clients: Vec<_> = (0..CLIENTS).map(client).collect();
        while total.load(Ordering::Relaxed) < WRITES {
            assert!(clients.iter().any(|client| !client.is_finished()), "every client has given up");
            thread::sleep(Duration::from_millis(5));
        }
        service.signal(signal);
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    let rate = total.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64() / KEYS as f64;
    (service, acknowledged, rate)
}

/// How many keys have an older value in the store than was acknowledged last, or none: asked without a cache between.
fn lost(stack: &Stack, acknowledged: &Acknowledged) -> usize {
    let service = stack.serve("no-cache");
    let mut stream = service.connect();
    let mut stored = |key: u64| {
        write!(stream, "GET /items/key-{key} HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
        let answer = head(&mut stream).expect("an answer").to_lowercase();
        let length = answer.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).unwrap();
        if answer.starts_with("http/1.1 200 ") { String::from_utf8(body).unwrap().parse().unwrap() } else { 0 }
    };
    // A later write than the last that was acknowledged may be there: its answer was on its way.
    let lost = acknowledged.iter().filter(|(key, last)| stored(*key) < *last).count();
    drop(stream);
    assert_eq!(service.stop().0, Some(0));
    lost
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn a_crash_takes_what_was_not_flushed_and_no_more_than_theory_allows() {
    let stack = Stack::up();
    let (service, acknowledged, rate) = run(&stack, "-KILL");
    drop(service);
    let lost = lost(&stack, &acknowledged) as f64;
    // The last write of a key is lost if it came within the delay and the flush before the end: Poisson's chance of one at least.
    let chance = -(-rate * (DELAY + FLUSH).as_secs_f64()).exp_m1();
    let (most, deviation) = (KEYS as f64 * chance, (KEYS as f64 * chance * (1.0 - chance)).sqrt());
    assert!(
        lost > 0.0 && lost <= most + 3.0 * deviation,
        "{lost} keys lost of {most:.0} +- {deviation:.0} at {rate:.2}/s"
    );
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn a_stop_takes_nothing_and_the_store_was_asked_less_often_than_was_written() {
    let stack = Stack::up();
    let (service, acknowledged, _) = run(&stack, "-TERM");
    let (code, summary) = service.stop();
    assert_eq!(code, Some(0), "{summary}");
    assert!(summary["store"]["writes"].as_u64().unwrap() < WRITES, "{summary}");
    assert_eq!(lost(&stack, &acknowledged), 0);
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn a_store_that_is_gone_at_the_end_costs_the_stated_time_and_is_told() {
    let stack = Stack::up();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("arms.toml");
    let arm = "[[arm]]\nname = \"late\"\nstrategy = \"write-behind\"\ndelay-ms = 60000\ndrain-timeout-ms = 500\n";
    std::fs::write(&path, arm).unwrap();
    let said = folder.path().join("said");
    let mut command = stack.command(&["--arm", "late", "--workload"]);
    command.arg(&path).stderr(Stdio::from(std::fs::File::create(&said).unwrap()));
    let service = Service::launch(command);
    for key in ["a", "b", "c"] {
        let mut stream = service.connect();
        write!(stream, "PUT /items/{key} HTTP/1.1\r\nhost: test\r\ncontent-length: 1\r\n\r\nx").unwrap();
        assert!(head(&mut stream).unwrap().starts_with("HTTP/1.1 204 "));
    }
    stack.down();
    let (code, _) = service.stop();
    let said = std::fs::read_to_string(said).unwrap();
    assert_eq!(code, Some(3), "{said}");
    let lost = "the last acknowledged write of 3 keys (of 3 acknowledged writes): 3 were still queued after 5";
    assert!(said.contains(lost), "{said}");
}

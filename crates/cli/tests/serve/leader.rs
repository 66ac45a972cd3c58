//! A process that dies with a lease in its hands, in the middle of its load: those of other processes who want the key wait until the
//! lease has ended by itself, and are served.

use crate::Service;
use crate::shutdown::{Stack, head};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

const LEASE: Duration = Duration::from_millis(1_500);
/// Half of them ask each of two processes.
const READERS: usize = 20;
/// Who waits for so long goes past the cache. Nobody may have to, so the lease has ended long before.
const LONGEST_WAIT: Duration = Duration::from_secs(50);
/// What a machine with other work may take beside the lease: whoever still waits then hangs.
const GENEROUS: Duration = Duration::from_secs(25);

/// Services of the same arm: leases of 1.5 s, of readers who wait for them.
fn serve(stack: &Stack, cache: &str, more: &[&str]) -> Service {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("arms.toml");
    let (lease, longest) = (LEASE.as_millis(), LONGEST_WAIT.as_millis());
    let arm =
        format!("[[arm]]\nname = \"lease\"\nstrategy = \"lease\"\nlease-ms = {lease}\nlongest-wait-ms = {longest}\n");
    std::fs::write(&path, arm).unwrap();
    let mut command = stack.command_over(cache, &["--arm", "lease", "--deadline", "60s"]);
    command.args(more).arg("--workload").arg(path);
    Service::launch(command)
}

/// The head of the answer to a request for the key, and when it had come.
fn get(service: &Service) -> (String, Instant) {
    let mut stream = service.connect();
    write!(stream, "GET /items/hot HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    (head(&mut stream).expect("an answer").to_lowercase(), Instant::now())
}

/// The last line of the cache server's answer to a question, as it is put after the login.
fn ask(url: &str, question: &str) -> String {
    let (scheme, rest) = url.trim_end_matches('/').split_once("://").unwrap();
    let (login, place) = rest.split_once('@').unwrap();
    let (user, password) = login.split_once(':').unwrap();
    let login = match scheme {
        "redis" => format!("AUTH {password}\r\n"),
        _ => format!("set login 0 0 {}\r\n{user} {password}\r\n", user.len() + 1 + password.len()),
    };
    let mut stream = TcpStream::connect(place).unwrap();
    write!(stream, "{login}{question}\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines();
    lines.next().unwrap().unwrap();
    lines.next().unwrap().unwrap()
}

/// Whether something stands under the key: its lease, as nobody has filled it.
fn is_leased(stack: &Stack, cache: &str) -> bool {
    let (variable, question, nothing) = match cache {
        "redis" => ("REDIS_URL", "EXISTS hot", ":0"),
        _ => ("MEMCACHED_URL", "mg hot", "EN"),
    };
    ask(stack.variable(variable), question) != nothing
}

/// A leader that is killed. `step` is what the cache may add to a lease.
fn a_dead_leader_holds_others_up_for_its_lease_at_most(cache: &str, step: Duration) {
    let stack = Stack::up();
    let others = [serve(&stack, cache, &[]), serve(&stack, cache, &[])];
    let mut stream = others[0].connect();
    write!(stream, "PUT /items/hot HTTP/1.1\r\nhost: test\r\ncontent-length: 1\r\n\r\nx").unwrap();
    assert!(head(&mut stream).unwrap().starts_with("HTTP/1.1 201 "));
    assert!(!is_leased(&stack, cache));

    // Its load takes longer than it lives.
    let leader = serve(&stack, cache, &["--read-cost", "10s"]);
    let (asked, mut waiting) = (Instant::now(), leader.connect());
    write!(waiting, "GET /items/hot HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    while !is_leased(&stack, cache) {
        assert!(asked.elapsed() < GENEROUS, "the leader takes no lease");
        thread::sleep(Duration::from_millis(5));
    }
    leader.signal("-KILL");
    assert_eq!(head(&mut waiting), None, "it died before it could answer");
    let killed = Instant::now();

    let answers: Vec<(String, Instant)> = thread::scope(|scope| {
        let ask = |number| {
            let service = &others[number % 2];
            scope.spawn(move || get(service))
        };
        let readers: Vec<_> = (0..READERS).map(ask).collect();
        readers.into_iter().map(|reader| reader.join().unwrap()).collect()
    });
    for (answer, at) in &answers {
        assert!(answer.starts_with("http/1.1 200 "), "{answer}");
        let since = at.duration_since(asked);
        assert!(since >= LEASE, "served after {since:?}, within the lease");
        let waited = at.duration_since(killed);
        assert!(waited < LEASE + step + GENEROUS, "held up for {waited:?}");
    }
    // One of them took the dead one's place, and loaded for all: in either process.
    let led = answers.iter().filter(|(answer, _)| answer.contains("; fwd=uri-miss\r\n")).count();
    let loads: u64 = others.iter().map(|service| service.metric("cachemark_store_reads_total")).sum();
    assert_eq!((led, loads), (1, 1), "{answers:?}");
    for service in &others {
        assert!(get(service).0.contains("cache-status: cachemark; hit"));
    }
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn a_leader_that_is_killed_holds_the_others_up_for_its_lease_over_redis() {
    a_dead_leader_holds_others_up_for_its_lease_at_most("redis", Duration::ZERO);
}

/// Memcached keeps time in seconds, rounded up, and looks at its clock once a second: a lease of 1.5 s is one of 2 s there, and may
/// last for one more.
#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn a_leader_that_is_killed_holds_the_others_up_for_its_lease_and_a_step_over_memcached() {
    a_dead_leader_holds_others_up_for_its_lease_at_most("memcached", Duration::from_millis(1_500));
}

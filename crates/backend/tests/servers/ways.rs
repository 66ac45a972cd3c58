//! What callers see when the way to a server is cut, and that every lane is back once it is whole: without a new client, in bounded
//! time.

use crate::support::{Backend, Breakable, Subject};
use cachemark_core::{ErrorKind, Fault, OpContext};
use cachemark_stack::{Place, Proxy};
use futures::future::join_all;
use std::time::{Duration, Instant};

/// No call lasts longer than this beyond its deadline, on a machine with other work to do.
const GRACE: Duration = Duration::from_millis(700);
/// Every lane is back far sooner.
const PATIENCE: Duration = Duration::from_secs(10);
const NAMES: [&str; 4] = ["a", "b", "c", "d"];

fn within(millis: u64) -> OpContext {
    OpContext::new(0).detached(Duration::from_millis(millis))
}

/// A backend that reaches its server through a proxy, with every lane connected.
async fn behind_a_proxy(backend: Backend) -> (Box<dyn Breakable>, Proxy, Subject) {
    let server = backend.start();
    let proxy = Proxy::before(Place { host: "127.0.0.1".into(), port: server.port() }).unwrap();
    let subject = backend.connect(proxy.port()).await.unwrap();
    for name in NAMES {
        subject.put(&within(5_000), name).await.unwrap();
    }
    every_lane_works(&subject).await;
    (server, proxy, subject)
}

/// As many questions at once as there are lanes, of either driver thread.
async fn all_at_once(subject: &Subject, millis: u64) -> Vec<Result<bool, ErrorKind>> {
    let contexts = [0, 1].map(|driver| within(millis).on_driver(driver));
    let asking = contexts.iter().flat_map(|ctx| NAMES.map(|name| subject.ask(ctx, name)));
    join_all(asking).await
}

async fn every_lane_works(subject: &Subject) {
    let began = Instant::now();
    loop {
        let asked = all_at_once(subject, 1_000).await;
        if asked.iter().all(|answer| *answer == Ok(true)) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{asked:?}");
    }
}

/// While something is wrong every call ends in time, in an error of one of these kinds, with the server's address where it has words.
async fn every_call_fails_in_time(subject: &Subject, proxy: &Proxy, kinds: &[ErrorKind]) {
    for round in 0..4 {
        let began = Instant::now();
        let asked = all_at_once(subject, 300).await;
        assert!(began.elapsed() < Duration::from_millis(300) + GRACE, "round {round}: {:?}", began.elapsed());
        for answer in asked {
            assert!(answer.is_err_and(|kind| kinds.contains(&kind)), "round {round}: {answer:?}");
        }
        let (kind, said) = subject.complaint(&within(300), "a").await.unwrap();
        let has_words = matches!(kind, ErrorKind::Unavailable | ErrorKind::ConnectionLost);
        assert!(!has_words || said.contains(&format!("127.0.0.1:{}", proxy.port())), "{said}");
    }
}

async fn connections_are_reset(backend: Backend) {
    let (_server, proxy, subject) = behind_a_proxy(backend).await;
    proxy.begin(Fault::Drop).unwrap();
    every_call_fails_in_time(&subject, &proxy, &[ErrorKind::ConnectionLost, ErrorKind::Unavailable]).await;
    proxy.end(Fault::Drop).unwrap();
    every_lane_works(&subject).await;
}

async fn a_black_hole_swallows_all(backend: Backend) {
    let (_server, proxy, subject) = behind_a_proxy(backend).await;
    proxy.begin(Fault::BlackHole).unwrap();
    let kinds = [ErrorKind::Timeout, ErrorKind::QueueTimeout, ErrorKind::Unavailable];
    every_call_fails_in_time(&subject, &proxy, &kinds).await;
    proxy.end(Fault::BlackHole).unwrap();
    every_lane_works(&subject).await;
}

async fn no_connection_is_to_be_had(backend: Backend) {
    let (_server, proxy, subject) = behind_a_proxy(backend).await;
    let limit = Fault::ConnectionLimit { most: 0 };
    proxy.begin(limit).unwrap();
    every_call_fails_in_time(&subject, &proxy, &[ErrorKind::ConnectionLost, ErrorKind::Unavailable]).await;
    proxy.end(limit).unwrap();
    every_lane_works(&subject).await;
}

async fn the_server_dies_behind_the_proxy(backend: Backend) {
    let (mut server, proxy, subject) = behind_a_proxy(backend).await;
    server.kill();
    every_call_fails_in_time(&subject, &proxy, &[ErrorKind::ConnectionLost, ErrorKind::Unavailable]).await;
    server.restart();
    for name in NAMES {
        let began = Instant::now();
        while subject.put(&within(1_000), name).await.is_err() {
            assert!(began.elapsed() < PATIENCE);
        }
    }
    every_lane_works(&subject).await;
}

async fn the_server_freezes_behind_the_proxy(backend: Backend) {
    let (server, proxy, subject) = behind_a_proxy(backend).await;
    server.freeze();
    let kinds = [ErrorKind::Timeout, ErrorKind::QueueTimeout, ErrorKind::Unavailable];
    every_call_fails_in_time(&subject, &proxy, &kinds).await;
    server.thaw();
    every_lane_works(&subject).await;
}

async fn a_slow_and_narrow_way_answers_all_the_same(backend: Backend) {
    let (_server, proxy, subject) = behind_a_proxy(backend).await;
    let slow = Fault::Slow { latency: Duration::from_millis(20), jitter: Duration::from_millis(5) };
    let throttle = Fault::Throttle { bytes_per_s: 100_000 };
    for fault in [slow, throttle] {
        proxy.begin(fault).unwrap();
        every_lane_works(&subject).await;
    }
    for fault in [slow, throttle] {
        proxy.end(fault).unwrap();
    }
    every_lane_works(&subject).await;
}

/// Makes a test of everything that can happen for each backend.
macro_rules! ways {
    ([$($check:ident)*] $backends:tt) => { $(ways!(@ $check $backends);)* };
    (@ $check:ident { $($module:ident, $backend:expr, $needs:literal;)* }) => {
        mod $check {
            use crate::support::Backend;
            $(
                #[tokio::test]
                #[ignore = $needs]
                async fn $module() {
                    super::$check($backend).await;
                }
            )*
        }
    };
}

ways! {
    [connections_are_reset a_black_hole_swallows_all no_connection_is_to_be_had the_server_dies_behind_the_proxy
     the_server_freezes_behind_the_proxy a_slow_and_narrow_way_answers_all_the_same]
    {
        redis_dedicated, Backend::RedisDedicated, "needs redis-server";
        redis_shared, Backend::RedisShared, "needs redis-server";
        memcached, Backend::Memcached, "needs memcached";
        postgres, Backend::Postgres, "needs postgresql";
        postgres_over_tokio, Backend::PostgresOverTokio, "needs postgresql";
        postgres_direct, Backend::PostgresDirect, "needs postgresql";
    }
}

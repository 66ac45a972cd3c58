//! What callers see when a server is gone, comes back, freezes or answers late.

use crate::support::{Backend, LateProxy, Subject};
use cachemark_core::{ErrorKind, OpContext};
use cachemark_testkit::free_port;
use futures::future::join_all;
use std::time::{Duration, Instant};

/// No call lasts longer than this beyond its deadline, on a machine with other work to do.
const GRACE: Duration = Duration::from_millis(700);

fn ctx() -> OpContext {
    OpContext::new(0)
}

fn within(millis: u64) -> OpContext {
    ctx().detached(Duration::from_millis(millis))
}

/// Has every lane connected: as many questions at once as there are lanes.
async fn warmed(subject: &Subject) {
    for name in ["a", "b", "c", "d"] {
        subject.put(&within(5_000), name).await.unwrap();
    }
    let ctx = within(5_000);
    let asked = join_all(["a", "b", "c", "d"].map(|name| subject.ask(&ctx, name))).await;
    assert!(asked.into_iter().all(|answer| answer == Ok(true)));
}

async fn nobody_listens(backend: Backend) {
    let began = Instant::now();
    let refused = backend.connect(free_port()).await.err();
    assert_eq!(refused, Some(ErrorKind::Unavailable));
    assert!(began.elapsed() < GRACE, "a refusal is known at once");
}

/// Lets the lanes be free for a while: one that is lost right after its use was busy.
async fn rest() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

async fn the_server_is_gone_and_comes_back(backend: Backend) {
    let mut server = backend.start();
    let subject = backend.connect(server.port()).await.unwrap();
    warmed(&subject).await;
    server.kill();
    rest().await;
    for round in 0..6 {
        let began = Instant::now();
        let kind = subject.ask(&within(1_000), "a").await.unwrap_err();
        // A lane that was free when the server went is found closed, and a new one is not to be had.
        assert_eq!(kind, ErrorKind::Unavailable, "round {round}");
        assert!(began.elapsed() < GRACE, "round {round} took {:?}", began.elapsed());
        assert!(subject.put(&within(1_000), "a").await.is_err());
    }
    server.restart();
    assert!(subject.put(&ctx(), "a").await.is_ok(), "it connects by itself");
    warmed(&subject).await;
}

async fn a_restart_between_operations_costs_no_read(backend: Backend) {
    let mut server = backend.start();
    let subject = backend.connect(server.port()).await.unwrap();
    warmed(&subject).await;
    server.restart();
    rest().await;
    let mut failed = Vec::new();
    for _ in 0..8 {
        failed.extend(subject.ask(&ctx(), "a").await.err());
    }
    assert_eq!(failed, []);
    let lanes = subject.lanes();
    assert_eq!((lanes.found_closed, lanes.discards), (1, 0), "one was tried, and the others went with it");
    warmed(&subject).await;
}

async fn a_frozen_server_runs_into_deadlines(backend: Backend) {
    let server = backend.start();
    let subject = backend.connect(server.port()).await.unwrap();
    warmed(&subject).await;
    server.freeze();
    let (began, hurried) = (Instant::now(), within(150));
    // More questions than lanes: those over lanes that are connected time out, the others never get one. How many
    // lanes the warming connected depends on how its questions met.
    let asked = join_all((0..8).map(|_| subject.ask(&hurried, "a"))).await;
    assert!(began.elapsed() < Duration::from_millis(150) + GRACE, "{:?}", began.elapsed());
    let count = |kind| asked.iter().filter(|answer| **answer == Err(kind)).count();
    let (timed_out, queued) = (count(ErrorKind::Timeout), count(ErrorKind::QueueTimeout));
    assert_eq!(timed_out + queued, 8, "{asked:?}");
    let expected = if backend == Backend::RedisShared { 8..=8 } else { 1..=4 };
    assert!(expected.contains(&timed_out), "{asked:?}");
    // The system takes connections in the frozen server's name; what is sent over them is not answered.
    let kind = subject.put(&within(100), "e").await.unwrap_err();
    assert!(matches!(kind, ErrorKind::Timeout | ErrorKind::QueueTimeout), "{kind:?}");
    server.thaw();
    warmed(&subject).await;
}

async fn a_late_answer_goes_to_nobody(backend: Backend) {
    let server = backend.start();
    let proxy = LateProxy::before(server.port()).await;
    let subject = backend.connect(proxy.port()).await.unwrap();
    warmed(&subject).await;
    for round in 0..3 {
        let before = subject.lanes();
        proxy.delay(Duration::from_millis(300));
        let late = subject.ask(&within(50), "a").await;
        assert_eq!(late, Err(ErrorKind::Timeout), "round {round}");
        proxy.delay(Duration::ZERO);
        let discards = subject.lanes().since(&before).discards;
        assert_eq!(discards, u64::from(backend != Backend::RedisShared), "round {round}");
        // `ask` checks that the answer is to its own question.
        for name in ["b", "c", "d", "b", "c", "d"] {
            assert_eq!(subject.ask(&within(2_000), name).await, Ok(true), "round {round}");
        }
    }
}

/// Makes a test of every fault for each backend.
macro_rules! faults {
    ($($module:ident, $backend:expr, $needs:literal;)*) => {
        $(
            mod $module {
                use crate::support::Backend;

                #[tokio::test]
                async fn nobody_listens() {
                    super::nobody_listens($backend).await;
                }

                #[tokio::test]
                #[ignore = $needs]
                async fn the_server_is_gone_and_comes_back() {
                    super::the_server_is_gone_and_comes_back($backend).await;
                }

                #[tokio::test]
                #[ignore = $needs]
                async fn a_restart_between_operations_costs_no_read() {
                    super::a_restart_between_operations_costs_no_read($backend).await;
                }

                #[tokio::test]
                #[ignore = $needs]
                async fn a_frozen_server_runs_into_deadlines() {
                    super::a_frozen_server_runs_into_deadlines($backend).await;
                }

                #[tokio::test]
                #[ignore = $needs]
                async fn a_late_answer_goes_to_nobody() {
                    super::a_late_answer_goes_to_nobody($backend).await;
                }
            }
        )*
    };
}

faults! {
    redis_dedicated, Backend::RedisDedicated, "needs redis-server";
    redis_shared, Backend::RedisShared, "needs redis-server";
    memcached, Backend::Memcached, "needs memcached";
    postgres, Backend::Postgres, "needs postgresql";
    postgres_over_tokio, Backend::PostgresOverTokio, "needs postgresql";
    postgres_direct, Backend::PostgresDirect, "needs postgresql";
}

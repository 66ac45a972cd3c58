//! Each driver thread may have a runtime of its own: sockets belong to the one that made them.

use crate::support::{Backend, Subject};
use cachemark_core::{ErrorKind, OpContext};
use futures::future::join_all;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Two driver threads, each with a runtime that ends with it, ask 50 times 4 questions at once; gives back what failed.
fn drive(subject: &Arc<Subject>) -> Vec<ErrorKind> {
    let threads: Vec<_> = (0..2)
        .map(|driver| {
            let subject = Arc::clone(subject);
            thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let ctx = OpContext::new(u32::from(driver)).on_driver(driver);
                    let mut failed = Vec::new();
                    for _ in 0..50 {
                        let asked = join_all((0..4).map(|_| subject.ask(&ctx, "a"))).await;
                        failed.extend(asked.into_iter().filter_map(Result::err));
                    }
                    failed
                })
            })
        })
        .collect();
    threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
}

async fn drivers_have_runtimes_of_their_own(backend: Backend) {
    let server = backend.start();
    // Its lanes belong to this runtime, which stands still while the others drive: no other may come to hold them.
    let here = backend.connect(server.port()).await.unwrap();
    here.put(&OpContext::new(0), "a").await.unwrap();
    drop(here);
    let before = settled(backend, server.port(), 1).await;
    for _ in 0..3 {
        let subject = Arc::new(backend.connect(server.port()).await.unwrap());
        assert_eq!(drive(&subject), [], "new runtimes find no lanes of old ones");
        // Whoever drives the same once more loses what it sends over the lanes of runtimes that are gone, and no more.
        let lost = drive(&subject);
        assert!(lost.len() <= 8 && lost.iter().all(|kind| *kind == ErrorKind::ConnectionLost), "{lost:?}");
        subject.probe().await.unwrap();
        assert!(backend.connections(server.port()).await > before, "what is held is connected");
        // As a trial's target is at its end: nothing else closes its connections.
        drop(subject);
        let left = settled(backend, server.port(), before).await;
        assert!(left <= before, "{left} connections are left of {before} before");
    }
}

/// The server's connections, once no more than `most` are left or they have had ten seconds to close.
async fn settled(backend: Backend, port: u16, most: u64) -> u64 {
    for _ in 0..100 {
        let connections = backend.connections(port).await;
        if connections <= most {
            return connections;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    backend.connections(port).await
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn redis_dedicated() {
    drivers_have_runtimes_of_their_own(Backend::RedisDedicated).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn redis_shared() {
    drivers_have_runtimes_of_their_own(Backend::RedisShared).await;
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn memcached() {
    drivers_have_runtimes_of_their_own(Backend::Memcached).await;
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn postgres() {
    drivers_have_runtimes_of_their_own(Backend::Postgres).await;
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn postgres_over_tokio() {
    drivers_have_runtimes_of_their_own(Backend::PostgresOverTokio).await;
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn postgres_direct() {
    drivers_have_runtimes_of_their_own(Backend::PostgresDirect).await;
}

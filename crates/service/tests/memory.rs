//! What clients cost in memory. A process of its own, for the figure is the process's.

use cachemark_core::{CacheMeter, Settings, StoreMeter, SystemClock};
use cachemark_service::{Drained, Limits, Parts, Service};
use cachemark_testkit::scripted::{ScriptedCache, ScriptedStore};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

fn resident_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

async fn start() -> (SocketAddr, oneshot::Sender<()>, JoinHandle<Drained>) {
    let (cache, store) = (Arc::new(ScriptedCache::new()), Arc::new(ScriptedStore::new()));
    let clock = Arc::new(SystemClock::new());
    let settings = Settings::defaults(cachemark_strategy::cache_aside::DESCRIPTOR.settings);
    let strategy = cachemark_strategy::build("cache-aside", &settings, cache, store, clock).unwrap();
    let parts = Parts {
        instances: vec![Arc::new(strategy)],
        cache_meter: Arc::new(CacheMeter::default()),
        store_meter: Arc::new(StoreMeter::default()),
        readiness: Box::new(|| Box::pin(async { Ok(()) })),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let service = Service::new(parts, Limits::default());
    let served = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        service.serve(listener, stopped).await.unwrap()
    });
    (address, stop, served)
}

/// Opens connections, asks one thing on each and leaves them open; gives what they cost together, in KiB. Client and
/// service share the process, so it is the cost of both.
async fn idle(address: SocketAddr, count: usize) -> i64 {
    let before = resident_kib();
    let mut open = Vec::with_capacity(count);
    for _ in 0..count {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: test\r\n\r\n").await.unwrap();
        assert!(stream.read(&mut [0; 512]).await.unwrap() > 0);
        open.push(stream);
    }
    resident_kib() - before
}

/// Sends bodies of 10 MB, some without saying how long they will be; gives the growth in KiB.
async fn oversized(address: SocketAddr, count: usize) -> i64 {
    let before = resident_kib();
    let mut senders = Vec::new();
    for number in 0..count {
        senders.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let framing = if number % 2 == 0 { "content-length: 10485760" } else { "transfer-encoding: chunked" };
            let head = format!("PUT /items/a HTTP/1.1\r\nhost: test\r\n{framing}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
            // As chunks: their size and end are bytes like any other where a length was given.
            let mut chunk = b"10000\r\n".to_vec();
            chunk.resize(chunk.len() + (1 << 16), b'x');
            chunk.extend(b"\r\n");
            for _ in 0..160 {
                if stream.write_all(&chunk).await.is_err() {
                    break;
                }
            }
            let mut reply = [0; 12];
            stream.read_exact(&mut reply).await.unwrap();
            assert_eq!(&reply, b"HTTP/1.1 413");
        }));
    }
    for sender in senders {
        sender.await.unwrap();
    }
    resident_kib() - before
}

/// Both in one test: two at once would count each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_cost_little() {
    let (address, stop, served) = start().await;
    let idle = idle(address, 300).await;
    assert!(idle < 300 * 48, "300 idle connections cost {idle} KiB");
    let oversized = oversized(address, 32).await;
    assert!(oversized < 32 * (3 << 10), "32 bodies of 10 MB cost {oversized} KiB");
    let _ = stop.send(());
    assert!(served.await.unwrap().is_clean());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs 4,100 file descriptors"]
async fn two_thousand_idle_connections_cost_little() {
    let (address, stop, served) = start().await;
    let idle = idle(address, 2000).await;
    assert!(idle < 2000 * 48, "2,000 idle connections cost {idle} KiB");
    let _ = stop.send(());
    assert!(served.await.unwrap().is_clean());
}

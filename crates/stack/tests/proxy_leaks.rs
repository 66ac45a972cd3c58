//! A proxy keeps nothing: neither descriptors nor threads nor memory. Alone in its process, where nobody else opens any.

use cachemark_core::Fault;
use cachemark_stack::{Place, Proxy};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

fn held(what: &str) -> usize {
    std::fs::read_dir(format!("/proc/self/{what}")).unwrap().count()
}

/// Waits until no more is held than before.
fn settled(what: &str, before: usize, after: &str) {
    let until = Instant::now() + PATIENCE;
    while held(what) > before {
        assert!(Instant::now() < until, "{what}: {before} before, {} after {after}", held(what));
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_is_gone_is_gone() {
    // It closes each connection after one byte.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut byte = [0];
            if matches!(stream.read(&mut byte), Ok(1)) {
                let _ = stream.write_all(&byte);
            }
        }
    });
    let place = Place { host: "127.0.0.1".into(), port };
    // The first runtime of a process opens two descriptors for signals, for good.
    drop(Proxy::before(place.clone()).unwrap());
    let before = (held("fd"), held("task"));
    let proxy = Proxy::before(place).unwrap();
    let with_proxy = held("fd");
    let faults = [
        Fault::Slow { latency: Duration::from_millis(1), jitter: Duration::from_millis(1) },
        Fault::Throttle { bytes_per_s: 1_000 },
        Fault::BlackHole,
        Fault::ConnectionLimit { most: 1 },
        Fault::Drop,
    ];
    let knock = || {
        let mut stream = TcpStream::connect(proxy.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let _ = stream.write_all(b"a").and_then(|()| stream.read_exact(&mut [0]));
        stream
    };
    for fault in faults {
        let kept = knock();
        proxy.begin(fault).unwrap();
        (0..20).for_each(|_| drop(knock()));
        proxy.end(fault).unwrap();
        (0..20).for_each(|_| drop(knock()));
        drop(kept);
        settled("fd", with_proxy, &format!("{fault:?}"));
    }
    let address = proxy.address();
    let _open: Vec<TcpStream> = (0..20).map(|_| knock()).collect();
    let open = held("fd");
    drop(proxy);
    // Ours alone are open yet: 20 of them.
    settled("fd", before.0 + 20, "its end");
    assert!(open > before.0 + 20);
    settled("task", before.1, "its end");
    assert!(TcpListener::bind(address).is_ok(), "its port is free");
}

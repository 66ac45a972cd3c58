//! Ports for servers that tests start.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below those that systems give to the near ends of connections (Linux from 32768 on, others from 49152), and above what is well known.
const FIRST: u16 = 10_000;
const COUNT: u16 = 22_000;

/// A port of loopback that was free a moment ago, and that no connection is given for its near end: one of those may be taken
/// before the server that it is for listens, and who asks it over and over may be connected with itself. No process is told a
/// port twice before it was told all.
///
/// # Panics
/// If no port is free.
#[must_use]
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Processes begin far from each other.
    let begin = std::process::id().wrapping_mul(7_919) % u32::from(COUNT);
    let candidate = |_| {
        let turn = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        FIRST + ((begin + turn) % u32::from(COUNT)) as u16
    };
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    (0..COUNT).map(candidate).find(is_free).expect("one of 22,000 ports is free")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ports_differ_and_are_none_of_connections() {
        let ports: BTreeSet<u16> = (0..200).map(|_| free_port()).collect();
        assert_eq!(ports.len(), 200);
        assert!(ports.iter().all(|port| (FIRST..FIRST + COUNT).contains(port)));
        let held = TcpListener::bind((Ipv4Addr::LOCALHOST, free_port())).unwrap();
        assert!(!(0..200).any(|_| free_port() == held.local_addr().unwrap().port()));
    }
}

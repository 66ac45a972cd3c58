//! Stamped values: made before each write, checked after each read.

use cachemark_core::{Key, Stamp, WriteId};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Bytes of a value.
const BYTES: usize = 256;

fn stamp() -> (Key, Stamp) {
    let key = Key::new("cm:k000001").expect("it is short");
    let stamp = Stamp { trial: 1, key: key.fingerprint(), write_id: WriteId { session: 1, sequence: 1 } };
    (key, stamp)
}

pub(super) fn seal(count: u64) -> Duration {
    let (_, stamp) = stamp();
    let payload = vec![7; BYTES];
    let began = Instant::now();
    for _ in 0..count {
        black_box(stamp.seal(black_box(&payload)));
    }
    began.elapsed()
}

pub(super) fn check(count: u64) -> Duration {
    let (key, stamp) = stamp();
    let value = stamp.seal(&vec![7; BYTES]);
    let began = Instant::now();
    for _ in 0..count {
        black_box(Stamp::check(black_box(&value), &key)).expect("it is whole");
    }
    began.elapsed()
}

//! Leases, as a Redis server keeps them: in the place of the entry stands a marker that names the lease, and expires with it.
//! So DEL ends a lease by itself, as SET does, and nobody but those who lease pays for leases. A marker is no entry: it
//! is shorter than any, and a get that meets one finds nothing.

use crate::leases_made::LeasesMade;
use cachemark_core::LeaseToken;
use redis::{Script, Value};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// The first byte of a marker; entries begin with another.
const MARK: u8 = b'L';
const MARKER_LEN: usize = 9;

/// Answers with what is under KEYS[1], an entry or a marker; if there is nothing, puts the marker ARGV[1] there for ARGV[2]
/// milliseconds, and answers 1. PSETEX, since SET is among the counts that are compared with ours.
const GET_OR_LEASE: &str = r"
local held = redis.call('GET', KEYS[1])
if held then return held end
redis.call('PSETEX', KEYS[1], ARGV[2], ARGV[1])
return 1
";

/// Stores ARGV[2] if the marker ARGV[1] is there; answers 1 if it stored. ARGV[3] is the TTL in milliseconds, or empty.
///
/// SETRANGE with nothing to set only gives the length, without being counted as a hit or a miss; each GETRANGE is a hit, which
/// the probe takes out again.
const SET_LEASED: &str = r"
if redis.call('SETRANGE', KEYS[1], 0, '') ~= string.len(ARGV[1]) then return 0 end
if redis.call('GETRANGE', KEYS[1], 0, -1) ~= ARGV[1] then return 0 end
if ARGV[3] == '' then
  redis.call('SET', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
return 1
";

/// The scripts, the tokens that were not given yet, and how many markers were made and met.
#[derive(Debug)]
pub(super) struct Leases {
    pub(super) get_or_lease: Script,
    pub(super) set_leased: Script,
    /// Its keys are drawn for each, so two clients of one server hardly ever make the same token.
    tokens: RandomState,
    drawn: AtomicU64,
    /// Markers that were made.
    pub(super) made: LeasesMade,
    met: AtomicU64,
}

impl Leases {
    pub(super) fn new() -> Self {
        Self {
            get_or_lease: Script::new(GET_OR_LEASE),
            set_leased: Script::new(SET_LEASED),
            tokens: RandomState::new(),
            drawn: AtomicU64::new(0),
            made: LeasesMade::default(),
            met: AtomicU64::new(0),
        }
    }

    /// A token for a lease that may be given.
    pub(super) fn token(&self) -> LeaseToken {
        LeaseToken(self.tokens.hash_one(self.drawn.fetch_add(1, Ordering::Relaxed)))
    }

    /// Counts a marker in an answer, which the server counts as a hit.
    pub(super) fn note(&self, answer: &Value) {
        if matches!(answer, Value::BulkString(bytes) if is_marker(bytes)) {
            self.met.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many markers were met so far.
    pub(super) fn met(&self) -> u64 {
        self.met.load(Ordering::Relaxed)
    }
}

/// What stands for a lease.
pub(super) fn marker(token: LeaseToken) -> [u8; MARKER_LEN] {
    let mut marker = [MARK; MARKER_LEN];
    marker[1..].copy_from_slice(&token.0.to_be_bytes());
    marker
}

/// Whether that is a lease.
pub(super) fn is_marker(bytes: &[u8]) -> bool {
    bytes.len() == MARKER_LEN && bytes[0] == MARK
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::{Entry, Version};

    #[test]
    fn a_marker_is_no_entry_and_an_entry_no_marker() {
        for token in [0, 1, u64::MAX] {
            let marker = marker(LeaseToken(token));
            assert!(is_marker(&marker));
            assert_eq!(Entry::decode(marker.to_vec().into()), None);
        }
        assert!(!is_marker(&Entry::absent(Version(1)).encode()) && !is_marker(b"") && !is_marker(b"123456789"));
    }

    #[test]
    fn tokens_are_distinct() {
        let (one, other) = (Leases::new(), Leases::new());
        let tokens: std::collections::HashSet<LeaseToken> =
            (0..1_000).flat_map(|_| [one.token(), other.token()]).collect();
        assert_eq!(tokens.len(), 2_000);
    }
}

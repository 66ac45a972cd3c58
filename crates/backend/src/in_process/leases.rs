//! Who may fill a key, and until when. Leases stand beside the entries: a get does not look at them, and none is evicted.

use super::fingerprint::ByFingerprint;
use cachemark_core::{Key, LeaseToken, Leased};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Below this many, leases that are over are left where they are until somebody asks for their key.
const FEW: usize = 64;

/// The leases of some keys. Whoever holds these holds the lock of those keys.
#[derive(Debug, Default)]
pub(super) struct Leases {
    given: u64,
    held: HashMap<Key, Lease, ByFingerprint>,
    /// As many as there may be before those that are over are looked for.
    sweep_at: usize,
}

#[derive(Debug)]
struct Lease {
    token: LeaseToken,
    end: Instant,
}

impl Lease {
    fn is_over(&self) -> bool {
        self.end <= Instant::now()
    }
}

impl Leases {
    /// Gives the lease of `key`, unless somebody holds it.
    pub(super) fn take(&mut self, key: &Key, lasting: Duration) -> Leased {
        if self.held.get(key).is_some_and(|lease| !lease.is_over()) {
            return Leased::Held;
        }
        self.sweep();
        self.given += 1;
        let token = LeaseToken(self.given);
        self.held.insert(key.clone(), Lease { token, end: Instant::now() + lasting });
        Leased::Won(token)
    }

    /// Ends the lease of `key`: whether it was the one that `token` names, and not over.
    pub(super) fn redeem(&mut self, key: &Key, token: LeaseToken) -> bool {
        let valid = self.held.get(key).is_some_and(|lease| lease.token == token && !lease.is_over());
        if valid {
            self.held.remove(key);
        }
        valid
    }

    /// Ends the lease of `key`, if there is one. Costs next to nothing where nobody leases.
    pub(super) fn void(&mut self, key: &Key) {
        if !self.held.is_empty() {
            self.held.remove(key);
        }
    }

    /// Ends every lease.
    pub(super) fn clear(&mut self) {
        self.held.clear();
    }

    /// Forgets those that are over, whose keys nobody may ever ask for again, once for each doubling of their number.
    fn sweep(&mut self) {
        if self.held.len() >= self.sweep_at.max(FEW) {
            self.held.retain(|_, lease| !lease.is_over());
            self.sweep_at = 2 * self.held.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> Key {
        Key::new(format!("k{number}")).unwrap()
    }

    #[test]
    fn leases_of_the_dead_are_forgotten() {
        let mut leases = Leases::default();
        for number in 0..10_000 {
            assert!(matches!(leases.take(&key(number), Duration::ZERO), Leased::Won(_)));
        }
        assert!(leases.held.len() <= FEW, "{} are kept", leases.held.len());
    }

    #[test]
    fn leases_of_the_living_are_kept_however_many() {
        let mut leases = Leases::default();
        for number in 0..1_000 {
            leases.take(&key(number), Duration::from_secs(60));
        }
        assert!((0..1_000).all(|number| leases.take(&key(number), Duration::ZERO) == Leased::Held));
    }
}

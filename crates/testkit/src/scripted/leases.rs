//! The leases of a cache in memory.

use cachemark_core::{Key, LeaseToken, Leased};
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;

/// Who may fill which key, and until when.
#[derive(Debug, Default)]
pub(super) struct Leases {
    given: u64,
    held: HashMap<Key, (LeaseToken, Instant)>,
}

impl Leases {
    /// Gives the lease of `key`, unless somebody holds it.
    pub(super) fn take(&mut self, key: &Key, lasting: Duration) -> Leased {
        let now = Instant::now();
        if self.held.get(key).is_some_and(|&(_, end)| now < end) {
            return Leased::Held;
        }
        self.given += 1;
        let token = LeaseToken(self.given);
        self.held.insert(key.clone(), (token, now + lasting));
        Leased::Won(token)
    }

    pub(super) fn is_valid(&self, key: &Key, token: LeaseToken) -> bool {
        self.held.get(key).is_some_and(|&(held, end)| held == token && Instant::now() < end)
    }

    pub(super) fn void(&mut self, key: &Key) {
        self.held.remove(key);
    }

    pub(super) fn clear(&mut self) {
        self.held.clear();
    }
}

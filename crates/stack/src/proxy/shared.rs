//! What a connection has of its proxy, for both of its directions.

use super::bucket::Bucket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Questions.
    ToServer,
    /// Answers.
    ToClient,
}

/// What a connection has of its proxy.
#[derive(Debug)]
pub(super) struct Shared {
    /// Something was lost in a black hole: what comes next would answer nothing.
    pub(super) lost: AtomicBool,
    /// Bytes that wait, of all connections.
    pub(super) waiting: Arc<AtomicUsize>,
    pub(super) buckets: Arc<[Bucket; 2]>,
}

impl Shared {
    pub(super) fn bucket(&self, direction: Direction) -> &Bucket {
        &self.buckets[usize::from(direction == Direction::ToClient)]
    }
}

//! Throttles: so many operations in so much time pass, the rest is turned away.
//!
//! They are state machines without a clock, as the breaker is. The nanoseconds that they are given are counted in 128 bits: those of a
//! clock that is made to run a billion times faster fill 64 in 18 s.

mod fixed_window;
mod token_bucket;

pub use fixed_window::FixedWindow;
pub use token_bucket::TokenBucket;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How much may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThrottleRule {
    /// Operations in each period; 1 at least.
    pub calls: u64,
    /// The period.
    pub per: Duration,
    /// By which law.
    pub law: Law,
}

/// By which law operations pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// Windows one after another, each with its own count.
    FixedWindow,
    /// A bucket that fills at the rate, and holds so many tokens.
    TokenBucket {
        /// Operations that pass at once after a pause; 1 at least.
        burst: u64,
    },
}

/// A throttle, and what it has turned away.
#[derive(Debug)]
pub struct Throttle {
    gate: Gate,
    shed: AtomicU64,
}

#[derive(Debug)]
enum Gate {
    Window(FixedWindow),
    Bucket(TokenBucket),
}

impl Throttle {
    /// One that has let nothing pass yet.
    #[must_use]
    pub fn new(rule: ThrottleRule) -> Self {
        let gate = match rule.law {
            Law::FixedWindow => Gate::Window(FixedWindow::new(rule.calls, rule.per)),
            Law::TokenBucket { burst } => Gate::Bucket(TokenBucket::new(rule.calls, rule.per, burst)),
        };
        Self { gate, shed: AtomicU64::new(0) }
    }

    /// Whether one more operation passes at `now_ns`.
    #[must_use]
    pub fn admits(&self, now_ns: u128) -> bool {
        let admits = match &self.gate {
            Gate::Window(window) => window.admits(now_ns),
            Gate::Bucket(bucket) => bucket.admits(now_ns),
        };
        if !admits {
            self.shed.fetch_add(1, Ordering::Relaxed);
        }
        admits
    }

    /// How many operations were turned away.
    #[must_use]
    pub fn shed(&self) -> u64 {
        self.shed.load(Ordering::Relaxed)
    }
}

//! Counting decorators: what a strategy asked of its cache and its store, and how long it took where that is asked for.

mod cache;
mod failures;
mod loads;
mod over_time;
mod store;

pub use cache::{CacheCounts, CacheMeter};
pub use failures::{Failed, Failures};
pub use loads::LoadCounts;
pub use store::{StoreCounts, StoreMeter, StoreWindow};

use crate::OpContext;
use crossbeam_utils::CachePadded;
use failures::FailureLog;
use std::sync::Arc;

/// A cache or store whose calls are counted by the meter beside it.
///
/// A call is counted when it ends; one that is dropped before its end is not. Of an operation that carries
/// [`Hops`](crate::Hops), calls are timed, dropped ones too.
#[derive(Debug)]
pub struct Metered<T, M> {
    inner: T,
    meter: Arc<M>,
}

impl<T, M> Metered<T, M> {
    /// Counts the calls of `inner` in `meter`.
    pub fn new(inner: T, meter: Arc<M>) -> Self {
        Self { inner, meter }
    }

    /// What is counted.
    pub fn inner(&self) -> &T {
        &self.inner
    }
}

/// One set of counters for each driver thread (modulo the number of sets), each on cache lines of its own: two
/// threads that count the same thing would otherwise pass one line back and forth, at several times a count's cost.
#[derive(Debug)]
struct Sharded<T>(Box<[CachePadded<T>]>);

const SHARDS: usize = 16;

impl<T: Default> Default for Sharded<T> {
    fn default() -> Self {
        Self((0..SHARDS).map(|_| CachePadded::new(T::default())).collect())
    }
}

impl<T> Sharded<T> {
    fn of(&self, ctx: &OpContext) -> &T {
        &self.0[usize::from(ctx.driver()) % SHARDS]
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|shard| &**shard)
    }
}

/// Declares a set of counters: the shard of atomics, and the plain sums that a snapshot gives.
macro_rules! counts {
    ($(#[$doc:meta])* $counts:ident, $shard:ident { $($(#[$field_doc:meta])* $field:ident,)* }) => {
        #[derive(Debug, Default)]
        struct $shard {
            $($field: std::sync::atomic::AtomicU64,)*
        }

        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $counts {
            $($(#[$field_doc])* pub $field: u64,)*
        }

        impl $counts {
            /// What was counted between `earlier` and `self`.
            #[must_use]
            pub fn since(&self, earlier: &Self) -> Self {
                Self { $($field: self.$field.saturating_sub(earlier.$field),)* }
            }

            fn add(&mut self, shard: &$shard) {
                $(self.$field += shard.$field.load(std::sync::atomic::Ordering::Relaxed);)*
            }
        }
    };
}
use counts;

fn bump(counter: &std::sync::atomic::AtomicU64) {
    counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
}

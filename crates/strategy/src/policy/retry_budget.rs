//! A budget of retries: while most calls succeed all failures are retried, and when all fail hardly any.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a retry costs, in tokens.
const COST: u64 = 5;
/// What one costs after a call that ran out of time: it has cost the other side more than one that was refused.
const COST_OF_TIMEOUT: u64 = 10;

/// Tokens that retries take and successes bring: a retry takes five (ten after a timeout), a call that succeeds at its first try brings one.
///
/// Over any stretch of time there are no more retries than (capacity + calls that succeeded) / 5: from a full budget of 500, 100 retries,
/// and then one for every five successes. However much fails, the other side is asked 1.2 times as much in the long run, and not as often
/// as each call may be tried.
#[derive(Debug)]
pub struct RetryBudget {
    capacity: u64,
    tokens: AtomicU64,
}

impl RetryBudget {
    /// A full one.
    #[must_use]
    pub fn new(capacity: u64) -> Self {
        Self { capacity, tokens: AtomicU64::new(capacity) }
    }

    /// A call has succeeded at its first try.
    pub fn succeeded(&self) {
        // Full, as it is nearly always: nobody waits for anybody's cache line then.
        if self.tokens.load(Ordering::Relaxed) < self.capacity {
            let more = |tokens: u64| (tokens < self.capacity).then_some(tokens + 1);
            let _ = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        }
    }

    /// Takes what a retry costs; false if there is not so much.
    #[must_use]
    pub fn take(&self, after_timeout: bool) -> bool {
        let cost = if after_timeout { COST_OF_TIMEOUT } else { COST };
        let less = |tokens: u64| tokens.checked_sub(cost);
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_full_budget_of_500_is_100_retries_or_50_after_timeouts() {
        let retries = |after_timeout| {
            let budget = RetryBudget::new(500);
            (0..1_000).filter(|_| budget.take(after_timeout)).count()
        };
        assert_eq!((retries(false), retries(true)), (100, 50));
    }

    #[test]
    fn successes_never_fill_it_beyond_its_capacity() {
        let budget = RetryBudget::new(10);
        (0..1_000).for_each(|_| budget.succeeded());
        assert_eq!((0..10).filter(|_| budget.take(false)).count(), 2);
    }

    proptest! {
        /// The law: whatever happens in whatever order, the other side is asked no more than this.
        #[test]
        fn amplification_is_bounded(capacity in 0u64..200, calls in prop::collection::vec((any::<bool>(), any::<bool>()), 0..400)) {
            let budget = RetryBudget::new(capacity);
            let (mut successes, mut retries) = (0u64, 0u64);
            for (succeeds, timed_out) in calls {
                if succeeds {
                    budget.succeeded();
                    successes += 1;
                } else {
                    // A call may be tried as often as the budget lets it.
                    (0..3).for_each(|_| retries += u64::from(budget.take(timed_out)));
                }
                prop_assert!(retries <= (capacity + successes) / COST);
            }
        }
    }
}

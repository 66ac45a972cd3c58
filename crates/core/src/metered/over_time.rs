//! Calls to a store over time: how many ended in each step of a window.

use super::Sharded;
use crate::OpContext;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Counts by step, one set for each driver thread, whose lock nobody else takes while operations run.
#[derive(Debug, Default)]
pub(super) struct OverTime(Sharded<Mutex<Steps>>);

#[derive(Debug, Default)]
struct Steps {
    /// None before a window was opened.
    window: Option<Window>,
    /// Grows as steps come.
    ended: Vec<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    began: Instant,
    step: Duration,
    steps: usize,
}

impl OverTime {
    /// A call has ended.
    pub(super) fn ended(&self, ctx: &OpContext) {
        let mut steps = self.0.of(ctx).lock().unwrap_or_else(PoisonError::into_inner);
        let Steps { window: Some(window), ended } = &mut *steps else { return };
        let Some(step) = window.step_at(Instant::now()) else { return };
        if ended.len() <= step {
            ended.resize(step + 1, 0);
        }
        ended[step] += 1;
    }

    /// Begins a window of `steps` steps. What ends after it is not counted.
    pub(super) fn open_window(&self, step: Duration, steps: usize) {
        let window = Window { began: Instant::now(), step, steps };
        for shard in self.0.iter() {
            *shard.lock().unwrap_or_else(PoisonError::into_inner) = Steps { window: Some(window), ended: Vec::new() };
        }
    }

    /// Of all driver threads together, one count for each step of the window; none if none was opened.
    pub(super) fn counts(&self) -> Vec<u64> {
        let mut counts = Vec::new();
        for shard in self.0.iter() {
            let Steps { window, ended } = &*shard.lock().unwrap_or_else(PoisonError::into_inner);
            counts.resize(window.map_or(0, |window| window.steps), 0);
            counts.iter_mut().zip(ended).for_each(|(sum, count)| *sum += count);
        }
        counts
    }
}

impl Window {
    fn step_at(&self, now: Instant) -> Option<usize> {
        let step = now.saturating_duration_since(self.began).as_nanos().checked_div(self.step.as_nanos())?;
        usize::try_from(step).ok().filter(|step| *step < self.steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn a_call_counts_in_the_step_in_which_it_ends_whoever_made_it() {
        const STEP: Duration = Duration::from_millis(100);
        let (calls, threads) = (OverTime::default(), [0, 1, 17].map(|driver| OpContext::new(0).on_driver(driver)));
        calls.ended(&threads[0]);
        assert_eq!(calls.counts(), Vec::<u64>::new(), "no window was opened");
        calls.open_window(STEP, 4);
        threads.iter().for_each(|ctx| calls.ended(ctx));
        advance(STEP * 2 - Duration::from_nanos(1)).await;
        calls.ended(&threads[1]);
        advance(Duration::from_nanos(1)).await;
        calls.ended(&threads[0]);
        assert_eq!(calls.counts(), [3, 1, 1, 0]);
        advance(STEP * 2).await;
        calls.ended(&threads[0]);
        assert_eq!(calls.counts(), [3, 1, 1, 0], "the window is over");
        calls.open_window(STEP, 1);
        assert_eq!(calls.counts(), [0]);
    }
}

//! How far a sweep has come, and how long the rest takes.

use std::time::{Duration, Instant};

/// The trials of a sweep: those that were there before it was resumed, and those of this process.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    pub(super) before: usize,
    /// To be run by this process; 0 where that is not known.
    pub(super) trials: usize,
    pub(super) finished: usize,
    begun: Option<Instant>,
    last: Option<Instant>,
}

impl Pace {
    /// So many are to be run, from now on. Returns how many that makes with those that are there.
    pub(super) fn start(&mut self, trials: usize) -> usize {
        self.trials = trials;
        self.begun = Some(Instant::now());
        self.before + trials
    }

    pub(super) fn trial_finished(&mut self) {
        self.finished += 1;
        self.last = Some(Instant::now());
    }

    /// In words: `12/30 trials, about 40 s left`.
    pub(super) fn told(&self) -> String {
        let left = self.begun.zip(self.last).and_then(|(begun, last)| {
            left(self.finished, self.trials, last.saturating_duration_since(begun), last.elapsed())
        });
        words(self.before + self.finished, self.before + self.trials, left)
    }
}

/// What the trials that are left take, if they take what those before took on average: `took` by the end of the last one,
/// which was `ago`. None before the first has ended, and after the last.
fn left(finished: usize, trials: usize, took: Duration, ago: Duration) -> Option<Duration> {
    let missing = trials.checked_sub(finished).filter(|missing| *missing > 0 && finished > 0)?;
    let each = took.div_f64(finished as f64);
    // One that takes longer than the others is still to end.
    Some(each.mul_f64(missing as f64).saturating_sub(ago).max(Duration::from_secs(1)))
}

fn words(position: usize, all: usize, left: Option<Duration>) -> String {
    let trials = format!("{position}/{all} trials");
    match left.map(|left| left.as_secs_f64().ceil()) {
        None => trials,
        Some(seconds) if seconds < 120.0 => format!("{trials}, about {seconds} s left"),
        Some(seconds) => format!("{trials}, about {:.0} min left", seconds / 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn no_time_is_told_before_a_trial_has_ended() {
        assert_eq!(left(0, 120, Duration::ZERO, Duration::ZERO), None);
        assert_eq!(words(0, 120, None), "0/120 trials");
        assert_eq!(Pace::default().told(), "0/0 trials");
    }

    #[test]
    fn what_is_left_takes_what_was_taken() {
        assert_eq!(left(2, 12, seconds(6), Duration::ZERO), Some(seconds(30)));
        assert_eq!(left(2, 12, seconds(6), seconds(4)), Some(seconds(26)), "time goes on within a trial");
        assert_eq!(left(2, 3, seconds(6), seconds(9)), Some(seconds(1)), "a slow one is still to end");
        assert_eq!(left(12, 12, seconds(36), Duration::ZERO), None);
        assert_eq!(words(3, 12, Some(Duration::from_millis(26_200))), "3/12 trials, about 27 s left");
        assert_eq!(words(3, 12, Some(seconds(300))), "3/12 trials, about 5 min left");
    }

    #[test]
    fn a_resumed_sweep_goes_on_counting() {
        let mut pace = Pace { before: 11, ..Pace::default() };
        assert_eq!(pace.start(19), 30);
        assert_eq!(pace.told(), "11/30 trials");
        pace.trial_finished();
        assert!(pace.told().starts_with("12/30 trials, about "), "{}", pace.told());
    }
}

//! What was answered, window by window.

use std::time::Duration;

/// What of the arrivals has to be answered, as a share of what was answered before the trigger: the rule of the field.
pub const GOOD: f64 = 0.9;
/// So many good windows in a row are a recovery: a system that is down may have some by chance.
pub const LASTING: usize = 20;
/// The fewest arrivals that a window has in the mean: of fewer, one failure would decide.
const LEAST_ARRIVALS: f64 = 20.0;

/// One window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// Operations that arrived in it.
    pub arrived: u32,
    /// Those of them that were answered by their deadlines.
    pub answered: u32,
    /// Reads that the store finished in it.
    pub reads: u64,
    /// How often the cache was filled in it.
    pub fills: u64,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// How long a window is.
    pub window: Duration,
    /// The window that began with the trigger; none if there was none.
    pub trigger: Option<usize>,
    /// Every window that is complete.
    pub windows: Vec<Window>,
}

/// How long a window is: a deadline, or as many as it takes to have enough arrivals.
pub(crate) fn window(timeout: Duration, least_rate: f64) -> Duration {
    let of_one = (timeout.as_secs_f64() * least_rate).max(1e-9);
    timeout * (LEAST_ARRIVALS / of_one).ceil().clamp(1.0, 1e4) as u32
}

impl Window {
    /// The share of its arrivals that was answered; 1 where nothing arrived.
    #[must_use]
    pub fn goodput(&self) -> f64 {
        if self.arrived == 0 { 1.0 } else { f64::from(self.answered) / f64::from(self.arrived) }
    }
}

impl Course {
    /// The share of the arrivals that was answered before the trigger; of all where there was none.
    #[must_use]
    pub fn baseline(&self) -> f64 {
        let before = &self.windows[..self.trigger.unwrap_or(self.windows.len()).min(self.windows.len())];
        let sum = |of: fn(&Window) -> u32| before.iter().map(|window| f64::from(of(window))).sum::<f64>();
        let arrived = sum(|window| window.arrived);
        if arrived == 0.0 { 1.0 } else { sum(|window| window.answered) / arrived }
    }

    /// Windows of which at least 90 % of the baseline was answered.
    fn is_good(&self, window: &Window) -> bool {
        window.goodput() >= GOOD * self.baseline()
    }

    /// Sums the windows that lie between two moments after the trigger.
    #[must_use]
    pub fn between(&self, from: Duration, to: Duration) -> Window {
        let place = |moment: Duration| {
            let place = moment.as_secs_f64() / self.window.as_secs_f64();
            (self.trigger.unwrap_or(0) + place.round() as usize).min(self.windows.len())
        };
        let mut sum = Window::default();
        for window in &self.windows[place(from)..place(to).max(place(from))] {
            sum.arrived += window.arrived;
            sum.answered += window.answered;
            sum.reads += window.reads;
            sum.fills += window.fills;
        }
        sum
    }

    /// How long after the trigger the last window ended that was not good; zero if all were. None if it has not recovered: the last windows
    /// are not all good.
    #[must_use]
    pub fn recovered_after(&self) -> Option<Duration> {
        let after = self.windows.get(self.trigger?..)?;
        let bad = after.iter().rposition(|window| !self.is_good(window)).map_or(0, |last| last + 1);
        (after.len() >= bad + LASTING).then(|| self.window * bad as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn course(answered: impl IntoIterator<Item = u32>) -> Course {
        let window = |answered| Window { arrived: 100, answered, reads: 30, fills: 10 };
        Course { window: SECOND, trigger: Some(2), windows: answered.into_iter().map(window).collect() }
    }

    #[test]
    fn it_recovers_after_the_last_bad_window_if_enough_good_ones_follow() {
        let good = |count| std::iter::repeat_n(100, count);
        let after = |bad: &[u32], good_ones| course(good(2).chain(bad.iter().copied()).chain(good(good_ones)));
        assert_eq!(after(&[], 20).recovered_after(), Some(Duration::ZERO));
        assert_eq!(after(&[10, 100, 50], 20).recovered_after(), Some(3 * SECOND));
        assert_eq!(after(&[10, 100, 89], 19).recovered_after(), None);
        assert_eq!(after(&[90], 20).recovered_after(), Some(Duration::ZERO), "90 % is good enough");
    }

    #[test]
    fn what_was_answered_before_is_what_it_is_held_to() {
        let half = course([50, 50].into_iter().chain(std::iter::repeat_n(45, 20)));
        assert_eq!((half.baseline(), half.recovered_after()), (0.5, Some(Duration::ZERO)));
        let sum = half.between(2 * SECOND, 5 * SECOND);
        assert_eq!((sum.arrived, sum.answered, sum.reads, sum.fills), (300, 135, 90, 30));
    }

    #[test]
    fn a_window_has_enough_arrivals() {
        assert_eq!(window(SECOND, 800.0), SECOND);
        assert_eq!(window(SECOND / 10, 100.0), SECOND / 5);
    }
}

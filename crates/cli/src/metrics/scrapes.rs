//! When the metrics were asked for: who asks at intervals is to hear of the end, which a program that ends at once never tells.

use std::time::{Duration, Instant};

/// The longest that the last scrape is waited for: Prometheus asks once a minute if nobody says otherwise.
const LONGEST: Duration = Duration::from_secs(75);
/// What a scrape may be late.
const SLACK: Duration = Duration::from_secs(1);

/// When it was asked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scrapes {
    last: Option<Instant>,
    longest_gap: Option<Duration>,
    over: bool,
    /// Whether somebody has asked since.
    told: bool,
}

impl Scrapes {
    pub(super) fn scraped(&mut self, now: Instant) {
        self.told |= self.over;
        if let Some(last) = self.last.replace(now) {
            self.longest_gap = self.longest_gap.max(Some(now.saturating_duration_since(last)));
        }
    }

    pub(super) fn run_over(&mut self) {
        self.over = true;
    }

    /// How much longer a scrape may be in coming. None if nobody asks at intervals, if one came after the end, or too late.
    pub(super) fn due(&self, now: Instant) -> Option<Duration> {
        let (last, gap) = (self.last?, self.longest_gap?);
        let wait = (gap + gap / 4 + SLACK).min(LONGEST);
        let left = (last + wait).saturating_duration_since(now);
        (self.over && !self.told && !left.is_zero()).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    #[test]
    fn a_scrape_is_waited_for_where_they_come_at_intervals_and_no_longer_than_one_takes() {
        let begun = Instant::now();
        let mut scrapes = Scrapes::default();
        scrapes.scraped(begun);
        scrapes.run_over();
        assert_eq!(scrapes.due(begun + S), None, "one alone is no interval");
        scrapes.over = false;
        scrapes.scraped(begun + 4 * S);
        assert_eq!(scrapes.due(begun + 5 * S), None, "the run goes on");
        scrapes.run_over();
        assert_eq!(scrapes.due(begun + 5 * S), Some(5 * S), "4 s and a quarter, and a second");
        assert_eq!(scrapes.due(begun + 11 * S), None, "it did not come");
        scrapes.scraped(begun + 8 * S);
        assert_eq!(scrapes.due(begun + 8 * S), None, "it has come");
    }
}

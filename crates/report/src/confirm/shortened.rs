//! What is shorter than it was published, and what that costs in certainty.

use crate::units;
use cachemark_results::Run;
use cachemark_stats::Summary;

/// Blocks and window, as published and here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shortened {
    /// How often every cell is run.
    pub blocks: [usize; 2],
    /// The measured window of a trial in seconds, if it is known: the median over trials.
    pub window_s: [Option<f64>; 2],
}

/// What differs by less is as long: no window ends to the nanosecond.
const AS_LONG: f64 = 0.1;

impl Shortened {
    /// Of two records.
    #[must_use]
    pub fn of(published: &Run, here: &Run) -> Self {
        let runs = [published, here];
        Self { blocks: runs.map(|run| run.manifest.blocks.len()), window_s: runs.map(Self::window) }
    }

    /// The measured window of a record's trials in seconds.
    #[must_use]
    pub fn window(run: &Run) -> Option<f64> {
        let windows: Vec<f64> = run.trials.iter().map(|trial| trial.window.measured_ns as f64 / 1e9).collect();
        Summary::of(&windows).ok().map(|summary| summary.median)
    }

    /// What it costs, a sentence each; none if nothing is shorter.
    #[must_use]
    pub fn costs(&self) -> Vec<String> {
        let [there, here] = self.blocks.map(|blocks| blocks as f64);
        let blocks = (here < there).then(|| {
            format!(
                "{here} blocks in place of {there}: intervals are {} times as wide by that alone, or wider, so more rows can't be told.",
                units::ratio((there / here).sqrt())
            )
        });
        let windows = self.window_s[0].zip(self.window_s[1]);
        let window = windows.filter(|(there, here)| *here < there * (1.0 - AS_LONG)).map(|(there, here)| {
            format!(
                "Windows of {} in place of {}: a trial has {} of the operations, what scatters by chance scatters up to {} times as \
                 much, and percentiles with too few operations go missing.",
                units::time(here * 1e9),
                units::time(there * 1e9),
                units::percent(here / there),
                units::ratio((there / here).sqrt())
            )
        });
        blocks.into_iter().chain(window).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shorter_is_said_with_its_price_and_what_is_not_is_not() {
        let of = |blocks, window_s: [f64; 2]| Shortened { blocks, window_s: window_s.map(Some) }.costs();
        let found = of([24, 6], [2.0, 0.5]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("6 blocks in place of 24: intervals are 2.000 times as wide"), "{found:?}");
        assert!(found[1].contains("25 % of the operations") && found[1].contains("up to 2.000 times"), "{found:?}");
        assert_eq!(of([8, 8], [0.5, 0.4999]), [""; 0]);
        assert_eq!(of([8, 20], [0.5, 5.0]), [""; 0], "longer costs nothing");
        assert_eq!(Shortened { blocks: [8, 8], window_s: [None, Some(0.5)] }.costs(), [""; 0]);
    }
}

//! What is known of times to recover that were not seen to their end: they are longer than was looked at.

use super::{TO_RECOVER, Times, ToRecover, to_recover};
use crate::analysis::CellFigures;
use crate::units;
use cachemark_results::{Figure, Trial};
use cachemark_stats::{CONFIDENCE, median_interval_leaves_out};

/// On which sides of a value the truth may lie.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beyond {
    /// It may be less, by nobody knows how much.
    pub below: bool,
    /// It may be more.
    pub above: bool,
}

impl Beyond {
    /// The value's text with a sign before it: `< -3.05 s`, `> 1.20 s`; `n/a` where nothing is known of it.
    pub(in crate::analysis) fn mark(self, text: String) -> String {
        match (self.below, self.above) {
            (false, false) => text,
            (true, false) => format!("< {text}"),
            (false, true) => format!("> {text}"),
            (true, true) => units::NOT_AVAILABLE.to_owned(),
        }
    }
}

/// How far the difference between two cells' times is known: its median over blocks, and the ends of that one's interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// Of the median.
    pub median: Beyond,
    /// Of the interval's lower end.
    pub low: Beyond,
    /// Of its upper end.
    pub high: Beyond,
}

impl Known {
    /// Of times paired by block. What was compared with is longer than it was seen: the difference may be less; what is compared is: it may be
    /// more.
    pub(in crate::analysis) fn of(there: &[Option<ToRecover>], here: &[Option<ToRecover>]) -> Self {
        let pairs: Vec<(ToRecover, ToRecover)> =
            there.iter().zip(here).filter_map(|(there, here)| Some(((*there)?, (*here)?))).collect();
        let least =
            |(there, here): &(ToRecover, ToRecover)| if there.seen { here.ns - there.ns } else { f64::NEG_INFINITY };
        let most = |(there, here): &(ToRecover, ToRecover)| if here.seen { here.ns - there.ns } else { f64::INFINITY };
        let (mut low, mut high): (Vec<f64>, Vec<f64>) = pairs.iter().map(|pair| (least(pair), most(pair))).unzip();
        low.sort_by(f64::total_cmp);
        high.sort_by(f64::total_cmp);
        let Some(last) = pairs.len().checked_sub(1) else { return Self::default() };
        let at = |from: usize, to: usize| Beyond { below: low[from].is_infinite(), above: high[to].is_infinite() };
        // In the middle of an even number stand two, and one of them is enough.
        let median = at(last / 2, pairs.len() / 2);
        let left_out = median_interval_leaves_out(pairs.len(), CONFIDENCE).ok().flatten().unwrap_or(0);
        Self { median, low: at(left_out, left_out), high: at(last - left_out, last - left_out) }
    }
}

impl CellFigures<'_> {
    /// The times to recover, where that is the figure.
    pub(crate) fn times(&self, figure: &Figure) -> Option<Times> {
        (figure == TO_RECOVER).then(|| self.recovered())?.map(|found| found.to_recover)
    }

    /// The median over blocks of a figure in words; of a time to recover that was not seen, that it is longer.
    #[must_use]
    pub fn median_in_words(&self, figure: &Figure) -> Option<String> {
        match self.times(figure) {
            Some(times) => Some(times.median.in_words()),
            None => self.median(figure).map(|median| units::figure(figure, median)),
        }
    }

    /// One time to recover for each block.
    pub(in crate::analysis) fn times_by_block(&self, blocks: usize) -> Vec<Option<ToRecover>> {
        self.by_block_of(blocks, |trial: &Trial| to_recover(trial))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seen(seconds: f64) -> Option<ToRecover> {
        Some(ToRecover { ns: seconds * 1e9, seen: true })
    }
    const NEVER: Option<ToRecover> = Some(ToRecover { ns: 8e9, seen: false });

    fn median(there: &[Option<ToRecover>], here: &[Option<ToRecover>]) -> String {
        Known::of(there, here).median.mark("d".to_owned())
    }

    #[test]
    fn a_difference_is_known_as_far_as_both_times_are() {
        assert_eq!(median(&[seen(1.0); 3], &[seen(2.0); 3]), "d");
        assert_eq!(median(&[NEVER; 3], &[seen(2.0); 3]), "< d");
        assert_eq!(median(&[seen(2.0); 3], &[NEVER; 3]), "> d");
        assert_eq!(median(&[NEVER; 3], &[NEVER; 3]), "n/a");
        assert_eq!(median(&[NEVER, seen(1.0), seen(1.0)], &[seen(2.0); 3]), "d", "it is the least of three");
        assert_eq!(median(&[NEVER, seen(1.0)], &[seen(2.0); 2]), "< d", "one of the two in the middle");
        assert_eq!(Known::of(&[None, NEVER], &[seen(1.0), None]), Known::default(), "nothing pairs");
    }

    /// Six blocks have an interval, from the least to the greatest.
    #[test]
    fn the_ends_of_an_interval_are_known_or_not_by_themselves() {
        let there = [NEVER, seen(3.0), seen(3.0), seen(3.0), seen(3.0), seen(3.0)];
        let known = Known::of(&there, &[seen(1.0); 6]);
        let ends = [known.low, known.median, known.high].map(|end| end.mark("d".to_owned()));
        assert_eq!(ends, ["< d", "d", "d"]);
    }
}

//! How many loads of one key there were at once.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// The most of them.
pub const MAX: &Figure = &Figure {
    name: "concurrent_loads.max",
    title: "concurrent loads max",
    meaning: "The most store reads of one key that were in flight at the same time, over all instances",
    unit: Measure::Count,
    better: Direction::LowerIsBetter,
    needs: Needs::StoreCalls,
    read: |trial| trial.loads.map(|loads| loads.most_at_once as f64),
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Loads, Trial};

    #[test]
    fn a_window_without_a_load_had_none_at_once_and_one_that_was_not_watched_has_no_figure() {
        let of = |loads: Option<Loads>| MAX.of(&Trial { loads, ..Trial::default() });
        assert_eq!(of(Some(Loads { reads: 9, episodes: 6, most_at_once: 3 })), Some(3.0));
        assert_eq!((of(Some(Loads::default())), of(None)), (Some(0.0), None));
    }
}

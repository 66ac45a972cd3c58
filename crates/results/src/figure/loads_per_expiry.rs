//! How many loads of a key came for each time that it had to be loaded.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Store reads for each episode of loads.
pub const LOADS_PER_EXPIRY: &Figure = &Figure {
    name: "loads_per_expiry",
    title: "loads per expiry",
    meaning: "Store reads for each load episode of a key, over all instances: an episode is a maximal time in which at least one \
              store read of the key is in flight, as after an entry has expired, was removed or never was. 1 where nobody loads \
              what another is loading",
    unit: Measure::Ratio,
    better: Direction::LowerIsBetter,
    needs: Needs::StoreReads,
    read: |trial| {
        trial.loads.filter(|loads| loads.episodes > 0).map(|loads| loads.reads as f64 / loads.episodes as f64)
    },
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Loads, Trial};

    #[test]
    fn loads_are_counted_by_episode_and_no_load_is_no_figure() {
        let of = |loads: Option<Loads>| LOADS_PER_EXPIRY.of(&Trial { loads, ..Trial::default() });
        assert_eq!(of(Some(Loads { reads: 9, episodes: 6, most_at_once: 3 })), Some(1.5));
        assert_eq!((of(Some(Loads::default())), of(None)), (None, None));
    }
}

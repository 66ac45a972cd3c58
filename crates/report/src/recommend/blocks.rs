//! How many blocks would tell, by how wide the interval is now.

use super::Estimate;
use cachemark_stats::{CONFIDENCE, median_interval_leaves_out};
use std::sync::LazyLock;

/// More blocks than this are no advice: the figure lies at the bound.
pub(crate) const MOST: usize = 200;

/// For each number of blocks, how far the interval's ends are from the median, as a share of the distribution: 0.5 is all of
/// it. None where there is no interval.
static REACH: LazyLock<Vec<Option<f64>>> = LazyLock::new(|| {
    let reach = |count: usize| {
        let left_out = median_interval_leaves_out(count, CONFIDENCE).ok()??;
        Some(0.5 - (left_out as f64 + 1.0) / (count as f64 + 1.0))
    };
    (0..=MOST).map(reach).collect()
});

/// The fewest blocks with which anything can be told.
pub(crate) fn fewest() -> usize {
    REACH.iter().position(Option::is_some).unwrap_or(MOST)
}

/// About how many blocks it takes until the interval leaves the bound out: if the median stays, and what lies between it and
/// the interval's end is spread evenly. None where more than [`MOST`] would not do.
pub(super) fn needed(estimate: &Estimate, bound: f64) -> Option<usize> {
    let Some(interval) = estimate.interval else { return Some(fewest().max(estimate.blocks + 1)) };
    let toward = if bound > estimate.median { interval.high } else { interval.low };
    let (room, width) = ((bound - estimate.median).abs(), (toward - estimate.median).abs());
    let now = (*REACH.get(estimate.blocks)?)?;
    let allowed = now * room / width;
    let enough = |blocks: &usize| REACH[*blocks].is_some_and(|reach| reach < allowed);
    (estimate.blocks + 1..=MOST).find(enough)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(blocks: usize) -> Estimate {
        let values: Vec<f64> = (0..blocks).map(|place| place as f64 / (blocks - 1) as f64).collect();
        Estimate::of(&values).unwrap()
    }

    #[test]
    fn five_blocks_are_told_that_it_takes_six() {
        assert_eq!(fewest(), 6);
        assert_eq!(needed(&spread(3), 0.9), Some(6));
    }

    #[test]
    fn the_nearer_the_bound_the_more_blocks() {
        let eight = spread(8);
        let of = |bound| needed(&eight, bound);
        let (far, near, nearer) = (of(0.9).unwrap(), of(0.7).unwrap(), of(0.62).unwrap());
        assert!(8 < far && far < near && near < nearer, "{far} {near} {nearer}");
        assert_eq!([of(0.5), of(0.501)], [None, None], "it lies at the bound");
        assert_eq!(of(0.3), of(0.7), "on either side");
    }

    /// With as many blocks of the same spread as it said, the interval leaves the bound out; with fewer it may not.
    #[test]
    fn the_estimate_holds_where_its_premise_does() {
        for bound in [0.65, 0.75, 0.9] {
            let blocks = needed(&spread(8), bound).unwrap();
            assert!(spread(blocks).interval.unwrap().high < bound, "{bound}: {blocks}");
        }
    }
}

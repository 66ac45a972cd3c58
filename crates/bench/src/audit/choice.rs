//! Which keys are looked at.

use crate::instrument::Written;
use cachemark_workload::Seed;
use std::collections::BinaryHeap;

/// The indexes of the chosen keys, in their order: all, or `most` of them. Those that somebody tried to write come first, since a
/// write can be lost of no other; within those, and within the rest, the seed chooses.
pub(super) fn of(keys: u64, most: u64, written: Option<&Written>, seed: Seed) -> Vec<u32> {
    let all = 0..u32::try_from(keys).unwrap_or(u32::MAX);
    if keys <= most {
        return all.collect();
    }
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    // The smallest by a hash that the seed draws are a sample without replacement. No more are kept at any time: of a hundred million
    // keys a list would take more memory than all else.
    let mut chosen: BinaryHeap<(bool, u64, u32)> = BinaryHeap::with_capacity(most + 1);
    for index in all {
        let untouched = written.is_some_and(|written| !written.is_touched(index));
        let ranked = (untouched, seed.nth(index.into()).get(), index);
        if chosen.len() < most {
            chosen.push(ranked);
        } else if chosen.peek().is_some_and(|greatest| ranked < *greatest) {
            chosen.pop();
            chosen.push(ranked);
        }
    }
    let mut chosen: Vec<u32> = chosen.into_iter().map(|(.., index)| index).collect();
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_chosen_where_there_are_no_more() {
        assert_eq!(of(4, 4, None, Seed::new(1)), [0, 1, 2, 3]);
        assert_eq!(of(4, 0, None, Seed::new(1)), [0u32; 0]);
    }

    #[test]
    fn the_seed_chooses_each_key_as_often() {
        let mut counts = [0; 20];
        for seed in 0..2_000 {
            let chosen = of(20, 5, None, Seed::new(seed));
            assert!(chosen.len() == 5 && chosen.is_sorted());
            chosen.iter().for_each(|&index| counts[index as usize] += 1);
        }
        // Binomial with mean 500 and standard deviation 19: five of those to each side.
        assert!(counts.iter().all(|count| (400..600).contains(count)), "{counts:?}");
        assert_eq!(of(20, 5, None, Seed::new(3)), of(20, 5, None, Seed::new(3)));
    }
}

//! How many blocks the verdicts of a plan need.

use crate::definition::Definition;
use crate::plan::Plan;
use cachemark_stats::{ALPHA, blocks_needed};
use std::collections::BTreeMap;

impl Plan {
    /// The comparisons of the largest family that verdicts are given for together, on each figure by itself.
    #[must_use]
    pub fn largest_family(&self, pairs: bool) -> usize {
        let mut families: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for cell in self.cells.iter().filter(|cell| !cell.control && cell.unsupported.is_none()) {
            if let Some(reference) = &cell.reference {
                *families.entry((&cell.family, reference)).or_default() += 1;
            }
        }
        let against_each_other = |compared: usize| if pairs { compared * (compared + 1) / 2 } else { compared };
        families.into_values().map(against_each_other).max().unwrap_or(0)
    }

    /// What is to be said where the blocks are too few for a verdict: figures come without one then.
    #[must_use]
    pub fn short_of_blocks(&self, definition: &Definition) -> Option<String> {
        let family = self.largest_family(definition.pairs);
        let needed = blocks_needed(family, ALPHA)?;
        (definition.blocks < needed).then(|| {
            let comparisons = if family == 1 { "1 comparison needs".into() } else { format!("{family} comparisons need") };
            let blocks = definition.blocks;
            let there = if blocks == 1 { "is 1".to_owned() } else { format!("are {blocks}") };
            format!("{comparisons} {needed} blocks for verdicts and there {there}: there will be figures without verdicts; make --blocks {needed}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_more_comparisons_and_take_more_blocks() {
        // So many compared with a reference, and so the pairs of one more.
        let needed = |compared: usize| blocks_needed(compared * (compared + 1) / 2, ALPHA);
        assert_eq!([1, 2, 3, 4, 5, 6].map(needed), [6, 7, 8, 9, 10, 10].map(Some));
    }
}

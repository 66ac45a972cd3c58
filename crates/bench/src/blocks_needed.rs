//! How many blocks the verdicts of a plan need.

use crate::definition::Definition;
use crate::plan::Plan;
use cachemark_stats::{ALPHA, blocks_needed};
use std::collections::BTreeMap;

impl Plan {
    /// The comparisons of the largest family that verdicts are given for together, on each figure by itself.
    #[must_use]
    pub fn largest_family(&self, pairs: bool) -> usize {
        let cells = self.recorded_cells();
        let mut families: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for cell in cells.iter().filter(|cell| !cell.control && cell.unsupported.is_none()) {
            for (place, reference) in cell.references(cells.iter()).enumerate() {
                let family = if place == 0 { &cell.family } else { &reference.family };
                *families.entry((family, &reference.id)).or_default() += 1;
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
    use crate::definition::{Catalogue, Chosen, Draft};
    use cachemark_core::{Capabilities, Descriptor, HitModel, Model, PartKind, Settings};

    const fn part(kind: PartKind, name: &'static str, needs: Capabilities) -> Descriptor {
        Descriptor { needs, ..Descriptor::of(kind, name, "A part.") }
    }

    /// A strategy that asks a cache.
    const fn cached(name: &'static str, needs: Capabilities) -> Descriptor {
        let model = |_: &Settings| Model { hits: HitModel::InvalidatedByWrites, ..Model::none() };
        Descriptor { model, ..part(PartKind::Strategy, name, needs) }
    }

    const CATALOGUE: Catalogue<'static> = Catalogue {
        strategies: &[
            part(PartKind::Strategy, "no-cache", Capabilities::NONE),
            cached("a", Capabilities::NONE),
            cached("b", Capabilities::NONE),
            cached("expiring", Capabilities { ttl: true, ..Capabilities::NONE }),
        ],
        caches: &[
            part(PartKind::Cache, "small", Capabilities::NONE),
            part(PartKind::Cache, "large", Capabilities::NONE),
        ],
        stores: &[part(PartKind::Store, "store", Capabilities::NONE)],
        default_caches: &["small", "large"],
        default_stores: &["store"],
        ..Catalogue::NONE
    };

    /// Only one of the caches lets entries expire.
    fn capabilities(cache: &Chosen) -> Capabilities {
        Capabilities { ttl: cache.descriptor.name == "large", ..Capabilities::NONE }
    }

    fn definition(sweep: &str) -> Definition {
        let draft = Draft::read("test", format!("name = \"test\"\n[sweep]\n{sweep}\n").as_bytes()).unwrap();
        Definition::resolve(draft, &CATALOGUE).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    /// The largest family of such a sweep, with the reference alone and of pairs.
    fn largest(sweep: &str) -> [usize; 2] {
        let plan = Plan::lay_out(&definition(sweep), capabilities);
        [false, true].map(|pairs| plan.largest_family(pairs))
    }

    #[test]
    fn a_family_is_what_is_compared_with_one_reference_at_one_point_of_the_axes() {
        assert_eq!(largest("strategies = [\"no-cache\"]"), [0, 0], "an A/A control is no comparison");
        let of_two = "strategies = [\"no-cache\", \"a\", \"b\"]\n";
        assert_eq!(largest(of_two), [2, 3]);
        let more_families = format!("{of_two}instances = [1, 4, 8]\nread-cost-us = [0, 1000]");
        assert_eq!(largest(&more_families), [2, 3], "each is judged by itself");
    }

    #[test]
    fn the_largest_family_counts_where_they_differ_in_size() {
        // Over `small` it cannot run.
        assert_eq!(largest("strategies = [\"no-cache\", \"a\", \"b\", \"expiring\"]"), [3, 6]);
        assert_eq!(largest("strategies = [\"no-cache\", \"a\", \"expiring\"]\ncaches = [\"small\"]"), [1, 1]);
        // What asks no cache is compared with the reference of the first cache alone.
        assert_eq!(largest("strategies = [\"no-cache\", \"a\", \"b\"]\nreference = \"a\""), [2, 3]);
    }

    #[test]
    fn too_few_blocks_are_told_with_how_many_it_takes() {
        let told = |sweep: &str, blocks: u32, pairs: bool| {
            let definition = Definition { blocks, pairs, ..definition(sweep) };
            Plan::lay_out(&definition, capabilities).short_of_blocks(&definition)
        };
        let (one, three) =
            ("strategies = [\"no-cache\", \"a\"]", "strategies = [\"no-cache\", \"a\", \"b\", \"expiring\"]");
        insta::assert_snapshot!(told(one, 1, false).unwrap(), @"1 comparison needs 6 blocks for verdicts and there is 1: there will be figures without verdicts; make --blocks 6");
        insta::assert_snapshot!(told(three, 6, false).unwrap(), @"3 comparisons need 7 blocks for verdicts and there are 6: there will be figures without verdicts; make --blocks 7");
        insta::assert_snapshot!(told(three, 7, true).unwrap(), @"6 comparisons need 8 blocks for verdicts and there are 7: there will be figures without verdicts; make --blocks 8");
        assert_eq!([told(one, 6, true), told(three, 7, false), told(three, 8, true)], [None, None, None]);
    }
}

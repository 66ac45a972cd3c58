//! Which difference a run would have found, and which another would find that is like it.

use crate::analysis::{Analysis, Family, FamilyRow, Role};
use cachemark_results::Figure;
use cachemark_stats::{Comparison, least_difference};

/// The least difference that the comparisons of a family would have found, as a ratio less 1.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastDifference {
    /// The family's name.
    pub family: String,
    /// The figure that is compared.
    pub figure: &'static Figure,
    /// Blocks with both figures: of the comparison that has fewest.
    pub blocks: usize,
    /// What every comparison would have found; none where one has no interval.
    pub every: Option<f64>,
    /// What the quietest would have found.
    pub quietest: Option<f64>,
    /// What the A/A control would have found.
    pub control: Option<f64>,
}

/// Of every family whose figure is known.
pub(super) fn least_differences(analysis: &Analysis<'_>) -> Vec<LeastDifference> {
    let of = |family: &Family| {
        let found: Vec<Option<f64>> = judged(family).map(Comparison::half_width).collect();
        let told = || found.iter().copied().flatten();
        Some(LeastDifference {
            family: family.name.clone(),
            figure: family.figure?,
            blocks: judged(family).map(|comparison| comparison.pairs).min()?,
            every: found.iter().copied().collect::<Option<Vec<f64>>>().and_then(greatest),
            quietest: told().reduce(f64::min),
            control: family.noise,
        })
    };
    in_families(analysis).filter_map(of).collect()
}

/// The families of all figures: those of one name together, in the order of the first figure.
fn in_families<'a>(analysis: &'a Analysis<'_>) -> impl Iterator<Item = &'a Family> {
    let first = |family: &Family| analysis.families.iter().position(|other| other.name == family.name);
    let mut families: Vec<&Family> = analysis.families.iter().collect();
    families.sort_by_key(|family| first(family));
    families.into_iter()
}

/// What a run over other numbers of blocks would find, were it as noisy as this one.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    /// The family's name.
    pub family: String,
    /// The figure that is compared.
    pub figure: &'static Figure,
    /// Blocks that verdicts on so many comparisons take.
    pub blocks_needed: u32,
    /// What every comparison would find, for each number of blocks that was asked for; none where that can't be told yet.
    pub every: Vec<Option<f64>>,
}

/// Of every family whose figure is known.
pub(super) fn foreseen(analysis: &Analysis<'_>, blocks: &[usize]) -> Vec<Foreseen> {
    let of = |family: &Family| {
        judged(family).next()?;
        let over = |blocks: &usize| {
            let found = judged(family).map(|comparison| {
                let ratios: Vec<f64> = comparison.block_ratios.iter().copied().flatten().collect();
                least_difference(&ratios, *blocks).ok().flatten()
            });
            found.collect::<Option<Vec<f64>>>().and_then(greatest)
        };
        Some(Foreseen {
            family: family.name.clone(),
            figure: family.figure?,
            blocks_needed: family.blocks_needed,
            every: blocks.iter().map(over).collect(),
        })
    };
    in_families(analysis).filter_map(of).collect()
}

/// The comparisons that verdicts are on, of cells that were run; without any, the A/A control.
fn judged(family: &Family) -> impl Iterator<Item = &Comparison> {
    let of = |role: Role| {
        let rows = family.rows.iter().filter(move |row| row.role == role && row.measured);
        rows.filter_map(|row: &FamilyRow| Some(&row.primary.as_ref()?.comparison))
    };
    let alone = of(Role::Compared).next().is_none();
    of(Role::Compared).chain(of(Role::Control).filter(move |_| alone))
}

fn greatest(found: Vec<f64>) -> Option<f64> {
    found.into_iter().reduce(f64::max)
}

//! From comparisons to verdicts, over a family that was declared before the run.
//!
//! In this order:
//! 1. With fewer blocks than the family needs ([`blocks_needed`]) no comparison can pass, so none is judged. One that
//!    has too few pairs for an interval is not judged either, but stays in the family.
//! 2. *Equivalent*: the interval lies wholly inside 1 / (1 + delta) to 1 + delta; of a difference, which has no such margin, it
//!    is 0 and nothing else. This goes before significance: a
//!    difference that is surely there and surely smaller than what was declared to matter is equivalent.
//! 3. Where the A/A control could not have shown such closeness (its half-width passes delta, or there is no control),
//!    "equivalent" is withheld, and the comparison is *inconclusive*, significant or not.
//! 4. *Better* or *worse*: the p value, adjusted by Holm over the whole family, is at or below alpha. Of a figure of which
//!    neither more nor less is better, such a difference is not judged.
//! 5. *Inconclusive* otherwise. That is not "no difference": it is "not enough blocks to tell".

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

use crate::StatsError;
use crate::compare::{CONFIDENCE, Comparison, Direction};
use crate::error::check_between_0_and_1;
use crate::holm::{blocks_needed, holm_adjusted};
use crate::verdict::{NotJudged, Verdict};

/// The family's chance of a false verdict, unless said otherwise.
pub const ALPHA: f64 = 0.05;

/// What counts as no difference, unless said otherwise: within a factor of 1 + delta.
pub const DELTA: f64 = 0.05;

/// How a family of comparisons is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FamilyRule {
    /// The chance, at most, of one false better or worse in the whole family: 0 to 1.
    pub alpha: f64,
    /// Ratios within 1 / (1 + delta) to 1 + delta are declared not to matter: above 0.
    pub delta: f64,
    /// [`Comparison::half_width`] of the A/A control, `None` where there is none.
    pub aa_half_width: Option<f64>,
    /// Blocks that the sweep completed.
    pub blocks: u32,
}

impl FamilyRule {
    /// [`ALPHA`] and [`DELTA`], no control, and so many blocks.
    pub fn with_blocks(blocks: u32) -> Self {
        Self { alpha: ALPHA, delta: DELTA, aa_half_width: None, blocks }
    }

    /// Whether the A/A control's half-width passes delta: two runs of the same thing differ by as much as would matter.
    pub fn is_noisy(&self) -> bool {
        self.aa_half_width.is_some_and(|half_width| half_width > self.delta)
    }

    /// Whether "equivalent" may be said: there is a control, and it isn't noisy.
    fn may_say_equivalent(&self) -> bool {
        self.aa_half_width.is_some_and(|half_width| half_width <= self.delta)
    }
}

/// A comparison with its verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// The name of the comparison.
    pub name: String,
    /// Its p value adjusted over the family; `None` where it has none.
    pub adjusted_p: Option<f64>,
    /// The verdict.
    pub verdict: Verdict,
    /// Whether this would have been called equivalent if the A/A control had allowed it.
    pub equivalence_withheld: bool,
}

/// Judges the comparisons of one family, all of them: one left out after a look at the figures makes the others' p
/// values wrong. The judgements are in the order of the comparisons. The [module](self) tells the rule.
///
/// # Errors
/// An alpha that does not lie between 0 and 1, or a delta that is not above 0.
pub fn judge_family(comparisons: &[Comparison], rule: &FamilyRule) -> Result<Vec<Judgement>, StatsError> {
    check_between_0_and_1("alpha", rule.alpha)?;
    if !(rule.delta > 0.0 && rule.delta.is_finite()) {
        return Err(StatsError::BadSetting { name: "delta", range: "above 0", value: rule.delta });
    }
    // A comparison without a pair stays in the family as one that can't pass, so that the others get no easier.
    let p_values: Vec<f64> = comparisons.iter().map(|comparison| comparison.p.unwrap_or(1.0)).collect();
    let adjusted = holm_adjusted(&p_values)?;
    let most_pairs = comparisons.iter().map(|comparison| as_u32(comparison.pairs)).max().unwrap_or(0);
    let have = rule.blocks.min(most_pairs);
    let needed = blocks_needed(comparisons.len(), rule.alpha).unwrap_or(u32::MAX);
    let too_few_blocks = (have < needed).then_some(NotJudged::TooFewBlocks { have, needed });
    let judgements = comparisons.iter().zip(adjusted).map(|(comparison, adjusted_p)| {
        let inside = is_inside(comparison, rule.delta);
        let verdict = match too_few_blocks {
            Some(reason) => Verdict::NotJudged { reason },
            None => judge(comparison, adjusted_p, inside, rule),
        };
        Judgement {
            name: comparison.name.clone(),
            adjusted_p: comparison.p.map(|_| adjusted_p),
            verdict,
            equivalence_withheld: too_few_blocks.is_none() && inside && !rule.may_say_equivalent(),
        }
    });
    Ok(judgements.collect())
}

/// Whether the whole interval lies within a factor of 1 + delta of 1.
fn is_inside(comparison: &Comparison, delta: f64) -> bool {
    let of_ratio =
        comparison.interval.is_some_and(|interval| interval.low >= 1.0 / (1.0 + delta) && interval.high <= 1.0 + delta);
    of_ratio || comparison.is_the_same()
}

/// The verdict on one comparison of a family that has blocks enough.
fn judge(comparison: &Comparison, adjusted_p: f64, inside: bool, rule: &FamilyRule) -> Verdict {
    let of_ratio = comparison.ratio.zip(comparison.interval).map(|(ratio, _)| ratio.total_cmp(&1.0));
    let of_difference = comparison.difference.zip(comparison.difference_interval);
    let of_difference = of_difference.map(|(difference, _)| difference.total_cmp(&0.0));
    let Some(cell_has) = of_ratio.or(of_difference) else {
        let needed = blocks_needed(1, 1.0 - CONFIDENCE).unwrap_or(u32::MAX);
        return Verdict::NotJudged { reason: NotJudged::TooFewPairs { have: as_u32(comparison.pairs), needed } };
    };
    if inside {
        return if rule.may_say_equivalent() { Verdict::Equivalent } else { Verdict::Inconclusive };
    }
    // Many zeros can leave the estimate at no difference while the few other pairs all point one way: that is no
    // direction to report.
    if adjusted_p > rule.alpha || cell_has == Ordering::Equal {
        return Verdict::Inconclusive;
    }
    match comparison.direction {
        Direction::Neither => Verdict::NotJudged { reason: NotJudged::NoDirection },
        Direction::HigherIsBetter if cell_has == Ordering::Greater => Verdict::Better,
        Direction::LowerIsBetter if cell_has == Ordering::Less => Verdict::Better,
        Direction::HigherIsBetter | Direction::LowerIsBetter => Verdict::Worse,
    }
}

fn as_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::compare;
    use crate::pseudo_median::Interval;

    /// Eight blocks of a cell that is `ratio` times the reference, give or take `spread`.
    fn cell(ratio: f64, spread: f64, direction: Direction) -> Comparison {
        let reference = [Some(100.0); 8];
        let wiggle = [-1.0, 0.9, -0.8, 0.7, -0.6, 0.5, -0.4, 0.3];
        let values = wiggle.map(|wiggle| Some(100.0 * ratio * f64::exp(spread * wiggle)));
        compare("cell", &reference, &values, direction).expect("good values")
    }

    fn calm() -> FamilyRule {
        FamilyRule { aa_half_width: Some(0.01), ..FamilyRule::with_blocks(8) }
    }

    fn verdict_of(comparison: Comparison, rule: &FamilyRule) -> Verdict {
        judge_family(&[comparison], rule).expect("a good rule")[0].verdict
    }

    #[test]
    fn direction_decides_which_way_is_better() {
        use Direction::{HigherIsBetter, LowerIsBetter};
        assert_eq!(verdict_of(cell(1.5, 0.01, HigherIsBetter), &calm()), Verdict::Better);
        assert_eq!(verdict_of(cell(1.5, 0.01, LowerIsBetter), &calm()), Verdict::Worse);
        assert_eq!(verdict_of(cell(0.7, 0.01, HigherIsBetter), &calm()), Verdict::Worse);
        assert_eq!(verdict_of(cell(0.7, 0.01, LowerIsBetter), &calm()), Verdict::Better);
    }

    #[test]
    fn a_difference_is_judged_where_the_reference_has_none_of_it() {
        let shares = [0.01, 0.02, 0.015, 0.012, 0.018, 0.011, 0.013, 0.016].map(Some);
        let none = [Some(0.0); 8];
        let judged = |reference: &[_], cell: &[_]| {
            verdict_of(
                crate::compare_differences("cell", reference, cell, Direction::LowerIsBetter).expect("good values"),
                &calm(),
            )
        };
        assert_eq!(judged(&none, &shares), Verdict::Worse);
        assert_eq!(judged(&shares, &none), Verdict::Better);
        assert_eq!(judged(&none, &none), Verdict::Equivalent);
        let mut few = none;
        (few[1], few[5]) = (Some(0.3), Some(0.2));
        assert_eq!(judged(&none, &few), Verdict::Inconclusive);
        // Of twelve blocks one differs: the interval would be 0 and nothing else.
        let (none, mut one) = ([Some(0.0); 12], [Some(0.0); 12]);
        one[4] = Some(0.3);
        assert_eq!(judged(&none, &one), Verdict::Inconclusive);
        assert_eq!(judged(&none, &none), Verdict::Equivalent);
    }

    #[test]
    fn of_what_has_no_direction_equivalence_is_all_that_can_be_said() {
        let neither = |ratio, spread| verdict_of(cell(ratio, spread, Direction::Neither), &calm());
        let reason = NotJudged::NoDirection;
        assert_eq!([1.5, 0.7].map(|ratio| neither(ratio, 0.01)), [Verdict::NotJudged { reason }; 2]);
        assert_eq!([neither(1.02, 0.005), neither(1.0, 0.3)], [Verdict::Equivalent, Verdict::Inconclusive]);
    }

    #[test]
    fn equivalent_goes_before_significant() {
        let small_but_sure = cell(1.02, 0.005, Direction::HigherIsBetter);
        assert!(small_but_sure.p.is_some_and(|p| p < 0.05));
        assert_eq!(verdict_of(small_but_sure, &calm()), Verdict::Equivalent);
        assert_eq!(verdict_of(cell(1.0, 0.3, Direction::HigherIsBetter), &calm()), Verdict::Inconclusive);
    }

    #[test]
    fn noise_or_no_control_withholds_equivalent_and_nothing_else() {
        for aa_half_width in [None, Some(0.06)] {
            let rule = FamilyRule { aa_half_width, ..calm() };
            let family = [cell(1.0, 0.01, Direction::HigherIsBetter), cell(1.5, 0.01, Direction::HigherIsBetter)];
            let judged = judge_family(&family, &rule).expect("a good rule");
            assert_eq!([judged[0].verdict, judged[1].verdict], [Verdict::Inconclusive, Verdict::Better]);
            assert_eq!([judged[0].equivalence_withheld, judged[1].equivalence_withheld], [true, false]);
            assert_eq!(rule.is_noisy(), aa_half_width.is_some());
        }
    }

    #[test]
    fn the_interval_must_lie_inside_by_both_ends() {
        let mut comparison = cell(1.0, 0.01, Direction::HigherIsBetter);
        let mut with = |low, high| {
            comparison.interval = Some(Interval { low, high, confidence: 0.95 });
            verdict_of(comparison.clone(), &calm())
        };
        assert_eq!(with(1.0 / 1.05, 1.05), Verdict::Equivalent);
        assert_eq!(with(1.0 / 1.051, 1.05), Verdict::Inconclusive);
        assert_eq!(with(1.0 / 1.05, 1.051), Verdict::Inconclusive);
    }

    #[test]
    fn too_few_blocks_for_the_family_judge_nobody() {
        let family = vec![cell(1.5, 0.01, Direction::HigherIsBetter); 7];
        let judged = judge_family(&family, &calm()).expect("a good rule");
        let reason = NotJudged::TooFewBlocks { have: 8, needed: 9 };
        assert!(judged.iter().all(|judgement| judgement.verdict == Verdict::NotJudged { reason }));
        assert!(judged.iter().all(|judgement| judgement.adjusted_p.is_some()));
        assert_eq!(judged[0].verdict.to_string(), "not judged: needs 9 blocks with both figures, has 8");
        let claimed = FamilyRule { blocks: 20, ..calm() };
        assert_eq!(judge_family(&family, &claimed).expect("a good rule"), judged, "pairs count, not claims");
    }

    #[test]
    fn a_comparison_without_pairs_stays_in_the_family() {
        let good = cell(1.5, 0.01, Direction::HigherIsBetter);
        let reference = [Some(1.0); 8];
        let missing = compare("gone", &reference, &[None; 8], Direction::HigherIsBetter).expect("good values");
        let alone = judge_family(std::slice::from_ref(&good), &calm()).expect("a good rule");
        let judged = judge_family(&[good, missing], &calm()).expect("a good rule");
        assert_eq!(judged[0].adjusted_p, alone[0].adjusted_p.map(|p| 2.0 * p));
        assert_eq!(judged[1].adjusted_p, None);
        assert_eq!(judged[1].verdict.to_string(), "not judged: needs 6 pairs of trials, has 0");
    }

    #[test]
    fn rules_out_of_range_are_refused() {
        for rule in [FamilyRule { alpha: 0.0, ..calm() }, FamilyRule { delta: 0.0, ..calm() }] {
            assert!(matches!(judge_family(&[], &rule), Err(StatsError::BadSetting { .. })));
        }
        assert_eq!(judge_family(&[], &calm()), Ok(vec![]));
    }
}

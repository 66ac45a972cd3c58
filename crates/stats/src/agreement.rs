//! Whether two runs say the same of one comparison.
//!
//! Both runs compare a cell with its reference, and each has an exact interval of the effect. Intervals are all that is looked at: ratios on
//! the log scale, where no difference is 0, and differences as they are.
//!
//! - They **agree** if both intervals lie on the same side of no difference, or both within the margin of equivalence. How great the effect
//!   is may differ then: [`Agreement::Agrees`] says whether the intervals overlap.
//! - They **differ** if the intervals lie on opposite sides, or if they are ratios and the gap between them is wider than the margin: then
//!   one run shows what the other leaves out, and by more than was declared not to matter.
//! - Else it **can't be told**: an interval that holds no difference and is wider than the margin has nothing to say.
//!
//! The rule knows no p value. Two intervals of 95 % that don't touch are rarer by chance than one in twenty, so a gap errs toward
//! "can't tell"; but intervals hold the noise within a run alone, and machines differ by more: that is what is asked.

use crate::{Comparison, Interval, Scale};

/// What two runs say of one comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Both lie on the same side, or both within the margin.
    Agrees {
        /// Whether the intervals overlap: if not, the side is the same and the size is not.
        overlap: bool,
    },
    /// They exclude one another.
    Differs,
    /// Neither is shown.
    CannotTell,
}

/// The interval of an effect, with no difference at 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    low: f64,
    high: f64,
    scale: Scale,
}

impl Effect {
    /// That of a comparison; none where it has too few blocks for an interval.
    #[must_use]
    pub fn of(comparison: &Comparison) -> Option<Self> {
        let of_ratio =
            |interval: Interval| Self { low: interval.low.ln(), high: interval.high.ln(), scale: Scale::Ratio };
        let of_difference =
            |interval: Interval| Self { low: interval.low, high: interval.high, scale: Scale::Difference };
        comparison.interval.map(of_ratio).or_else(|| comparison.difference_interval.map(of_difference))
    }

    /// How wide it is, on its scale.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.high - self.low
    }

    /// Its scale.
    #[must_use]
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// On which side of no difference it lies, as a sign; none if it holds it.
    fn side(&self) -> Option<bool> {
        match (self.low > 0.0, self.high < 0.0) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }

    /// Whether it holds that there is no difference.
    #[must_use]
    pub fn holds_none(&self) -> bool {
        self.side().is_none()
    }

    /// Whether it lies within the margin. A difference has no margin but none at all.
    #[must_use]
    pub fn is_within(&self, margin: f64) -> bool {
        let most = if self.scale == Scale::Ratio { margin.ln_1p() } else { 0.0 };
        -most <= self.low && self.high <= most
    }

    /// How far apart two of one scale lie; below 0 if they overlap.
    fn gap(&self, other: &Self) -> f64 {
        (self.low - other.high).max(other.low - self.high)
    }
}

/// What `one` and `other` say together; ratios within 1 / (1 + margin) to 1 + margin don't matter.
#[must_use]
pub fn agreement(one: &Effect, other: &Effect, margin: f64) -> Agreement {
    let comparable = one.scale == other.scale;
    let overlap = !comparable || one.gap(other) <= 0.0;
    if one.is_within(margin) && other.is_within(margin) {
        return Agreement::Agrees { overlap };
    }
    match (one.side(), other.side()) {
        (Some(one), Some(other)) if one == other => Agreement::Agrees { overlap },
        (Some(_), Some(_)) => Agreement::Differs,
        _ if comparable && one.scale == Scale::Ratio && one.gap(other) > margin.ln_1p() => Agreement::Differs,
        _ => Agreement::CannotTell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MARGIN: f64 = 0.05;

    fn ratio(low: f64, high: f64) -> Effect {
        Effect { low: low.ln(), high: high.ln(), scale: Scale::Ratio }
    }

    fn difference(low: f64, high: f64) -> Effect {
        Effect { low, high, scale: Scale::Difference }
    }

    #[test]
    fn each_rule_by_an_example_and_its_neighbour() {
        let agrees = |overlap| Agreement::Agrees { overlap };
        for (one, other, expected) in [
            // The same side, whatever the size.
            (ratio(1.2, 1.4), ratio(1.3, 1.6), agrees(true)),
            (ratio(1.2, 1.4), ratio(3.0, 3.1), agrees(false)),
            (ratio(0.5, 0.6), ratio(0.9, 0.99), agrees(false)),
            // Both within the margin, even if on two sides of 1.
            (ratio(0.97, 1.04), ratio(0.99, 1.01), agrees(true)),
            (ratio(0.96, 0.99), ratio(1.01, 1.04), agrees(false)),
            // Opposite sides, one of them beyond the margin.
            (ratio(0.8, 0.99), ratio(1.01, 1.04), Agreement::Differs),
            (ratio(0.5, 0.6), ratio(1.5, 1.6), Agreement::Differs),
            // One side against an interval that holds 1: only a gap beyond the margin differs.
            (ratio(1.2, 1.4), ratio(0.99, 1.01), Agreement::Differs),
            (ratio(1.04, 1.4), ratio(0.97, 1.01), Agreement::CannotTell),
            (ratio(1.2, 1.4), ratio(0.8, 1.5), Agreement::CannotTell),
            // Two that hold 1, and one of them is wide.
            (ratio(0.8, 1.2), ratio(0.99, 1.01), Agreement::CannotTell),
            // Differences have sides and no margin.
            (difference(0.1, 0.2), difference(0.3, 0.4), agrees(false)),
            (difference(0.1, 0.2), difference(-0.4, -0.3), Agreement::Differs),
            (difference(0.1, 0.2), difference(-0.01, 0.01), Agreement::CannotTell),
            (difference(0.0, 0.0), difference(0.0, 0.0), agrees(true)),
            (difference(0.0, 0.0), difference(0.1, 0.2), Agreement::CannotTell),
            // A ratio in the one run and a difference in the other have sides, and no gap.
            (ratio(1.2, 1.4), difference(0.1, 0.2), agrees(true)),
            (ratio(1.2, 1.4), difference(-0.2, -0.1), Agreement::Differs),
        ] {
            assert_eq!(agreement(&one, &other, MARGIN), expected, "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_comparison_without_an_interval_has_no_effect() {
        let values = |factor: f64| (1..=5).map(|block| Some(f64::from(block) * factor)).collect::<Vec<_>>();
        let found = crate::compare("x", &values(1.0), &values(2.0), crate::Direction::Neither).unwrap();
        assert_eq!(Effect::of(&found), None, "five blocks have no interval of 95 %");
        let values = |factor: f64| (1..=6).map(|block| Some(f64::from(block) * factor)).collect::<Vec<_>>();
        let found = crate::compare("x", &values(1.0), &values(2.0), crate::Direction::Neither).unwrap();
        let effect = Effect::of(&found).unwrap();
        assert!((effect.low - 2f64.ln()).abs() < 1e-12 && effect.scale == Scale::Ratio, "{effect:?}");
    }

    prop_compose! {
        fn any_effect()(low in -1.0..1.0f64, width in 0.0..1.0f64, of_ratio: bool) -> Effect {
            Effect { low, high: low + width, scale: if of_ratio { Scale::Ratio } else { Scale::Difference } }
        }
    }

    proptest! {
        #[test]
        fn it_is_the_same_both_ways_and_mirrored(one in any_effect(), other in any_effect()) {
            let mirrored = |effect: &Effect| Effect { low: -effect.high, high: -effect.low, ..*effect };
            let found = agreement(&one, &other, MARGIN);
            prop_assert_eq!(found, agreement(&other, &one, MARGIN));
            prop_assert_eq!(found, agreement(&mirrored(&one), &mirrored(&other), MARGIN));
        }

        #[test]
        fn nothing_differs_from_itself_nor_from_what_holds_it(one in any_effect(), more in 0.0..1.0f64) {
            let wider = Effect { low: one.low - more, high: one.high + more, ..one };
            prop_assert_ne!(agreement(&one, &one, MARGIN), Agreement::Differs);
            prop_assert_ne!(agreement(&one, &wider, MARGIN), Agreement::Differs);
        }
    }
}

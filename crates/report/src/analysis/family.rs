//! Each cell against its reference cell, family by family.

mod build;

use super::recovery::Known;
use super::safety::{NOT_WATCHED, Staleness};
use crate::units;
pub(super) use build::{Rules, families};
use cachemark_results::Figure;
use cachemark_stats::{Comparison, Judgement, Verdict};

/// The comparisons that one set of verdicts is given for.
#[derive(Debug, Clone)]
pub struct Family {
    /// Its name, as the manifest gives it.
    pub name: String,
    /// The figure that its verdicts are on; none if this build knows none of the manifest's.
    pub figure: Option<&'static Figure>,
    /// The reference cell: an index into the cells.
    pub reference: usize,
    /// The reference, the A/A control, then the cells compared, in the manifest's order.
    pub rows: Vec<FamilyRow>,
    /// Half the width of the A/A control's interval, as a ratio less 1: the noise floor. None without a control or blocks
    /// enough for an interval.
    pub noise: Option<f64>,
    /// Whether the noise floor passes the margin of equivalence.
    pub noisy: bool,
    /// How many cells are compared.
    pub size: usize,
    /// Blocks in which the reference cell and a cell compared with it were run.
    pub blocks: u32,
    /// Blocks that verdicts on so many comparisons need.
    pub blocks_needed: u32,
}

/// What a row of a family is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The reference cell itself.
    Reference,
    /// Its second run: the noise floor.
    Control,
    /// A cell compared with the reference.
    Compared,
}

/// One cell of a family.
#[derive(Debug, Clone)]
pub struct FamilyRow {
    /// The cell: an index into the cells.
    pub cell: usize,
    /// The cell that it is compared with: an index into the cells. Of pairs, others than the family's reference too.
    pub against: usize,
    /// The name of the row.
    pub label: String,
    /// What it is.
    pub role: Role,
    /// The ratio on the family's figure; none for the reference, for a cell that can't be run, or without a known figure.
    pub primary: Option<Compared>,
    /// The verdict; none for reference and control, and for a cell that can't be run.
    pub judgement: Option<Judgement>,
    /// Ratios on the other figures: exploratory, without verdict.
    pub exploratory: Vec<Compared>,
    /// Why the cell could not be run, if so.
    pub unsupported: Option<String>,
    /// Why no verdict is given though figures would have one, if so.
    pub withheld: Option<String>,
    /// How stale the cell's reads were; none where none was judged.
    pub stale: Option<Staleness>,
    /// The same of the cell that it is compared with.
    pub stale_against: Option<Staleness>,
    /// Whether the cell has a valid trial.
    pub measured: bool,
}

/// A comparison on one figure.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The figure.
    pub figure: &'static Figure,
    /// Its ratio to the reference.
    pub comparison: Comparison,
    /// Why there is no ratio, if the figures themselves are the reason.
    pub no_ratio: Option<NoRatio>,
    /// How far a difference is known, of times to recover that were not seen to their end.
    pub known: Known,
}

/// Why figures that were measured give no ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRatio {
    /// No trial of the cell that is compared has the figure.
    NoFigure,
    /// No trial of the cell that it is compared with has it.
    NoFigureToCompareWith,
}

impl NoRatio {
    fn in_words(self, figure: &Figure) -> String {
        match self {
            Self::NoFigure => format!("it has no {}", figure.title),
            Self::NoFigureToCompareWith => format!("what it is compared with has no {}", figure.title),
        }
    }
}

impl FamilyRow {
    /// Whether two other cells than the family's reference are compared.
    #[must_use]
    pub fn is_pair(&self, family: &Family) -> bool {
        self.against != family.reference
    }

    /// Whether it stands for one arm of its family, the reference or one compared with it: neither its control nor a pair.
    #[must_use]
    pub fn is_an_arm(&self, family: &Family) -> bool {
        self.role != Role::Control && !self.is_pair(family)
    }

    /// Whether there is a verdict.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        self.judgement.as_ref().is_some_and(|found| !matches!(found.verdict, Verdict::NotJudged { .. }))
    }

    /// The verdict in words for people, with the share of stale reads beside it, its own and that of what it is compared with, if
    /// there were any: what is fast and stale is not what the others are. That nobody watched is told, for it is not that none
    /// was stale.
    #[must_use]
    pub fn verdict_and_staleness(&self) -> String {
        let staleness = self.staleness();
        if staleness.is_empty() { self.verdict() } else { format!("{}; {staleness}", self.verdict()) }
    }

    /// What stands beside the verdict; nothing where no read of either was stale, and where nothing was measured.
    #[must_use]
    pub fn staleness(&self) -> String {
        let against = self.stale_against.filter(|stale| self.role != Role::Reference && stale.is_some());
        let against = against.map(|stale| format!(" against {}", stale.in_words())).unwrap_or_default();
        match self.stale {
            None if self.measured => format!("staleness {NOT_WATCHED}"),
            Some(stale) if stale.is_some() => format!("{} stale{against}", stale.in_words()),
            Some(_) if !against.is_empty() => format!("none stale{against}"),
            _ => String::new(),
        }
    }

    /// The verdict in words.
    #[must_use]
    pub fn verdict(&self) -> String {
        if let Some(why) = &self.withheld {
            return format!("not judged: {why}");
        }
        match (self.role, &self.judgement, &self.primary) {
            (Role::Reference, ..) => "reference".to_owned(),
            (Role::Control, ..) if self.misses_1() => "A/A control: misses 1".to_owned(),
            (Role::Control, ..) => "A/A control".to_owned(),
            (Role::Compared, ..) if self.unsupported.is_some() => "unsupported".to_owned(),
            (Role::Compared, _, Some(Compared { no_ratio: Some(why), figure, .. })) => {
                format!("not judged: {}", why.in_words(figure))
            }
            (Role::Compared, Some(judgement), _) if judgement.equivalence_withheld => {
                "inconclusive: too noisy to call equivalent".to_owned()
            }
            (Role::Compared, Some(judgement), _) => judgement.verdict.to_string(),
            (Role::Compared, None, _) => "not judged".to_owned(),
        }
    }

    /// Whether the interval on the family's figure leaves out that there is no difference.
    #[must_use]
    pub fn misses_1(&self) -> bool {
        self.primary.as_ref().is_some_and(|primary| primary.comparison.misses_no_difference())
    }

    /// The ratio on the family's figure, or the difference where there is no ratio.
    #[must_use]
    pub fn ratio(&self) -> String {
        self.primary.as_ref().map_or_else(|| units::NOT_AVAILABLE.to_owned(), Compared::effect)
    }

    /// The interval of that.
    #[must_use]
    pub fn interval(&self) -> String {
        self.primary.as_ref().map_or_else(|| units::NOT_AVAILABLE.to_owned(), Compared::interval)
    }

    /// Whether the verdict is that it is worse.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        self.is(Verdict::Worse)
    }

    /// Whether the verdict is `verdict`.
    #[must_use]
    pub fn is(&self, verdict: Verdict) -> bool {
        self.judgement.as_ref().is_some_and(|judgement| judgement.verdict == verdict)
    }
}

impl Compared {
    /// The ratio in words; of a figure that is 0 in a trial the difference, with its sign and the figure's unit.
    #[must_use]
    pub fn effect(&self) -> String {
        let Comparison { ratio, difference, .. } = &self.comparison;
        match (ratio, difference) {
            (Some(ratio), _) => units::ratio(*ratio),
            (None, Some(difference)) => self.known.median.mark(self.difference(*difference)),
            (None, None) => units::NOT_AVAILABLE.to_owned(),
        }
    }

    /// The same as what was found of a cell: `3.6 times`, `+1.20 %`.
    #[must_use]
    pub fn effect_in_words(&self) -> String {
        if self.comparison.ratio.is_some() { format!("{} times", self.effect()) } else { self.effect() }
    }

    /// Whether there is anything to tell: a ratio, or a difference that is not none in every block.
    #[must_use]
    pub fn is_told(&self) -> bool {
        let differs = self.comparison.difference.is_some_and(|difference| difference != 0.0);
        self.comparison.ratio.is_some() || differs || self.comparison.misses_no_difference()
    }

    /// The interval in words.
    #[must_use]
    pub fn interval(&self) -> String {
        let Comparison { interval, difference_interval, .. } = self.comparison;
        match (interval, difference_interval) {
            (Some(interval), _) => format!("{} to {}", units::ratio(interval.low), units::ratio(interval.high)),
            (None, Some(interval)) => {
                let low = self.known.low.mark(self.difference(interval.low));
                let high = self.known.high.mark(self.difference(interval.high));
                if low == high && low == units::NOT_AVAILABLE { low } else { format!("{low} to {high}") }
            }
            (None, None) => units::NOT_AVAILABLE.to_owned(),
        }
    }

    /// A difference with its sign and the figure's unit.
    pub(crate) fn difference(&self, value: f64) -> String {
        units::difference(self.figure, value)
    }
}

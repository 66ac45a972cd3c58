//! The words for what a comparison came to. [`judge_family`](crate::judge_family) finds which.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a comparison came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Better than the reference cell.
    Better,
    /// Worse than the reference cell.
    Worse,
    /// Within delta of the reference cell.
    Equivalent,
    /// None of these could be shown.
    Inconclusive,
    /// There was too little to judge by.
    NotJudged {
        /// What was missing.
        reason: NotJudged,
    },
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Better => f.write_str("better"),
            Self::Worse => f.write_str("worse"),
            Self::Equivalent => f.write_str("equivalent"),
            Self::Inconclusive => f.write_str("inconclusive"),
            Self::NotJudged { reason } => write!(f, "not judged: {reason}"),
        }
    }
}

/// Why a comparison was not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NotJudged {
    /// The family needs more blocks than the sweep has.
    TooFewBlocks {
        /// Blocks there are: those completed, or fewer where no comparison has a pair in each.
        have: u32,
        /// Blocks that a family of this size needs.
        needed: u32,
    },
    /// This comparison has too few pairs for an interval.
    TooFewPairs {
        /// Pairs there are.
        have: u32,
        /// Pairs that an interval needs.
        needed: u32,
    },
    /// The figures are of a part of what was asked, and the rest would speak against this verdict.
    LeavesOut,
    /// What was compared did something that no figure makes up for.
    Withheld,
    /// They differ, and neither more nor less of the figure is better.
    NoDirection,
}

impl fmt::Display for NotJudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewBlocks { have, needed } => write!(f, "needs {needed} blocks with both figures, has {have}"),
            Self::TooFewPairs { have, needed } => write!(f, "needs {needed} pairs of trials, has {have}"),
            Self::LeavesOut => f.write_str("its figures leave out too much of what was asked"),
            Self::Withheld => f.write_str("it did what no figure makes up for"),
            Self::NoDirection => f.write_str("neither more nor less of it is better"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_after_parse_is_the_same() {
        let reason = NotJudged::TooFewBlocks { have: 4, needed: 6 };
        let verdicts = [Verdict::Better, Verdict::NotJudged { reason }];
        let json = serde_json::to_string(&verdicts).expect("verdicts are always JSON");
        assert_eq!(json, r#"["better",{"not-judged":{"reason":{"too-few-blocks":{"have":4,"needed":6}}}}]"#);
        assert_eq!(serde_json::from_str::<[Verdict; 2]>(&json).ok(), Some(verdicts));
    }
}

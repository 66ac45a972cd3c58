//! Whether a cache is worth it, by the interval of what it saves.
//!
//! An operation takes less time with the cache than without it exactly where the hit ratio lies above the break-even, so what is
//! judged is the time itself: it is there too where no read missed, or none hit, and no break-even can be told.

use super::estimate::Estimate;
use crate::analysis::CellFigures;

/// Whether a cache is worth it, by the time that operations take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// An operation surely takes less time with it.
    WorthIt,
    /// An operation surely takes more.
    NotWorthIt,
    /// Neither is sure, and why.
    CannotTell(String),
}

impl Answer {
    /// The answer in words.
    #[must_use]
    pub fn in_words(&self) -> &'static str {
        match self {
            Self::WorthIt => "worth it",
            Self::NotWorthIt => "not worth it",
            Self::CannotTell(_) => "can't tell",
        }
    }

    /// Why it can't be told, if so.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::CannotTell(why) => Some(why),
            _ => None,
        }
    }

    /// By what an operation takes less (above 0) with the cache than without.
    pub(super) fn by(saved: &Estimate, blocks_needed: u32) -> Self {
        match saved.interval {
            None => {
                let has = saved.blocks;
                Self::CannotTell(format!(
                    "an interval takes {blocks_needed} blocks with both figures, and there are {has}"
                ))
            }
            Some(interval) if interval.low > 0.0 => Self::WorthIt,
            Some(interval) if interval.high < 0.0 => Self::NotWorthIt,
            Some(_) => Self::CannotTell("the interval holds 0".to_owned()),
        }
    }

    /// The same, unless a cell that it speaks for has made its times the better by what it left out, or did what no time makes
    /// up for. It can still lose.
    pub(super) fn unless_forfeit(self, with: &CellFigures<'_>, without: &CellFigures<'_>) -> Self {
        let speaks_for = match self {
            Self::WorthIt => with,
            Self::NotWorthIt => without,
            Self::CannotTell(_) => return self,
        };
        let it = if self == Self::WorthIt { "it" } else { "what has no cache" };
        if let Some(did) = speaks_for.forfeit() {
            return Self::CannotTell(format!("{it} {did}"));
        }
        if speaks_for.trials.iter().any(|trial| trial.leaves_out_many()) {
            return Self::CannotTell(format!("{it} left too much of what was asked without an answer"));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(values: &[f64]) -> Answer {
        let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        Answer::by(&Estimate::of(&values).unwrap(), 6)
    }

    #[test]
    fn the_interval_decides_and_never_the_point() {
        assert_eq!(by(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), Answer::WorthIt);
        assert_eq!(by(&[-1.0, -2.0, -3.0, -4.0, -5.0, -6.0]), Answer::NotWorthIt);
        // One of six blocks the other way, by however little: of six the interval is from the least to the greatest.
        assert_eq!(by(&[-0.1, 2.0, 3.0, 4.0, 5.0, 6.0]), Answer::CannotTell("the interval holds 0".into()));
        assert_eq!(by(&[0.0; 8]).in_words(), "can't tell");
        let few = by(&[5.0; 5]);
        assert_eq!(few.why(), Some("an interval takes 6 blocks with both figures, and there are 5"));
    }
}

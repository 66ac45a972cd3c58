//! How well an answer is shown: one word, and what it stands on.

use super::effect::{TIMES, share, times};
use super::point::{OfFigure, Point, Standing};
use crate::units;
use cachemark_stats::Verdict;

/// One word for how well an answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// By verdicts, and everywhere by more than the noise and the margin that matters.
    Strong,
    /// By verdicts, but somewhere by no more than the noise or the margin, or of a run that is not to be trusted.
    Weak,
    /// No verdict says it either way.
    Undecided,
    /// There is nothing to go by.
    None,
}

impl Grade {
    /// The word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Weak => "weak",
            Self::Undecided => "undecided",
            Self::None => "none",
        }
    }
}

/// The verdict whose effect passes what it must pass by least.
pub(super) struct Weakest {
    /// The end of its interval that lies nearer to no difference, as a ratio above 1; none of a difference.
    least: Option<f64>,
    /// Whether less of the figure is better.
    is_lower: bool,
    /// Half the width of the A/A control's interval there, as a ratio less 1.
    noise: Option<f64>,
    margin: f64,
}

/// Of the verdicts `wanted` on the arms that `asked` names; none where there is none.
pub(super) fn weakest<'f>(
    figures: impl Iterator<Item = &'f OfFigure<'f>>,
    margin: f64,
    wanted: Verdict,
    asked: impl Fn(&Standing<'_>) -> bool,
) -> Option<Weakest> {
    let mut found: Vec<Weakest> = Vec::new();
    for point in figures.flat_map(|of_figure| &of_figure.points) {
        let standings = point.standings.iter().filter(|standing| asked(standing) && standing.is(wanted));
        found.extend(standings.map(|standing| of_standing(point, standing, margin)));
    }
    found.into_iter().min_by(|a, b| a.room().total_cmp(&b.room()))
}

fn of_standing(point: &Point<'_>, standing: &Standing<'_>, margin: f64) -> Weakest {
    let compared = standing.compared();
    let interval = compared.and_then(|compared| compared.comparison.ratio.and(compared.comparison.interval));
    let least = interval.map(|interval| interval.low.max(1.0 / interval.high));
    let is_lower = interval.is_some_and(|interval| interval.high < 1.0);
    Weakest { least, is_lower, noise: point.family.noise, margin }
}

impl Weakest {
    /// Whether the effect is sure to be more than what two runs of the same arm differ by, and than what matters.
    pub(super) fn passes(&self) -> bool {
        self.room() > 1.0
    }

    /// By how much, as a ratio of ratios; nothing is known to pass a noise that is not known.
    fn room(&self) -> f64 {
        let bar = self.noise.map(|noise| 1.0 + noise.max(self.margin));
        self.least.zip(bar).map_or(0.0, |(least, bar)| least / bar)
    }

    /// `by 64 % at least, which is more than the noise of ± 14 %`.
    pub(super) fn in_words(&self) -> Option<String> {
        let least = self.least?;
        let size = match self.is_lower {
            true => share(1.0 - 1.0 / least),
            false if least >= TIMES => format!("a factor of {}", times(least)),
            false => share(least - 1.0),
        };
        let margin = units::percent(self.margin);
        let beside = match self.noise {
            None => "and the noise is not known: there is no A/A control with blocks enough".to_owned(),
            Some(noise) if least <= 1.0 + noise => format!("which is within the noise of ± {}", units::percent(noise)),
            Some(_) if least <= 1.0 + self.margin => format!("which may be less than the {margin} that matter"),
            Some(noise) => format!("which is more than the noise of ± {}", units::percent(noise)),
        };
        Some(format!("by {size} at least, {beside}"))
    }
}

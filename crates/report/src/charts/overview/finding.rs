//! What a comparison came to, by shape and by colour.

use crate::analysis::{FamilyRow, Role};
use crate::scene::{Colour, DARK, GREY, PAPER, Sign};
use cachemark_stats::Verdict;

/// What a cell of the grid says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    Better,
    Worse,
    Equivalent,
    Inconclusive,
    /// Too few blocks, or a verdict that is withheld.
    NotJudged,
    Control,
    /// It could not be run, or is not in the family.
    None,
}

/// Dark blue and dark orange are told apart by nearly everybody, and from grey by their darkness too.
const BETTER: Colour = Colour::new([0, 84, 147], [106, 178, 255]);
const WORSE: Colour = Colour::new([178, 76, 0], [240, 146, 82]);

impl Finding {
    /// In the order of the legend.
    pub(super) const ALL: [Self; 7] =
        [Self::Better, Self::Worse, Self::Equivalent, Self::Inconclusive, Self::NotJudged, Self::Control, Self::None];

    pub(super) fn of(row: &FamilyRow) -> Self {
        match (row.role, &row.judgement) {
            (Role::Control, _) => Self::Control,
            _ if row.unsupported.is_some() => Self::None,
            _ if row.withheld.is_some() => Self::NotJudged,
            (_, Some(judgement)) => match judgement.verdict {
                Verdict::Better => Self::Better,
                Verdict::Worse => Self::Worse,
                Verdict::Equivalent => Self::Equivalent,
                Verdict::Inconclusive => Self::Inconclusive,
                Verdict::NotJudged { .. } => Self::NotJudged,
            },
            (_, None) => Self::NotJudged,
        }
    }

    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Equivalent => "equivalent",
            Self::Inconclusive => "inconclusive",
            Self::NotJudged => "not judged",
            Self::Control => "A/A control",
            Self::None => "not run",
        }
    }

    /// Whether there is a verdict that says something.
    pub(super) fn is_decided(self) -> bool {
        matches!(self, Self::Better | Self::Worse | Self::Equivalent)
    }

    /// Behind the cell.
    pub(super) fn colour(self) -> Colour {
        match self {
            Self::Better => Colour::new([213, 230, 245], [17, 50, 84]),
            Self::Worse => Colour::new([250, 224, 204], [78, 42, 14]),
            Self::Equivalent => Colour::new([232, 235, 238], [42, 48, 56]),
            _ => PAPER,
        }
    }

    pub(super) fn sign(self) -> (Sign, Colour) {
        match self {
            Self::Better => (Sign::Up, BETTER),
            Self::Worse => (Sign::Down, WORSE),
            Self::Equivalent => (Sign::Equal, DARK),
            Self::Inconclusive => (Sign::Ring, GREY),
            Self::NotJudged => (Sign::Dash, GREY),
            Self::Control => (Sign::Diamond, GREY),
            Self::None => (Sign::Cross, GREY),
        }
    }
}

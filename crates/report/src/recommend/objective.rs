//! Objectives: what an arm has to keep to, as the figures of assertions without their cells.

use super::Estimate;
use crate::assertions::figure_in_words;
use crate::units;
use cachemark_results::assertion::{Assertion, AssertionError, Relation, Selector, Unit};
use cachemark_results::figure::Measure;

/// The most objectives at once: each is a column of the answer.
const MOST: usize = 12;

/// Why a text is no list of objectives.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectiveError {
    /// Nothing stands between two commas, or nothing at all.
    #[error(
        "`{0}` has an objective missing: write a figure, a sign (<, <=, >, >=) and a bound, and a comma between two"
    )]
    Missing(String),
    /// One of them is none.
    #[error(transparent)]
    Malformed(#[from] AssertionError),
    /// One is of some cells alone.
    #[error("`{0}` names cells: an objective is of every arm; --at chooses where on the axes")]
    OfCells(String),
    /// There are too many.
    #[error("there are {0} objectives, and may be {most}", most = MOST)]
    TooMany(usize),
}

/// The objectives of a text, separated by commas: `response.p99 < 5ms, fresh_within.1s >= 99.9%`.
///
/// # Errors
/// [`ObjectiveError`], which says what can be given.
pub fn objectives(text: &str) -> Result<Vec<Assertion>, ObjectiveError> {
    // Commas in brackets would part what belongs together.
    if text.contains('[') {
        return Err(ObjectiveError::OfCells(text.trim().to_owned()));
    }
    let one = |part: &str| {
        if part.trim().is_empty() {
            return Err(ObjectiveError::Missing(text.trim().to_owned()));
        }
        let objective: Assertion = part.parse()?;
        match objective.selector == Selector::default() {
            true => Ok(objective),
            false => Err(ObjectiveError::OfCells(part.trim().to_owned())),
        }
    };
    let objectives: Vec<Assertion> = text.split(',').map(one).collect::<Result<_, _>>()?;
    if objectives.len() > MOST { Err(ObjectiveError::TooMany(objectives.len())) } else { Ok(objectives) }
}

/// The objective as it was meant, without the cells that it has none of: `response.p99 < 5ms`.
pub(crate) fn in_words(objective: &Assertion) -> String {
    format!("{} {} {}", objective.figure.name, objective.relation.sign(), objective.bound)
}

/// A value of its figure: in per cent where the bound is, with all its nines.
pub(crate) fn value_in_words(objective: &Assertion, value: f64) -> String {
    match objective.figure.unit {
        Measure::Share if objective.bound.unit == Some(Unit::Percent) => units::nines(value),
        _ => figure_in_words(objective.figure, value),
    }
}

/// A value of an estimate: of a time to recover that was not seen to its end, that it is longer.
pub(crate) fn of_estimate_in_words(objective: &Assertion, estimate: &Estimate, value: f64) -> String {
    let longer = if estimate.is_bound(value) { "> " } else { "" };
    format!("{longer}{}", value_in_words(objective, value))
}

/// Whether less of the figure is what is asked for.
pub(super) fn wants_less(objective: &Assertion) -> bool {
    matches!(objective.relation, Relation::Below | Relation::AtMost)
}

/// How far a value is beyond the bound, as a share of the bound; 0 where it is not beyond. Of a share that has to be at least
/// so much, it is what lacks to 1 beside what may lack: 99 % is ten times as far from 1 as 99.9 %, and no 1 % beyond. Nothing
/// is any share of a bound of nothing: infinite.
pub(super) fn excess(objective: &Assertion, value: f64) -> f64 {
    let bound = objective.bound.value();
    if objective.relation.holds(value, bound) {
        return 0.0;
    }
    let (beyond, allowed) = match (wants_less(objective), objective.figure.unit) {
        (true, _) => (value - bound, bound),
        (false, Measure::Share) => (bound - value, 1.0 - bound),
        (false, _) => (bound - value, bound),
    };
    if allowed > 0.0 { beyond / allowed } else { f64::INFINITY }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Assertion {
        objectives(text).unwrap().remove(0)
    }

    #[test]
    fn a_list_is_read_and_said_again() {
        let list = objectives("response.p99 < 5ms, fresh_within.1s >= 99.9% ,store-load<0.2").unwrap();
        let said: Vec<String> = list.iter().map(in_words).collect();
        assert_eq!(said, ["response.p99 < 5ms", "fresh_within.1s >= 99.9%", "store_load < 0.2"]);
    }

    #[test]
    fn what_is_refused_is_explained() {
        for (text, part) in [
            ("", "an objective missing"),
            ("response.p99 < 5ms,", "a comma between two"),
            ("p99 < 5ms", "did you mean one of read.p99"),
            ("response.p99 < 5", "a time with its unit"),
            ("hit_ratio >= 80", "a number from 0 to 1"),
            ("hit_ratio", "<, <=, >, >="),
            ("cache-aside.response.p99 < 5ms", "an objective is of every arm; --at"),
            ("*[read_ratio=0.9,rate=5].hit_ratio > 0.5", "names cells"),
        ] {
            let error = objectives(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
        let many = ["errors <= 0"; 13].join(",");
        assert_eq!(objectives(&many), Err(ObjectiveError::TooMany(13)));
    }

    #[test]
    fn the_excess_is_a_share_of_what_is_allowed() {
        let near = |text: &str, value: f64, expected: f64| {
            let found = excess(&one(text), value);
            assert!((found - expected).abs() < 1e-9 || found == expected, "{text} of {value}: {found}");
        };
        near("response.p99 < 5ms", 6e6, 0.2);
        near("response.p99 < 5ms", 4e6, 0.0);
        near("throughput >= 10000", 8000.0, 0.2);
        // Ten times as many may not be fresh as are allowed to.
        near("fresh_within.1s >= 99.9%", 0.99, 9.0);
        near("errors <= 0", 3.0, f64::INFINITY);
        near("hit_ratio >= 100%", 0.99, f64::INFINITY);
    }

    #[test]
    fn a_share_keeps_its_nines() {
        assert_eq!(value_in_words(&one("fresh_within.1s >= 99.9%"), 0.99985), "99.985 %");
        assert_eq!(value_in_words(&one("hit_ratio >= 0.9"), 0.95), "0.9500");
        assert_eq!(value_in_words(&one("response.p99 < 5ms"), 6.2e6), "6.20 ms");
    }
}

//! Which arms keep to what is asked of them, what they cost, and what to measure next where that can't be told.
//!
//! Each objective is a figure and its bound. The exact 95 % interval of the figure's median over blocks
//! ([`cachemark_stats::median_interval`]) decides: it is met where the whole interval is on the right side of the bound, fails
//! where the whole of it is on the wrong one, and can't be told otherwise. An arm meets what is asked if it meets every
//! objective, and fails if it fails one. Nothing makes up for acknowledged writes that an arm lost without declaring that it may,
//! or for values that it served and nobody wrote: it fails. What was not measured is never met.
//!
//! The intervals are each arm's and each objective's own, not adjusted for how many there are. An arm that meets every
//! objective is not flattered by their number, for each has to be met; of many arms at a bound one may meet it by chance.
//! They take blocks as draws of their own. A machine that drifts through the run makes them less than that, and of another day
//! they say nothing: there is no reference beside a bound, as there is in a comparison, that would drift along.

mod blocks;
mod candidate;
mod estimate;
mod json;
mod judge;
mod late;
mod met;
mod next;
mod objective;
mod place;
mod point;
mod price;

pub(crate) use blocks::MOST as MOST_BLOCKS;
pub use candidate::Candidate;
pub use estimate::Estimate;
pub use json::recommendation_json;
pub use judge::Judged;
pub(crate) use judge::{interval_in_words, median_in_words, too_few};
pub use met::Met;
pub use next::Next;
pub use objective::{ObjectiveError, objectives};
pub(crate) use objective::{in_words as objective_in_words, of_estimate_in_words};
pub use place::Place;
pub use point::Point;
pub use price::{Price, PriceError};

use crate::analysis::{Analysis, CellFigures, Trust, analyse};
use cachemark_results::assertion::{Assertion, Selector};
use cachemark_results::{Cell, Run};

/// What is asked of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ask {
    /// What an arm has to keep to: see [`objectives`].
    pub objectives: Vec<Assertion>,
    /// What operations of the cache and of the store cost.
    pub price: Option<Price>,
    /// Which cells alone are looked at.
    pub at: Selector,
}

/// Why a run can't be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unanswerable {
    /// It searched for loads.
    #[error("it is a capacity search, whose trials are of many loads; it has its own answer: cachemark report")]
    Search,
    /// There is nothing where it was asked.
    #[error("no cell of the run stands there; there are: {}", places.join("; "))]
    Nowhere {
        /// Where cells stand.
        places: Vec<String>,
    },
}

/// So many points are named to who asked for none of them.
const NAMED: usize = 12;

/// What a run says to what was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation {
    /// Each point of the axes by itself, ascending.
    pub points: Vec<Point>,
    /// What speaks against the run as a whole, a line each: with any, nothing that it says is to be trusted.
    pub untrusted: Vec<String>,
    /// Whether every arm was watched for values that nobody wrote, and its store looked at for lost writes.
    pub watched: bool,
}

impl Recommendation {
    /// Whether some arm meets it at every point: it fails where at one point none does.
    #[must_use]
    pub fn met(&self) -> Met {
        Met::all(self.points.iter().map(|point| point.met))
    }
}

/// Holds the arms of a run against what is asked.
///
/// # Errors
/// [`Unanswerable`].
pub fn recommend(run: &Run, ask: &Ask) -> Result<Recommendation, Unanswerable> {
    if run.manifest.is_search() {
        return Err(Unanswerable::Search);
    }
    let analysis = analyse(run);
    let chosen = by_place(&analysis, |cell| ask.at.selects(cell));
    if chosen.is_empty() {
        let places = by_place(&analysis, |cell| !cell.control);
        let mut places: Vec<String> = places.into_iter().map(|(place, _)| place.label()).collect();
        if places.len() > NAMED {
            places.truncate(NAMED);
            places.push("..".to_owned());
        }
        return Err(Unanswerable::Nowhere { places });
    }
    let watched = chosen.iter().flat_map(|(_, cells)| cells).all(|figures| is_watched(figures));
    let points = chosen.into_iter().map(|(place, cells)| Point::of(&analysis, place, &cells, ask)).collect();
    let grave = Trust::of(run, &analysis).reasons;
    let untrusted = grave.iter().filter(|concern| concern.trials.is_none()).map(|concern| concern.line()).collect();
    Ok(Recommendation { points, untrusted, watched })
}

/// The cells that are wanted, by where they stand, ascending.
fn by_place<'a, 'b>(
    analysis: &'b Analysis<'a>,
    wanted: impl Fn(&Cell) -> bool,
) -> Vec<(Place, Vec<&'b CellFigures<'a>>)> {
    let mut places: Vec<(Place, Vec<&CellFigures<'a>>)> = Vec::new();
    for figures in analysis.cells.iter().filter(|figures| wanted(figures.cell)) {
        let place = Place::of(figures);
        match places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, cells)) => cells.push(figures),
            None => places.push((place, vec![figures])),
        }
    }
    places.sort_by(|(a, _), (b, _)| a.order(b));
    places
}

fn is_watched(figures: &CellFigures<'_>) -> bool {
    let watched = |trial: &&cachemark_results::Trial| {
        let audited = trial.audit.as_ref().is_some_and(|audit| audit.lost_writes().is_some());
        audited && trial.freshness.is_some()
    };
    figures.trials.iter().all(watched)
}

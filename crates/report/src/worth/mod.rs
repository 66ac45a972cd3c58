//! Is a cache worth it? What hits, misses and writes cost, from which hit ratio on a cache pays, what is asked of the store, and
//! which difference the run would have found at all.
//!
//! | module | what it holds |
//! |---|---|
//! | `mean_times` | what operations of a trial took in the mean, by what the cache did for them |
//! | [`break_even`] | the formula: the hit ratio at which both take as long |
//! | `baseline` | which cell says how long the store alone takes |
//! | `missing` | which times a record lacks, and why |
//! | `estimate`, `answer`, `row` | over blocks, by the interval, a cell |
//! | `store_work` | what is asked of the store, and whether arms ask the same work |
//! | `least` | the least difference found, here and by a run to come |
//! | `noise` | how far blocks stray, for what is reckoned of runs to come |
//! | `json` | all of it for programs |

mod answer;
mod baseline;
pub mod break_even;
mod estimate;
mod json;
mod least;
mod mean_times;
mod missing;
mod noise;
mod row;
mod store_work;

pub use answer::Answer;
pub use baseline::is_without_cache;
pub use estimate::Estimate;
pub use json::{foreseen_as_json, worth_as_json};
pub use least::{Foreseen, LeastDifference};
pub use mean_times::MeanTimes;
pub use missing::{Cost, Missing};
pub use noise::block_noise;
pub use row::{BreakEven, WorthRow};
pub use store_work::StoreWork;

use crate::analysis::{Analysis, Subject};
use cachemark_results::{Cell, Run};

/// A cell that asks no cache has this for one.
const NONE: &str = "none";

/// What a record says of it.
#[derive(Debug, Clone)]
pub struct Worth {
    /// The cells with a cache, in the manifest's order.
    pub rows: Vec<WorthRow>,
    /// What each cell asks of its store.
    pub store: Vec<StoreWork>,
    /// What each family of comparisons would have found.
    pub least: Vec<LeastDifference>,
    /// Why there is nothing at all, if so.
    pub nothing: Option<&'static str>,
}

/// Works it out.
#[must_use]
pub fn worth(run: &Run, analysis: &Analysis<'_>) -> Worth {
    if run.manifest.is_search() {
        let nothing = Some("a capacity search asks each cell at loads of its own: there is none to compare times at");
        return Worth { rows: Vec::new(), store: Vec::new(), least: Vec::new(), nothing };
    }
    let cells = analysis.cells.iter().enumerate();
    let runs = cells.filter(|(_, figures)| figures.cell.unsupported.is_none() && !figures.cell.control);
    let cached = runs.clone().filter(|(_, figures)| has_cache(analysis, figures.cell));
    let rows = cached.map(|(cell, _)| row::row(analysis, cell)).collect();
    let store = runs.map(|(cell, figures)| StoreWork::of(cell, figures)).filter(|work| work.load.is_some()).collect();
    Worth { rows, store, least: least::least_differences(analysis), nothing: None }
}

/// Whether a cell may have a cache: what stands behind a service is not seen.
fn has_cache(analysis: &Analysis<'_>, cell: &Cell) -> bool {
    let may = analysis.subject == Subject::Service || cell.cache != NONE;
    may && !baseline::is_without_cache(analysis, cell)
}

/// What runs over so many blocks would find, were they as noisy as this one.
#[must_use]
pub fn foreseen(analysis: &Analysis<'_>, blocks: &[usize]) -> Vec<Foreseen> {
    least::foreseen(analysis, blocks)
}

impl Worth {
    /// Whether a cell without a cache was measured beside one that has one.
    #[must_use]
    pub fn has_baseline(&self) -> bool {
        self.rows.iter().any(|row| row.baseline.is_some())
    }

    /// Whether a hit, a miss, or the store alone has a time.
    #[must_use]
    pub fn has_costs(&self) -> bool {
        let read = [Cost::Hit, Cost::Miss, Cost::Store];
        self.rows
            .iter()
            .any(|row| Cost::ALL.iter().zip(&row.costs).any(|(cost, found)| read.contains(cost) && found.is_some()))
    }
}

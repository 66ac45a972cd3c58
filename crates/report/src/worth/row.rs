//! One cell with a cache beside the one without.

use super::answer::Answer;
use super::baseline::baseline;
use super::break_even::{ReadTimes, WriteTimes, of_operations, of_reads};
use super::estimate::Estimate;
use super::mean_times::MeanTimes;
use super::missing::{Cost, Missing};
use crate::analysis::{Analysis, CellFigures, Subject};
use cachemark_results::figure::HIT_RATIO;
use cachemark_stats::{ALPHA, Summary, blocks_needed};

/// What a cell with a cache costs, and whether that is worth it.
#[derive(Debug, Clone)]
pub struct WorthRow {
    /// The cell: an index into the cells of the analysis.
    pub cell: usize,
    /// The cell without a cache, if there is one at the same load.
    pub baseline: Option<usize>,
    /// The times in the order of [`Cost::ALL`], in nanoseconds: the trials' means over blocks.
    pub costs: [Option<Summary>; 5],
    /// The times that are not there, though operations of that sort are in the mix or could be.
    pub missing: Vec<Missing>,
    /// The break-even hit ratio of reads alone.
    pub break_even_of_reads: BreakEven,
    /// The same with writes.
    pub break_even: BreakEven,
    /// The hit ratio that was measured.
    pub hit_ratio: Option<Estimate>,
    /// By how much less time an operation takes in the mean with the cache, in nanoseconds: below 0 where it takes more.
    pub saved: Option<Estimate>,
    /// The writes' share of the time of all operations with the cache.
    pub writes_share: Option<Summary>,
    /// The same without it.
    pub writes_share_without: Option<Summary>,
    /// The answer.
    pub answer: Answer,
}

/// A break-even hit ratio over blocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BreakEven {
    /// It is there: below 0 if the cache pays without a hit, above 1 if it never does.
    At(Estimate),
    /// A miss took no longer than a hit in so many blocks, of so many: then no hit ratio is the better one.
    Undefined {
        /// In how many blocks.
        blocks: usize,
        /// Of how many.
        of: usize,
    },
    /// A time is missing that it takes.
    Missing,
}

impl BreakEven {
    /// Of the values of the blocks that have all times; none of a block where it is not defined.
    fn of(by_block: &[Option<f64>]) -> Self {
        let undefined = by_block.iter().filter(|value| value.is_none()).count();
        match Estimate::of(by_block) {
            _ if undefined > 0 => Self::Undefined { blocks: undefined, of: by_block.len() },
            Some(estimate) => Self::At(estimate),
            None => Self::Missing,
        }
    }

    /// The estimate, if there is one.
    #[must_use]
    pub fn estimate(&self) -> Option<&Estimate> {
        match self {
            Self::At(estimate) => Some(estimate),
            _ => None,
        }
    }
}

/// The times of one block, with the cache and without.
type Pair = (MeanTimes, MeanTimes);

pub(super) fn row(analysis: &Analysis<'_>, cell: usize) -> WorthRow {
    let figures = &analysis.cells[cell];
    let baseline = baseline(analysis, figures);
    let without = baseline.map(|place| &analysis.cells[place]);
    let read_ratio = figures.cell.read_ratio;
    let pairs = pairs(figures, without, analysis.blocks);
    let cell_of = |cost: Cost| if cost.is_of_baseline() { without } else { Some(figures) };
    let summary = |cost: Cost| cell_of(cost)?.summary_of(|trial| cost.of(&MeanTimes::of(trial)));
    let costs = Cost::ALL.map(summary);
    let is_service = analysis.subject == Subject::Service;
    let missing = Cost::ALL.into_iter().zip(&costs).filter(|(_, found)| found.is_none()).map(|(cost, _)| cost);
    let missing = missing.filter(|cost| matters(*cost, read_ratio));
    let missing = missing.map(|cost| Missing { cost, why: cost.why_missing(cell_of(cost), is_service) });
    let missing: Vec<Missing> = missing.collect();
    let saved: Vec<Option<f64>> = pairs.iter().map(|pair| saved(pair.as_ref()?, read_ratio)).collect();
    let saved = Estimate::of(&saved);
    let share = |of: &CellFigures<'_>| of.summary_of(|trial| MeanTimes::of(trial).writes_share);
    WorthRow {
        cell,
        baseline,
        break_even_of_reads: break_even(&pairs, |reads, _| Some(of_reads(reads))),
        break_even: break_even(&pairs, |reads, (with, without)| match read_ratio < 1.0 {
            true => Some(of_operations(reads, WriteTimes { with: with.write?, without: without.write? }, read_ratio)),
            false => Some(of_reads(reads)),
        }),
        hit_ratio: Estimate::of(&figures.by_block(HIT_RATIO, analysis.blocks)),
        writes_share: share(figures),
        writes_share_without: without.and_then(share),
        answer: answer(saved.as_ref(), &missing, figures, without),
        costs,
        missing,
        saved,
    }
}

/// Whether a mix with so many reads has operations of that sort.
fn matters(cost: Cost, read_ratio: f64) -> bool {
    match cost {
        Cost::Hit | Cost::Miss | Cost::Store => read_ratio > 0.0,
        Cost::WriteWith | Cost::WriteWithout => read_ratio < 1.0,
    }
}

/// One for each block, of those that have a valid trial of both.
fn pairs(with: &CellFigures<'_>, without: Option<&CellFigures<'_>>, blocks: usize) -> Vec<Option<Pair>> {
    let times = |cell: &CellFigures<'_>| cell.by_block_of(blocks, |trial| Some(MeanTimes::of(trial)));
    let Some(without) = without else { return vec![None; blocks] };
    times(with).into_iter().zip(times(without)).map(|(with, without)| Some((with?, without?))).collect()
}

fn saved((with, without): &Pair, read_ratio: f64) -> Option<f64> {
    Some(without.of_operation(read_ratio)? - with.of_operation(read_ratio)?)
}

/// The break-even of the blocks that have all times that it takes; `of` gives none where it lacks one more.
fn break_even(pairs: &[Option<Pair>], of: impl Fn(ReadTimes, &Pair) -> Option<Option<f64>>) -> BreakEven {
    let of_pair = |pair: &Pair| {
        let (with, without) = pair;
        of(ReadTimes { hit: with.hit?, miss: with.miss?, store: without.read? }, pair)
    };
    let by_block: Vec<Option<f64>> = pairs.iter().flatten().filter_map(of_pair).collect();
    BreakEven::of(&by_block)
}

fn answer(
    saved: Option<&Estimate>,
    missing: &[Missing],
    with: &CellFigures<'_>,
    without: Option<&CellFigures<'_>>,
) -> Answer {
    let needed = blocks_needed(1, ALPHA).unwrap_or(u32::MAX);
    match (saved, without) {
        (Some(saved), Some(without)) => Answer::by(saved, needed).unless_forfeit(with, without),
        _ => Answer::CannotTell(match missing.iter().find(|missing| missing.stops_the_answer()) {
            Some(Missing { cost, why }) => format!("there is no {}: {why}", cost.letter()),
            None => "no block has valid trials of both".to_owned(),
        }),
    }
}

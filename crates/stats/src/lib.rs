//! Histograms, estimates and comparisons: pure functions over numbers. No file, no clock and no thread.
//!
//! | module | what it holds |
//! |---|---|
//! | [`mod@histogram`] | [`Histogram`]: times in ns at 3 digits, in fixed memory; its JSON and HDR V2 forms |
//! | `histogram::counts` | [`Counts`]: the counts alone, while operations run |
//! | `histogram::sample_rule` | how many samples a quantile needs ([`samples_needed`]) |
//! | `histogram::spectrum` | [`SpectrumPoint`]: the tail of a histogram, for a chart |
//! | [`mod@interval_log`] | [`IntervalLogWriter`], [`IntervalLogReader`]: a histogram for each interval of a run, as text |
//! | [`mod@quantile`] | [`quantile_type7`] of a sorted sample |
//! | [`mod@summary`] | [`Summary`] of the figures of a few trials |
//! | [`mod@signed_rank`] | [`signed_rank()`]: Wilcoxon's test with its exact p value |
//! | [`mod@sign_test`] | [`sign_test()`]: the sign test with its exact p value, and [`compare_signs`] by it |
//! | [`mod@proportion`] | [`wilson`]'s interval of a share |
//! | [`mod@median`] | [`median_interval`]: the exact interval of the median, for any distribution |
//! | [`mod@pseudo_median`] | [`hodges_lehmann`] and its exact [`Interval`] |
//! | [`mod@holm`] | [`holm_adjusted`] p values, and how many blocks a family of comparisons needs |
//! | [`mod@least_difference`] | the [`least_difference()`] that so many blocks find |
//! | [`mod@power`] | [`Sought`]: how often a difference gets its verdict, and the blocks that it takes |
//! | [`mod@compare`] | [`compare()`]: a cell against the reference cell, block by block |
//! | [`mod@agreement`] | [`agreement()`]: whether two runs say the same of one comparison |
//! | [`mod@between_runs`] | [`compare_runs`]: runs made at different times, from figures to verdicts |
//! | [`mod@mann_whitney`] | [`shift()`] between two samples that don't pair, and its exact interval |
//! | [`mod@relabel`] | [`relabelled_p`]: many figures of a few runs judged together |
//! | `student_t` | Student's t, for the drift of stored runs |
//! | [`mod@judge`] | [`judge_family`]: the rule from comparisons to verdicts |
//! | [`mod@verdict`] | [`Verdict`]: better, worse, equivalent, inconclusive or not judged |
//! | [`mod@steady`] | [`SteadyRule`]: has the warm-up come to rest? |
//! | `error` | [`StatsError`]: what is refused |
//!
//! Each module's own page tells its rule and where its formulas come from; every name is here in the root too.
//!
//! From trials to verdicts: [`compare()`] each cell with the reference cell, and the reference cell with its second run
//! (the A/A control); then [`judge_family`] over the comparisons of one family.
//!
//! ```
//! use cachemark_stats::{Direction, FamilyRule, Verdict, compare, judge_family};
//!
//! // Operations per second in six blocks.
//! let no_cache = [100.0, 104.0, 98.0, 101.0, 99.0, 102.0].map(Some);
//! let again = [100.5, 103.0, 98.7, 100.2, 99.6, 101.5].map(Some);
//! let cache_aside = [150.0, 149.0, 151.0, 155.0, 148.0, 152.0].map(Some);
//!
//! let control = compare("A/A", &no_cache, &again, Direction::HigherIsBetter)?;
//! let comparison = compare("cache-aside", &no_cache, &cache_aside, Direction::HigherIsBetter)?;
//! let rule = FamilyRule { aa_half_width: control.half_width(), ..FamilyRule::with_blocks(6) };
//! let judged = judge_family(&[comparison], &rule)?;
//! assert_eq!(judged[0].verdict, Verdict::Better);
//! # Ok::<(), cachemark_stats::StatsError>(())
//! ```

pub mod agreement;
pub mod between_runs;
pub mod compare;
mod error;
pub mod histogram;
pub mod holm;
pub mod interval_log;
pub mod judge;
pub mod least_difference;
pub mod mann_whitney;
pub mod median;
mod null_distribution;
pub mod power;
pub mod proportion;
pub mod pseudo_median;
pub mod quantile;
pub mod relabel;
pub mod sign_test;
pub mod signed_rank;
pub mod steady;
mod student_t;
pub mod summary;
pub mod verdict;

pub use agreement::{Agreement, Effect, agreement};
pub use between_runs::{
    BetweenRuns, RUNS_NEEDED, RunRow, RunRule, RunVerdict, STORED_NEEDED, Scale, Unclear, compare_runs,
};
pub use compare::{CONFIDENCE, Comparison, Direction, compare, compare_differences};
pub use error::StatsError;
pub use histogram::{Counts, HIGHEST_NS, Histogram, SpectrumPoint, not_deflated, samples_needed};
pub use holm::{blocks_needed, holm_adjusted, largest_family, least_p};
pub use interval_log::{IntervalLogReader, IntervalLogWriter, LogInterval, LogWriteError, interval_log_head};
pub use judge::{ALPHA, DELTA, FamilyRule, Judgement, judge_family};
pub use least_difference::least_difference;
pub use mann_whitney::{shift, shift_interval};
pub use median::{median_interval, median_interval_leaves_out};
pub use power::{BlockNoise, Sought};
pub use proportion::wilson;
pub use pseudo_median::{Interval, hodges_lehmann, pseudo_median_interval};
pub use quantile::quantile_type7;
pub use relabel::relabelled_p;
pub use sign_test::{SignTest, block_differences, compare_signs, sign_test, signs_needed};
pub use signed_rank::{SignedRank, signed_rank};
pub use steady::{HitRatioShift, Lookups, Steadiness, SteadyRule, SteadyWindow, Trend};
pub use summary::Summary;
pub use verdict::{NotJudged, Verdict};

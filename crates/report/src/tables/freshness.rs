//! How fresh the reads of every cell were.

use super::{emphasis_of, spread, spread_of};
use crate::ReportError;
use crate::analysis::{Analysis, CellFigures, NOT_WATCHED, StaleAges, stale_ages};
use crate::table::Table;
use crate::units;
use cachemark_results::figure::{STALE_HITS, STALE_READS};
use cachemark_results::{Checked, Freshness, Run};
use cachemark_stats::{Histogram, wilson};

const STALE: &str = "A read is judged by the version that it was answered from, and is stale if that is below the highest that had \
     been acknowledged before it was sent: operations that run at the same time make nothing stale, so shares of stale reads are \
     lower bounds. Shares are medians over blocks (least to greatest); by key is the mean over the written keys that were read, \
     whichever are hot. The age is the time from the first acknowledgement of a newer version to the sending of the read, of all \
     valid trials together: p50 and p99 are of the ages that are known (p50 takes 20 of them, p99 takes 1,000) and leave out \
     those of which only a lower bound is known, as many as stand under \"left out\". The greatest age is told as \"at least\" \
     where it is such a bound.";

const WITHIN: &str = "The share of judged reads that were not stale (0 ms), or are shown to have been for no longer than so much when they \
     were sent, of all valid trials together, with Wilson's 95 % interval as if reads were independent of each other. Where that is not \
     known they count as longer.";

/// One row a cell whose reads were judged; without rows where none were.
///
/// # Errors
/// If the histograms of a trial cannot be read.
pub(crate) fn freshness(run: &Run, analysis: &Analysis<'_>) -> Result<Table, ReportError> {
    let headers = [
        "cell",
        "#judged reads",
        "#stale reads",
        "#of hits",
        "#by key",
        "#age p50",
        "#age p99",
        "#age max",
        "#left out",
        "#versions behind, mean",
        "#most",
    ];
    let mut table = Table::new("Stale reads", &headers);
    for figures in shown(analysis) {
        if push_not_watched(&mut table, analysis, figures) {
            continue;
        }
        let sums = Sums::of(figures);
        let ages = stale_ages(run, figures)?;
        let sure = |q: f64| ages.sure.as_ref().and_then(|ages| ages.quantile(q)).map(|ns| ns as f64);
        let age = |q: f64| units::or_none(sure(q), units::time);
        let by_key = figures.summary_of(|trial| trial.freshness.as_ref()?.stale_by_key);
        let cells = vec![
            figures.cell.id.clone(),
            units::count(sums.judged as f64),
            spread(figures, STALE_READS),
            spread(figures, STALE_HITS),
            spread_of(by_key, units::tiny_share),
            age(0.5),
            age(0.99),
            oldest(&ages),
            units::count(sums.left_out as f64),
            spread_of(figures.summary_of(|trial| trial.freshness.as_ref()?.lag_mean), units::count),
            units::or_none(sums.lag_is_told.then_some(sums.lag_max as f64), units::count),
        ];
        table.push(cells, emphasis_of(analysis, figures), true);
    }
    table.footnotes.push(STALE.into());
    table.footnotes.extend(not_judged(analysis));
    table.footnotes.extend(size(analysis));
    Ok(table)
}

/// The same by time scale.
pub(crate) fn fresh_within(analysis: &Analysis<'_>) -> Table {
    let scales = shown(analysis).find_map(|figures| told(figures).next()).map(|told| &*told.fresh_within);
    let scales: Vec<u64> = scales.unwrap_or_default().iter().map(|within| within.within_ns).collect();
    let names: Vec<String> = scales
        .iter()
        .map(|ns| format!("#{}", if *ns == 0 { "0 ms".to_owned() } else { units::time_tick(*ns as f64) }))
        .collect();
    let headers: Vec<&str> = ["cell"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let mut table = Table::new("Fresh within", &headers);
    for figures in shown(analysis) {
        if push_not_watched(&mut table, analysis, figures) {
            continue;
        }
        let all = Sums::of(figures).judged;
        let within = |ns: &u64| {
            let reads = |told: &Freshness| {
                told.fresh_within.iter().find(|within| within.within_ns == *ns).map_or(0, |w| w.reads)
            };
            let fresh = told(figures).map(reads).sum();
            nines(fresh, all)
        };
        let cells = [figures.cell.id.clone()].into_iter().chain(scales.iter().map(within)).collect();
        table.push(cells, emphasis_of(analysis, figures), true);
    }
    table.footnotes.push(WITHIN.into());
    table
}

/// What clients saw out of order, and what they should never have seen.
pub(crate) fn out_of_order(analysis: &Analysis<'_>) -> Table {
    let headers = [
        "cell",
        "#regressions",
        "#own writes missed",
        "#of reads",
        "#own reads undone",
        "#of reads",
        "#resurrected deletes",
        "#phantom values",
        "#left over",
        "#corrupt values",
        "#not judged",
    ];
    let mut table = Table::new("Out of order", &headers);
    for figures in shown(analysis) {
        if push_not_watched(&mut table, analysis, figures) {
            continue;
        }
        let sum = |of: fn(&Freshness) -> u64| units::count(told(figures).map(of).sum::<u64>() as f64);
        let checked = |of: fn(&Freshness) -> Checked| {
            let reads: u64 = told(figures).map(|told| of(told).reads).sum();
            let violations: u64 = told(figures).map(|told| of(told).violations).sum();
            [violations, reads].map(|count| units::count(count as f64))
        };
        let mut cells = vec![figures.cell.id.clone(), sum(|told| told.regressions)];
        cells.extend(checked(|told| told.own_writes));
        cells.extend(checked(|told| told.own_reads));
        cells.extend([
            sum(|told| told.resurrected),
            sum(|told| told.phantoms),
            sum(|told| told.left_over),
            sum(|told| told.corrupt),
            sum(|told| told.without_version + told.not_ours),
        ]);
        table.push(cells, emphasis_of(analysis, figures), true);
    }
    let keys = shown(analysis).flat_map(told).map(|told| told.session_keys).max().unwrap_or(0);
    table.footnotes.push(format!(
        "Of all valid trials together. A regression was answered with a version below one that another read had been answered with \
         before it was sent. Own writes and reads are those of the read's session, over its last {} keys. A phantom is what nobody \
         can have written: a version above those that were attempted, or a value of no write of the trial; a cell that served one is \
         called neither better nor equivalent. Left over is a value of an earlier trial of the run, whose late operation put it there.",
        units::count(f64::from(keys))
    ));
    table
}

/// Sums over the valid trials of a cell.
struct Sums {
    judged: u64,
    left_out: u64,
    lag_max: u64,
    /// Not where a strategy gives versions itself, with gaps between them.
    lag_is_told: bool,
}

impl Sums {
    fn of(figures: &CellFigures<'_>) -> Self {
        let none = Self { judged: 0, left_out: 0, lag_max: 0, lag_is_told: true };
        told(figures).fold(none, |sums, told| Self {
            judged: sums.judged + told.judged,
            left_out: sums.left_out + told.ages_at_least + told.ages_untold,
            lag_max: sums.lag_max.max(told.lag_max),
            lag_is_told: sums.lag_is_told && (told.stale == 0 || told.lag_mean.is_some()),
        })
    }
}

/// The cells that have a row: where the oracle saw a read of any, all that were measured.
fn shown<'a, 'b>(analysis: &'a Analysis<'b>) -> impl Iterator<Item = &'a CellFigures<'b>> {
    let any = analysis.cells.iter().any(is_watched);
    analysis.cells.iter().filter(move |figures| any && !figures.trials.is_empty())
}

fn is_watched(figures: &CellFigures<'_>) -> bool {
    told(figures).any(|told| told.judged + told.phantoms + told.left_over + told.corrupt > 0)
}

/// A row that says that nobody watched, if nobody did: an empty place would look like a cell without stale reads.
fn push_not_watched(table: &mut Table, analysis: &Analysis<'_>, figures: &CellFigures<'_>) -> bool {
    let watched = is_watched(figures);
    if !watched {
        let rest = (2..table.headers.len()).map(|_| units::NOT_AVAILABLE.to_owned());
        let cells = [figures.cell.id.clone(), NOT_WATCHED.to_owned()].into_iter().chain(rest).collect();
        table.push(cells, emphasis_of(analysis, figures), true);
    }
    !watched
}

fn told<'a>(figures: &'a CellFigures<'_>) -> impl Iterator<Item = &'a Freshness> {
    figures.trials.iter().filter_map(|trial| trial.freshness.as_ref())
}

/// What the oracle itself took, where it took most.
fn size(analysis: &Analysis<'_>) -> Option<String> {
    let largest = analysis.cells.iter().flat_map(told).map(|told| told.table).max_by_key(|table| table.bytes)?;
    Some(format!(
        "The oracle's own table: at most {} for {} written keys, of {} of which the last acknowledgements are remembered.",
        units::bytes(largest.bytes),
        units::count(largest.written_keys as f64),
        units::count(largest.keys_with_ring as f64)
    ))
}

/// That reads were not judged, where some were not, and why.
fn not_judged(analysis: &Analysis<'_>) -> Option<String> {
    let all = || analysis.cells.iter().flat_map(told);
    let sum = |of: fn(&Freshness) -> u64| all().map(of).sum::<u64>();
    let (versions, ours) = (sum(|told| told.without_version), sum(|told| told.not_ours));
    let out_of_reach = sum(|told| told.out_of_reach);
    let count = |reads: u64| units::count(reads as f64);
    (versions + ours > 0).then(|| {
        let (unnamed, ours) = (count(versions.saturating_sub(out_of_reach)), count(ours));
        let mut text = format!(
            "Not judged: {unnamed} reads whose answer names no version, {ours} whose value others may have written"
        );
        if out_of_reach > 0 {
            text.push_str(&format!(", {} whose versions are too far apart to be kept", count(out_of_reach)));
        }
        text + "."
    })
}

/// The greatest age, and that it is a lower bound where it is.
fn oldest(ages: &StaleAges) -> String {
    let greatest = |ages: &Option<Histogram>| ages.as_ref().and_then(Histogram::max);
    match (greatest(&ages.sure), greatest(&ages.at_least)) {
        (sure, Some(bound)) if sure.is_none_or(|sure| bound > sure) => {
            format!("at least {}", units::time(bound as f64))
        }
        (sure, _) => units::or_none(sure.map(|ns| ns as f64), units::time),
    }
}

fn nines(some: u64, all: u64) -> String {
    let Some(interval) = wilson(some, all) else { return units::NOT_AVAILABLE.into() };
    let share = some as f64 / all as f64;
    format!("{} ({} to {})", units::nines(share), units::nines(interval.low), units::nines(interval.high))
}

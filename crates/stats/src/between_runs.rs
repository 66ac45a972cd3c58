//! Runs that were made at different times, on two sides: which figures are better on the other side, and which are worse?
//!
//! The unit is the run: what the machine is like today is in all trials of a run, and no number of trials makes up for that.
//! Runs of different times don't pair, so nothing cancels. A row is one figure of one cell, with one value a run. Its scale is
//! that of logs, so that the effect is a ratio; of a figure that is zero or below in some run, its own scale, and the effect a difference.
//!
//! With [`RUNS_NEEDED`] runs on both sides these speak for themselves: the estimate is [`shift`]'s (Hodges-Lehmann), the
//! interval [`shift_interval`]'s (exact, by Mann-Whitney), and the rows are judged together by [`relabelled_p`], which knows that the cells of a
//! run drift together. None of it supposes a distribution.
//!
//! With fewer, no test could decide, and the drift must come from elsewhere: from stored runs of the same definition on the same
//! machine ([`STORED_NEEDED`] of them at least). If the logs of a row are normal, with the spread s over k stored runs, the difference between
//! the means of n and m runs, over s * sqrt(1/n + 1/m), has Student's t with k - 1 degrees of freedom. That gives the interval, and a p
//! value for Holm's adjustment over all rows. A figure that is zero in some run is not judged so: it is not normal.
//!
//! The verdict, in this order:
//! 1. *Equivalent*: the whole interval lies within a factor of 1 + margin of 1; of a difference, it is 0 and nothing else.
//! 2. *Better*, *worse*, or *differs* where neither way is better: the adjusted p is at or below alpha, and the interval leaves out that
//!    there is no difference. Worse by a whole interval beyond the margin is a regression.
//! 3. *Unclear* otherwise, and why.

use crate::StatsError;
use crate::compare::{CONFIDENCE, Direction};
use crate::error::{check_between_0_and_1, check_sample};
use crate::holm::holm_adjusted;
use crate::mann_whitney::{shift, shift_interval};
use crate::pseudo_median::Interval;
use crate::relabel::relabelled_p;
use crate::student_t;

/// So many runs on each side are judged by themselves: of 70 ways to deal eight runs, two are as far apart as can be, which is less
/// than 5 %. Three and three can be dealt in 20.
pub const RUNS_NEEDED: usize = 4;

/// So many stored runs tell the drift: with fewer, t reaches so far that nothing would ever be told.
pub const STORED_NEEDED: usize = 4;

/// One figure of one cell, a value for each run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRow {
    /// Which way the figure is good.
    pub direction: Direction,
    /// The runs of the baseline.
    pub baseline: Vec<f64>,
    /// The runs that are compared with it.
    pub compared: Vec<f64>,
    /// Stored runs, which tell the drift where the others are few.
    pub stored: Vec<f64>,
}

/// How rows are judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunRule {
    /// The chance, at most, of one false better, worse or differs among all rows: 0 to 1.
    pub alpha: f64,
    /// Ratios within 1 / (1 + margin) to 1 + margin don't matter: above 0.
    pub margin: f64,
}

/// What an effect is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Compared over baseline.
    Ratio,
    /// Compared less baseline, in the figure's unit.
    Difference,
}

/// What the runs say of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetweenRuns {
    /// What the effect is measured in.
    pub scale: Scale,
    /// The effect.
    pub estimate: f64,
    /// Its interval, not adjusted for the number of rows; none where nothing tells the drift.
    pub interval: Option<Interval>,
    /// The p value, adjusted over all rows; none where nothing tells the drift.
    pub adjusted_p: Option<f64>,
    /// The verdict.
    pub verdict: RunVerdict,
    /// Whether it is worse by a whole interval beyond the margin. Of a difference, which starts from zero, whether it is worse.
    pub regression: bool,
}

/// What a row came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunVerdict {
    /// Better than the baseline.
    Better,
    /// Worse than the baseline.
    Worse,
    /// Not as the baseline, and neither more nor less of it is better.
    Differs,
    /// Within the margin of the baseline.
    Equivalent,
    /// None of these could be shown.
    Unclear(Unclear),
}

/// Why nothing could be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unclear {
    /// The difference may be drift between runs.
    Drift,
    /// There are too few runs, and too few stored ones that have the figure.
    FewRuns {
        /// How many stored runs have it.
        stored: usize,
    },
    /// There are too few runs, and the figure is zero in one: stored runs can't tell its drift.
    FewRunsOfZeros,
    /// There are too few runs, and the stored ones are all alike to the last digit: that is no measure of a drift.
    NoSpread,
}

/// Compares all rows of two sides, which are one family. The results are in the order of the rows. The [module](self) tells the
/// rule.
///
/// # Errors
/// An alpha or a margin out of range; a row that lacks a value of a run, or has one that is not a finite number.
pub fn compare_runs(rows: &[RunRow], rule: &RunRule) -> Result<Vec<BetweenRuns>, StatsError> {
    check_between_0_and_1("alpha", rule.alpha)?;
    if !(rule.margin > 0.0 && rule.margin.is_finite()) {
        return Err(StatsError::BadSetting { name: "margin", range: "above 0", value: rule.margin });
    }
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let runs = [first.baseline.len(), first.compared.len()];
    rows.iter().try_for_each(|row| check(row, runs))?;
    let scaled: Vec<Scaled> = rows.iter().map(Scaled::of).collect();
    let enough = runs.into_iter().all(|runs| runs >= RUNS_NEEDED);
    let located = if enough { by_themselves(&scaled)? } else { by_stored(&scaled)? };
    let judged = rows.iter().zip(&scaled).zip(located);
    Ok(judged.map(|((row, scaled), located)| judge(row.direction, scaled.scale, located, rule)).collect())
}

fn check(row: &RunRow, [baseline, compared]: [usize; 2]) -> Result<(), StatsError> {
    check_sample(&row.baseline)?;
    check_sample(&row.compared)?;
    if !row.stored.is_empty() {
        check_sample(&row.stored)?;
    }
    for (have, all) in [(row.baseline.len(), baseline), (row.compared.len(), compared)] {
        if have != all {
            return Err(StatsError::BlocksDiffer { reference: all, cell: have });
        }
    }
    Ok(())
}

/// A row on the scale that it is judged on.
struct Scaled {
    scale: Scale,
    baseline: Vec<f64>,
    compared: Vec<f64>,
    stored: Vec<f64>,
}

impl Scaled {
    fn of(row: &RunRow) -> Self {
        let RunRow { baseline, compared, stored, .. } = row;
        let has_logs = [baseline, compared, stored].into_iter().flatten().all(|value| *value > 0.0);
        let logs = |values: &[f64]| values.iter().map(|value| value.ln()).collect();
        match has_logs {
            true => {
                Self { scale: Scale::Ratio, baseline: logs(baseline), compared: logs(compared), stored: logs(stored) }
            }
            false => Self {
                scale: Scale::Difference,
                baseline: baseline.clone(),
                compared: compared.clone(),
                stored: stored.clone(),
            },
        }
    }

    /// Where few of many runs differ, the interval is 0 and nothing else: it is taken as wide as what was seen, lest the sides be
    /// called the same.
    fn as_seen(&self, interval: Interval) -> Interval {
        if interval.low != 0.0 || interval.high != 0.0 {
            return interval;
        }
        let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = |values: &[f64]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let low = least(&self.compared) - greatest(&self.baseline);
        Interval { low, high: greatest(&self.compared) - least(&self.baseline), ..interval }
    }
}

/// Where a row lies, on its scale.
struct Located {
    middle: f64,
    told: Result<Told, Unclear>,
}

/// What is known beyond the middle.
struct Told {
    interval: Interval,
    adjusted_p: f64,
}

/// Enough runs on both sides.
fn by_themselves(rows: &[Scaled]) -> Result<Vec<Located>, StatsError> {
    let runs = rows.first().map_or(0, |row| row.baseline.len());
    let together: Vec<Vec<f64>> = rows.iter().map(|row| [&row.baseline[..], &row.compared[..]].concat()).collect();
    let adjusted = relabelled_p(&together, runs)?;
    let located = rows.iter().zip(adjusted).map(|(row, adjusted_p)| {
        let interval = shift_interval(&row.baseline, &row.compared, CONFIDENCE)?;
        // So many runs always reach it.
        let told = interval.map(|interval| Told { interval: row.as_seen(interval), adjusted_p }).ok_or(Unclear::Drift);
        Ok(Located { middle: shift(&row.baseline, &row.compared)?, told })
    });
    located.collect()
}

/// Too few runs on a side: the stored ones tell the drift.
fn by_stored(rows: &[Scaled]) -> Result<Vec<Located>, StatsError> {
    let drifts: Vec<Result<Drift, Unclear>> = rows.iter().map(Drift::of).collect();
    let middles: Vec<f64> = rows.iter().map(|row| mean(&row.compared) - mean(&row.baseline)).collect();
    // A row whose drift is not known stays in the family as one that can't pass, so that the others get no easier.
    let p = |(drift, middle): (&Result<Drift, Unclear>, &f64)| drift.as_ref().map_or(1.0, |drift| drift.p(*middle));
    let adjusted = holm_adjusted(&drifts.iter().zip(&middles).map(p).collect::<Vec<_>>())?;
    let told = drifts.into_iter().zip(middles).zip(adjusted).map(|((drift, middle), adjusted_p)| {
        let told = drift.map(|drift| Told { interval: drift.around(middle), adjusted_p });
        Located { middle, told }
    });
    Ok(told.collect())
}

/// By how much the difference between the two sides drifts.
struct Drift {
    /// Its standard error.
    error: f64,
    /// The degrees of freedom of that.
    degrees: u32,
}

impl Drift {
    fn of(row: &Scaled) -> Result<Self, Unclear> {
        let stored = row.stored.len();
        if stored < STORED_NEEDED {
            return Err(Unclear::FewRuns { stored });
        }
        if row.scale == Scale::Difference {
            return Err(Unclear::FewRunsOfZeros);
        }
        if row.stored.iter().all(|value| *value == row.stored[0]) {
            return Err(Unclear::NoSpread);
        }
        let middle = mean(&row.stored);
        let squares: f64 = row.stored.iter().map(|value| (value - middle).powi(2)).sum();
        let spread = (squares / (stored - 1) as f64).sqrt();
        let runs = 1.0 / row.baseline.len() as f64 + 1.0 / row.compared.len() as f64;
        Ok(Self { error: spread * runs.sqrt(), degrees: u32::try_from(stored - 1).unwrap_or(u32::MAX) })
    }

    fn p(&self, difference: f64) -> f64 {
        student_t::two_sided_p(difference / self.error, self.degrees)
    }

    fn around(&self, middle: f64) -> Interval {
        let reach = student_t::critical(CONFIDENCE, self.degrees) * self.error;
        Interval { low: middle - reach, high: middle + reach, confidence: CONFIDENCE }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn judge(direction: Direction, scale: Scale, located: Located, rule: &RunRule) -> BetweenRuns {
    let back = |value: f64| if scale == Scale::Ratio { value.exp() } else { value };
    let verdict = match &located.told {
        Ok(told) => verdict(direction, told, margin_of(scale, rule), rule.alpha),
        Err(why) => RunVerdict::Unclear(*why),
    };
    let told = located.told.ok();
    let regression = verdict == RunVerdict::Worse
        && told.as_ref().is_some_and(|told| nearest_to_none(told.interval) > margin_of(scale, rule));
    BetweenRuns {
        scale,
        estimate: back(located.middle),
        interval: told.as_ref().map(|Told { interval, .. }| Interval {
            low: back(interval.low),
            high: back(interval.high),
            confidence: interval.confidence,
        }),
        adjusted_p: told.map(|told| told.adjusted_p),
        verdict,
        regression,
    }
}

/// How far from no difference does not matter, on the scale of the row.
fn margin_of(scale: Scale, rule: &RunRule) -> f64 {
    if scale == Scale::Ratio { rule.margin.ln_1p() } else { 0.0 }
}

/// How far the nearer end of an interval that leaves out 0 is from it; nothing if it holds 0.
fn nearest_to_none(interval: Interval) -> f64 {
    interval.low.max(-interval.high).max(0.0)
}

fn verdict(direction: Direction, told: &Told, margin: f64, alpha: f64) -> RunVerdict {
    let interval = told.interval;
    if interval.low >= -margin && interval.high <= margin {
        return RunVerdict::Equivalent;
    }
    if told.adjusted_p > alpha || interval.contains(0.0) {
        return RunVerdict::Unclear(Unclear::Drift);
    }
    match (direction, interval.low > 0.0) {
        (Direction::Neither, _) => RunVerdict::Differs,
        (Direction::HigherIsBetter, true) | (Direction::LowerIsBetter, false) => RunVerdict::Better,
        (Direction::HigherIsBetter, false) | (Direction::LowerIsBetter, true) => RunVerdict::Worse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: RunRule = RunRule { alpha: 0.05, margin: 0.05 };
    const FOUR: [f64; 4] = [100.0, 104.0, 98.0, 101.0];

    fn row(direction: Direction, baseline: &[f64], compared: &[f64], stored: &[f64]) -> RunRow {
        RunRow { direction, baseline: baseline.to_vec(), compared: compared.to_vec(), stored: stored.to_vec() }
    }

    fn one(direction: Direction, baseline: &[f64], compared: &[f64], stored: &[f64]) -> BetweenRuns {
        compare_runs(&[row(direction, baseline, compared, stored)], &RULE).unwrap()[0]
    }

    #[test]
    fn four_runs_against_four_speak_for_themselves() {
        let halved = FOUR.map(|value| value / 2.0);
        let found = one(Direction::HigherIsBetter, &FOUR, &halved, &[]);
        assert!((found.estimate - 0.5).abs() < 0.02 && found.adjusted_p == Some(2.0 / 70.0), "{found:?}");
        let interval = found.interval.unwrap();
        assert!((interval.low - 49.0 / 104.0).abs() < 1e-12 && (interval.high - 52.0 / 98.0).abs() < 1e-12);
        assert_eq!((found.verdict, found.regression), (RunVerdict::Worse, true));
        let found = one(Direction::LowerIsBetter, &FOUR, &halved, &[]);
        assert_eq!((found.verdict, found.regression), (RunVerdict::Better, false));
        assert_eq!(one(Direction::Neither, &FOUR, &halved, &[]).verdict, RunVerdict::Differs);
    }

    #[test]
    fn worse_within_the_margin_is_no_regression() {
        let baseline = [100.0, 100.1, 100.2, 100.3];
        for (factor, verdict, regression) in
            [(1.04, RunVerdict::Equivalent, false), (1.0515, RunVerdict::Worse, false), (1.06, RunVerdict::Worse, true)]
        {
            let found = one(Direction::LowerIsBetter, &baseline, &baseline.map(|value| value * factor), &[]);
            assert_eq!((found.verdict, found.regression), (verdict, regression), "{factor}");
        }
    }

    #[test]
    fn a_side_with_itself_is_one_to_the_last_bit() {
        let stored = [90.0, 95.0, 105.0, 110.0, 100.0];
        for runs in 1..=4 {
            let found = one(Direction::HigherIsBetter, &FOUR[..runs], &FOUR[..runs], &stored);
            assert_eq!((found.scale, found.estimate), (Scale::Ratio, 1.0));
            assert!(!matches!(found.verdict, RunVerdict::Better | RunVerdict::Worse), "{found:?}");
        }
        let zeros = one(Direction::LowerIsBetter, &[0.0; 4], &[0.0; 4], &[]);
        assert_eq!((zeros.scale, zeros.estimate, zeros.verdict), (Scale::Difference, 0.0, RunVerdict::Equivalent));
    }

    #[test]
    fn one_run_a_side_is_judged_by_the_drift_of_stored_runs() {
        let stored = [99.0, 101.0, 100.0, 102.0, 98.0, 100.5];
        let against = |compared: f64, stored: &[f64]| one(Direction::HigherIsBetter, &[100.0], &[compared], stored);
        assert_eq!(against(98.0, &stored).verdict, RunVerdict::Unclear(Unclear::Drift));
        let worse = against(85.0, &stored);
        assert_eq!((worse.verdict, worse.regression), (RunVerdict::Worse, true));
        assert!((worse.estimate - 0.85).abs() < 1e-12);
        // By hand: s of the logs, times sqrt(2), times 2.5706.
        let logs = stored.map(f64::ln);
        let middle = mean(&logs);
        let s = (logs.iter().map(|log| (log - middle).powi(2)).sum::<f64>() / 5.0).sqrt();
        let high = worse.interval.unwrap().high;
        assert!((high - 0.85 * (2.570_582 * s * 2.0_f64.sqrt()).exp()).abs() < 1e-6, "{high}");
        assert_eq!(against(50.0, &stored[..3]).verdict, RunVerdict::Unclear(Unclear::FewRuns { stored: 3 }));
        assert_eq!(against(50.0, &[100.0; 5]).verdict, RunVerdict::Unclear(Unclear::NoSpread));
        let appeared = one(Direction::LowerIsBetter, &[0.0], &[9.0], &stored);
        assert_eq!((appeared.scale, appeared.estimate), (Scale::Difference, 9.0));
        assert_eq!(appeared.verdict, RunVerdict::Unclear(Unclear::FewRunsOfZeros));
    }

    #[test]
    fn with_one_a_side_the_number_of_rows_counts() {
        let stored = [99.0, 101.0, 100.0, 102.0, 98.0, 100.5];
        let rows = |count: usize| {
            let same = row(Direction::HigherIsBetter, &[100.0], &[100.0], &stored);
            let mut rows = vec![same; count];
            rows[0].compared = vec![93.0];
            compare_runs(&rows, &RULE).unwrap()[0].verdict
        };
        assert_eq!((rows(1), rows(40)), (RunVerdict::Worse, RunVerdict::Unclear(Unclear::Drift)));
    }

    #[test]
    fn what_appears_in_every_run_is_a_regression_by_difference() {
        let found = one(Direction::LowerIsBetter, &[0.0, 0.0, 0.001, 0.0], &[0.2, 0.3, 0.25, 0.22], &[]);
        assert_eq!((found.scale, found.verdict, found.regression), (Scale::Difference, RunVerdict::Worse, true));
        assert!((found.estimate - 0.235).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn one_run_of_many_that_differs_keeps_the_sides_from_being_called_the_same() {
        let (mut compared, nothing) = ([0.0; 9], [0.0; 9]);
        compared[4] = 0.3;
        let found = one(Direction::LowerIsBetter, &nothing, &compared, &[]);
        assert_eq!((found.estimate, found.verdict), (0.0, RunVerdict::Unclear(Unclear::Drift)));
        assert_eq!(found.interval.map(|interval| (interval.low, interval.high)), Some((0.0, 0.3)));
    }

    #[test]
    fn bad_questions_are_refused() {
        assert_eq!(compare_runs(&[], &RULE), Ok(vec![]));
        assert!(compare_runs(&[], &RunRule { margin: 0.0, ..RULE }).is_err());
        assert!(compare_runs(&[], &RunRule { alpha: 1.0, ..RULE }).is_err());
        let lacks = row(Direction::HigherIsBetter, &[1.0, 2.0], &[1.0], &[]);
        let whole = row(Direction::HigherIsBetter, &[1.0], &[1.0], &[]);
        assert!(compare_runs(&[whole.clone(), lacks], &RULE).is_err());
        assert!(compare_runs(&[RunRow { compared: vec![f64::NAN], ..whole }], &RULE).is_err());
    }
}

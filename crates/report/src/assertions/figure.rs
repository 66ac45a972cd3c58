//! The figure of a trial that an assertion is about.

use crate::units;
use cachemark_results::assertion::{AssertedMetric as Asserted, Assertion, Unit};
use cachemark_results::{TimeSummary, Trial};
use cachemark_stats::samples_needed;

/// The figure, as records have it; none where the trial has none.
pub(super) fn of(assertion: &Assertion, trial: &Trial) -> Option<f64> {
    let response = || trial.open_loop.as_ref().and_then(|open| open.all_response);
    // A trial that was asked nothing had no store to load and nothing to fail.
    let asked = trial.asked() > 0;
    let as_share = assertion.bound.unit == Some(Unit::Percent);
    let failed = |call: &str| share_of(trial.failed_cache_calls(call)?, trial.cache.calls(), as_share);
    match assertion.metric {
        Asserted::Throughput => Some(trial.throughput_ops_per_s),
        Asserted::HitRatio => trial.hit_ratio,
        Asserted::StoreLoad => asked.then_some(trial.store_load),
        Asserted::Errors => asked.then(|| errors(trial, as_share)),
        Asserted::BypassedReads => share_of(trial.lookups().failed, trial.lookups().asked(), as_share),
        Asserted::CacheFailures => share_of(trial.cache.errors, trial.cache.calls(), as_share),
        Asserted::FailedGets => failed("get"),
        Asserted::FailedSets => failed("set"),
        Asserted::FailedDeletes => failed("delete"),
        Asserted::ReadP50 => time(trial.read_time, |time| time.p50_ns),
        Asserted::ReadP99 => time(trial.read_time, |time| time.p99_ns),
        Asserted::ServiceP50 => time(trial.all_time, |time| time.p50_ns),
        Asserted::ServiceP99 => time(trial.all_time, |time| time.p99_ns),
        Asserted::ServiceP999 => time(trial.all_time, |time| time.p999_ns),
        Asserted::ResponseP50 => time(response(), |time| time.p50_ns),
        Asserted::ResponseP99 => time(response(), |time| time.p99_ns),
        Asserted::ResponseP999 => time(response(), |time| time.p999_ns),
    }
    .filter(|value| value.is_finite())
}

fn time(summary: Option<TimeSummary>, percentile: impl Fn(TimeSummary) -> Option<u64>) -> Option<f64> {
    summary.and_then(percentile).map(|ns| ns as f64)
}

/// Operations asked that got no answer: how many, or which share of all.
fn errors(trial: &Trial, as_share: bool) -> f64 {
    let failed = trial.unanswered() as f64;
    if as_share { failed / trial.asked() as f64 } else { failed }
}

/// How many of `all`, or which share of them; none where there were none.
fn share_of(some: u64, all: u64, as_share: bool) -> Option<f64> {
    (all > 0).then(|| if as_share { some as f64 / all as f64 } else { some as f64 })
}

/// The figure as text.
pub(super) fn format(assertion: &Assertion, value: f64) -> String {
    let as_share = assertion.bound.unit == Some(Unit::Percent);
    match assertion.metric {
        Asserted::Throughput => units::rate(value),
        // A digit more than elsewhere: 0.7996 is not 0.8.
        Asserted::HitRatio | Asserted::StoreLoad => format!("{value:.4}"),
        // A share of failures may be far below what a page of shares shows.
        _ if is_count(assertion.metric) && as_share => format!("{} %", units::count(value * 100.0)),
        _ if is_count(assertion.metric) => units::count(value),
        _ => units::time(value),
    }
}

/// Why a trial may not have a figure, in words.
pub(super) fn why_absent(metric: Asserted) -> String {
    let Some((name, _)) = percentile(metric) else {
        return match metric {
            Asserted::HitRatio | Asserted::BypassedReads => "no read asked a cache",
            Asserted::CacheFailures | Asserted::FailedGets | Asserted::FailedSets | Asserted::FailedDeletes => {
                "no cache was seen to be asked, or the record does not say which calls failed"
            }
            _ => "nothing was asked in the window",
        }
        .into();
    };
    let takes = units::count(samples(metric) as f64);
    if metric.is_response_time() {
        format!("{name} takes {takes} answered operations of an open loop, which alone has response times")
    } else {
        format!("{name} takes {takes} samples")
    }
}

/// How many samples the figure takes; 0: any number.
pub(super) fn samples(metric: Asserted) -> u64 {
    percentile(metric).and_then(|(_, quantile)| samples_needed(quantile)).unwrap_or(0)
}

/// Whether it counts what failed.
fn is_count(metric: Asserted) -> bool {
    use Asserted::{BypassedReads, CacheFailures, Errors, FailedDeletes, FailedGets, FailedSets};
    matches!(metric, BypassedReads | CacheFailures | Errors | FailedDeletes | FailedGets | FailedSets)
}

/// The percentile that the figure is: its name, and the quantile.
fn percentile(metric: Asserted) -> Option<(&'static str, f64)> {
    match metric {
        Asserted::Throughput | Asserted::HitRatio | Asserted::StoreLoad => None,
        metric if is_count(metric) => None,
        Asserted::ResponseP50 | Asserted::ReadP50 | Asserted::ServiceP50 => Some(("p50", 0.5)),
        Asserted::ResponseP99 | Asserted::ReadP99 | Asserted::ServiceP99 => Some(("p99", 0.99)),
        _ => Some(("p99.9", 0.999)),
    }
}

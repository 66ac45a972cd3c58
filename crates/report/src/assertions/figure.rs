//! The figure of an assertion in words.

use crate::units;
use cachemark_results::Figure;
use cachemark_results::figure::{Measure, Needs};

/// The figure as text.
pub(crate) fn format(figure: &Figure, value: f64) -> String {
    match figure.unit {
        Measure::Rate => units::rate(value),
        // A digit more than elsewhere: 0.7996 is not 0.8.
        Measure::Share | Measure::Ratio => format!("{value:.4}"),
        Measure::SmallShare | Measure::Count | Measure::Time => units::figure(figure, value),
    }
}

const NOT_SEEN: &str = "calls to the store were not seen, or not by whoever made the record";
const NOT_JUDGED: &str = "no read could be judged: the oracle was left out, or no answer had a version";

/// Why a trial may not have a figure, in words.
pub(crate) fn why_absent(figure: &Figure) -> String {
    match figure.needs {
        Needs::Nothing | Needs::Operations => "nothing was asked in the window".into(),
        Needs::Lookups => "no read asked a cache".into(),
        Needs::CacheCalls => "no cache was seen to be asked, or the record does not say which calls failed".into(),
        Needs::StoreCalls => NOT_SEEN.into(),
        Needs::StoreReads => format!("no store read was in flight, or {NOT_SEEN}"),
        Needs::JudgedReads => NOT_JUDGED.into(),
        Needs::Audit { of_writes: true } => "no audit saw every chosen key, or the oracle was left out".into(),
        Needs::Audit { of_writes: false } => "no audit found an entry in a cache".into(),
        Needs::Faults => "no fault was on its timeline, or too little was seen before it".into(),
        Needs::StaleReads { .. } => format!("{NOT_JUDGED}, or too few were stale for a percentile"),
        Needs::Samples { open_loop, .. } => {
            let name = figure.name.split_once('.').map_or(figure.name, |(_, which)| which);
            let takes = units::count(figure.needs.samples() as f64);
            if open_loop {
                format!("{name} takes {takes} answered operations of an open loop, which alone has {}", times(figure))
            } else {
                format!("{name} takes {takes} samples")
            }
        }
    }
}

/// Which times only an open loop has.
fn times(figure: &Figure) -> String {
    match figure.name.split_once('.') {
        Some(("response", _)) | None => "response times".to_owned(),
        Some((family, _)) => family.replace('_', " "),
    }
}

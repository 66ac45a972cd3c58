//! How costs, break-evens and savings are written.

use super::super::{NAMED, counted};
use crate::analysis::Analysis;
use crate::units;
use crate::worth::{BreakEven, Estimate};
use std::collections::BTreeMap;

/// A time that may be below 0.
pub(super) fn signed_time(ns: f64) -> String {
    if ns < 0.0 { format!("-{}", units::time(-ns)) } else { units::time(ns) }
}

pub(super) fn middle(found: Option<&Estimate>, format: fn(f64) -> String) -> String {
    units::or_none(found.map(|found| found.middle), format)
}

pub(super) fn interval(found: Option<&Estimate>, format: fn(f64) -> String) -> String {
    let interval = found.and_then(|found| found.interval);
    interval.map_or_else(
        || units::NOT_AVAILABLE.to_owned(),
        |interval| format!("{} to {}", format(interval.low), format(interval.high)),
    )
}

/// "never" or "always" where the whole interval says so.
pub(super) fn break_even(found: &BreakEven) -> String {
    match found {
        BreakEven::Missing => units::NOT_AVAILABLE.to_owned(),
        BreakEven::Undefined { .. } => "undefined".to_owned(),
        BreakEven::At(Estimate { interval: Some(interval), .. }) if interval.low > 1.0 => "never".to_owned(),
        BreakEven::At(Estimate { interval: Some(interval), .. }) if interval.high < 0.0 => "always".to_owned(),
        BreakEven::At(found) => units::share(found.middle),
    }
}

/// The cells that share a reason, a sentence for each reason: `because` makes it of their names and the reason.
pub(super) fn by_reason<'a>(
    analysis: &Analysis<'_>,
    found: impl Iterator<Item = (usize, &'a str)>,
    because: impl Fn(&str, &str) -> String,
) -> Vec<String> {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (cell, why) in found {
        reasons.entry(why).or_default().push(&analysis.cells[cell].cell.id);
    }
    let told = |(why, cells): (&str, Vec<&str>)| {
        let more = cells.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {}", counted(more, "more cell")) } else { String::new() };
        because(&format!("{}{more}", cells[..cells.len().min(NAMED)].join("; ")), why)
    };
    reasons.into_iter().map(told).collect()
}

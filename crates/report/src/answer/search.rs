//! What a capacity search found, in order; nothing is judged.

use super::lists::NAMED;
use super::{Answer, Kind};
use crate::units;
use cachemark_results::{Capacity, Run};

pub(super) fn answer(run: &Run) -> Answer {
    let found = &run.manifest.capacities;
    let mut bore: Vec<(&Capacity, f64)> =
        found.iter().filter_map(|found| Some((found, found.answer_per_s.or(found.at_least_per_s)?))).collect();
    bore.sort_by(|a, b| b.1.total_cmp(&a.1));
    let objective = found.first().map_or("", |found| found.objective.as_str());
    let one = |(found, rate): &(&Capacity, f64)| {
        let least = if found.answer_per_s.is_none() { "at least " } else { "" };
        format!("{} bore {least}{}/s", found.cell, units::count(*rate))
    };
    let mut told: Vec<String> = bore.iter().take(NAMED).map(one).collect();
    match (bore.len().saturating_sub(NAMED), found.len() - bore.len()) {
        (0, 0) => {}
        (0, none) => told.push(format!("{none} met it at no load")),
        (more, none) => told.push(format!("{} more bore less, or met it at no load", more + none)),
    }
    let what = match bore.is_empty() {
        true => format!("No load was found that meets {objective}."),
        false => format!("The greatest load that meets {objective}: {}.", told.join("; ")),
    };
    let sure =
        "Each answer was met in every repeat; cells were searched one after the other, so the order is no verdict.";
    Answer { sure: Some(sure.to_owned()), ..Answer::new(Kind::Search, what) }
}

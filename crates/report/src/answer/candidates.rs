//! Which arms may be recommended, and why the others may not.

use super::lists::NAMED;
use crate::analysis::{Analysis, CellFigures, Family};
use crate::tables::counted;
use cachemark_results::warning::{FAULT_FAILED, Gravity, gravity};
use std::collections::BTreeMap;

/// The arms of a record's families, by the names of their rows.
pub(super) struct Candidates<'a> {
    /// Those that may be recommended, in the manifest's order.
    pub(super) names: Vec<&'a str>,
    /// The others, with what they did.
    pub(super) barred: Vec<(&'a str, String)>,
}

impl<'a> Candidates<'a> {
    pub(super) fn of(analysis: &'a Analysis<'_>) -> Self {
        let mut candidates = Self { names: Vec::new(), barred: Vec::new() };
        let mut cells: Vec<(&str, Vec<usize>)> = Vec::new();
        for row in analysis.families.iter().flat_map(arms_of) {
            match cells.iter_mut().find(|(name, _)| *name == row.0) {
                Some((_, cells)) if cells.contains(&row.1) => {}
                Some((_, cells)) => cells.push(row.1),
                None => cells.push((row.0, vec![row.1])),
            }
        }
        for (name, cells) in cells {
            let cells: Vec<&CellFigures<'_>> = cells.into_iter().map(|cell| &analysis.cells[cell]).collect();
            match barred(&cells) {
                Some(why) => candidates.barred.push((name, why)),
                None => candidates.names.push(name),
            }
        }
        candidates
    }

    /// One line for each arm that is barred; the last few together.
    pub(super) fn barred_in_words(&self) -> Vec<String> {
        let one = |(name, why): &(&str, String)| format!("{name}, whatever its figures: it {why}.");
        let mut lines: Vec<String> = self.barred.iter().take(NAMED).map(one).collect();
        let more = self.barred.len().saturating_sub(NAMED);
        if more > 0 {
            lines.push(format!("And {more} more, for reasons of that sort."));
        }
        lines
    }
}

/// The names and cells of all that a family compares, its reference first.
fn arms_of(family: &Family) -> impl Iterator<Item = (&str, usize)> {
    let rows = family.rows.iter().filter(|row| row.is_an_arm(family));
    rows.map(|row| (row.label.as_str(), row.cell))
}

/// What bars an arm with these cells, after "it".
fn barred(cells: &[&CellFigures<'_>]) -> Option<String> {
    if let Some(did) = cells.iter().find_map(|figures| figures.forfeit()) {
        return Some(did.to_owned());
    }
    let mut grave: BTreeMap<&str, usize> = BTreeMap::new();
    let trials = || cells.iter().flat_map(|figures| figures.finished());
    for trial in trials() {
        let mut codes: Vec<&str> = trial.warnings.iter().map(|warning| warning.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        // A fault that could not be done invalidates its trial, and is none of the arm's.
        let is_its = |code: &&str| gravity(code) == Gravity::Grave && *code != FAULT_FAILED.code;
        for code in codes.into_iter().filter(is_its) {
            *grave.entry(code).or_default() += 1;
        }
    }
    let (code, count) = grave.into_iter().max_by_key(|(_, count)| *count)?;
    Some(format!("has the warning {code} in {count} of {}", counted(trials().count(), "trial")))
}

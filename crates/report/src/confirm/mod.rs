//! A published record against its own definition, run again: does each of its rows come out the same way here?
//!
//! A row is one comparison of an arm with its reference on a figure that verdicts are on. Both records are judged by themselves, as
//! their pages are, and the two intervals of a row are held against each other: [`cachemark_stats::agreement()`] has the rule. What a
//! machine does to all arms alike cancels in a ratio, so rows can agree where no time does.
//!
//! A row is marked where the A/A control of its family is not quiet in either record: where a second run of the reference itself strays, a
//! difference between two records is no evidence against either.

mod error;
mod json;
mod markdown;
mod row;
mod sentences;
mod sheet;
mod shortened;

pub use error::ConfirmError;
pub use json::confirmation_json;
pub use row::{ConfirmedRow, Control, RowAgreement};
pub use shortened::Shortened;

use crate::analysis::{Analysis, Trust, analyse};
use crate::compare::aspect::differences;
use crate::compare::{Aspect, AspectDifference, join};
use crate::sheet::Sheet;
use cachemark_results::{Run, Status};
use cachemark_stats::{ALPHA, blocks_needed};
use std::slice::from_ref;

/// What came of it.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// The published record.
    pub published: Side,
    /// The one that was made to confirm it.
    pub here: Side,
    /// What an arm is called.
    pub subject: &'static str,
    /// Ratios within 1 / (1 + margin) to 1 + margin don't matter: the published record's own.
    pub margin: f64,
    /// Every comparison of the published record that verdicts are given on, in its order.
    pub rows: Vec<ConfirmedRow>,
    /// In what the records differ.
    pub differences: Vec<AspectDifference>,
    /// What is shorter here than it was there.
    pub shortened: Shortened,
    /// How many times as wide the intervals are here as they were there: the median over rows that have two on one scale.
    pub wider: Option<f64>,
    /// What speaks against trusting either record, a line each.
    pub untrusted: Vec<String>,
}

/// One of the two records.
#[derive(Debug, Clone)]
pub struct Side {
    /// The name of its folder, without where that is.
    pub folder: String,
    /// The name of its definition.
    pub name: String,
    /// Machine, build, servers and when, in a line.
    pub made: String,
    /// Whether it was built without optimisation.
    pub unoptimised: bool,
}

/// The fewest blocks that a row can be confirmed with: those of an interval.
#[must_use]
pub fn least_blocks() -> u32 {
    blocks_needed(1, ALPHA).unwrap_or(u32::MAX)
}

/// Refuses a record that has no row to confirm, before anything is run.
///
/// # Errors
/// [`ConfirmError`]: a capacity search, a load of services, an unfinished record, one without an interval.
pub fn check_published(published: &Run) -> Result<(), ConfirmError> {
    let manifest = &published.manifest;
    let folder = published.folder.clone();
    if manifest.is_search() {
        return Err(ConfirmError::Search { folder });
    }
    if manifest.is_of_services() {
        return Err(ConfirmError::Services { folder, command: manifest.command.clone() });
    }
    if manifest.status != Status::Complete {
        return Err(ConfirmError::Unfinished { folder });
    }
    let analysis = analyse(published);
    match row::rows_of(&analysis).any(|(_, row)| row::effect(row).is_some()) {
        true => Ok(()),
        false => Err(ConfirmError::NoInterval { folder, blocks: analysis.blocks }),
    }
}

/// Holds `here` against `published`.
///
/// # Errors
/// As [`check_published`]; and where the records have no row in common.
pub fn confirm(published: &Run, here: &Run) -> Result<Confirmation, ConfirmError> {
    check_published(published)?;
    let (there, ours) = (analyse(published), analyse(here));
    let places = join::places(&there.cells, &ours.cells);
    let margin = published.manifest.equivalence_margin;
    let rows: Vec<ConfirmedRow> = row::rows_of(&there)
        .map(|(family, row)| ConfirmedRow::of((&there, family, row), &ours, &places, margin))
        .collect();
    if rows.iter().all(|row| row.here.is_none()) {
        return Err(ConfirmError::NoCommonRow { published: published.folder.clone(), here: here.folder.clone() });
    }
    Ok(Confirmation {
        published: Side::of(published),
        here: Side::of(here),
        subject: there.subject.name(),
        margin,
        wider: row::wider(&rows),
        rows,
        differences: differences(from_ref(published), from_ref(here)),
        shortened: Shortened::of(published, here),
        untrusted: untrusted(published, &there, "published").chain(untrusted(here, &ours, "here")).collect(),
    })
}

fn untrusted<'a>(run: &Run, analysis: &Analysis<'_>, whose: &'a str) -> impl Iterator<Item = String> + use<'a> {
    Trust::of(run, analysis).reasons.into_iter().map(move |reason| format!("{whose}: {}", reason.line()))
}

impl Side {
    fn of(run: &Run) -> Self {
        let name = run.folder.canonicalize().ok();
        let name = name.as_deref().unwrap_or(&run.folder).file_name();
        Self {
            folder: name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            name: run.manifest.name.clone(),
            made: crate::tables::environment_line(run),
            unoptimised: run.environment.as_ref().is_some_and(|made| made.tool.profile == "debug"),
        }
    }
}

impl Confirmation {
    /// How many rows came to it.
    #[must_use]
    pub fn count(&self, says: RowAgreement) -> usize {
        self.rows.iter().filter(|row| row.says() == says).count()
    }

    /// The rows that differ.
    pub fn different(&self) -> impl Iterator<Item = &ConfirmedRow> {
        self.rows.iter().filter(|row| row.says() == RowAgreement::Differs)
    }

    /// Whether a row differs whose A/A control is quiet in both records.
    #[must_use]
    pub fn is_contradicted(&self) -> bool {
        self.different().any(ConfirmedRow::is_quiet)
    }

    /// Whether machine, servers and build are the same in both: then nothing was shown but that it can be repeated.
    #[must_use]
    pub fn is_of_one_machine(&self) -> bool {
        self.differences.iter().all(|difference| difference.aspect != Aspect::Machine)
    }

    /// What came out, in a sentence.
    #[must_use]
    pub fn conclusion(&self) -> String {
        sentences::conclusion(self)
    }

    /// It for a terminal.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        sheet::sheet(self)
    }

    /// It as a report that can be sent in: what was confirmed on which machines, and no path of either.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::markdown(self)
    }
}

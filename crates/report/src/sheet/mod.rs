//! What a terminal shows: rows under headings, no wider than it is asked to be.
//!
//! No word and no number is broken. Columns have a rank: where there is no room for all, the last in rank goes, whole, and
//! a line says so. Prose wraps at words; so do names that users made, which push no figure out: one word of them that is too long
//! by itself is broken at a joint.

mod layout;
mod render;
mod wrap;

pub use wrap::{printable, wrapped};

use crate::table::Row;

/// The width, in columns, where it is not known: of a pipe, a file, or a terminal that says 0.
pub const USUAL_WIDTH: usize = 78;

/// What is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What it is; empty for none.
    pub title: String,
    /// What it comes to, a line each.
    pub answer: Vec<String>,
    /// What must be seen before any figure.
    pub remarks: Vec<String>,
    /// The columns, from left to right.
    pub columns: Vec<Column>,
    /// The rows, each as long as the columns.
    pub groups: Vec<Group>,
    /// What has to be known to read it.
    pub footnotes: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub holds: Holds,
    /// 0 stays whatever the width; of the others the greatest goes first.
    pub rank: usize,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Figures: set to the right, each in one piece.
    Figures,
    /// Names of ours: each in one piece.
    Names,
    /// Names that users made, of arms and cells, as long as they like: wrapped where there is no room.
    LongNames,
    /// Sentences: wrapped at words.
    Prose,
}

impl Holds {
    /// Whether it goes on below where there is no room beside.
    fn wraps(self) -> bool {
        matches!(self, Self::LongNames | Self::Prose)
    }
}

/// Rows under a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// What they have in common; empty for no heading.
    pub heading: String,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Column {
    /// A column of figures.
    pub fn figures(name: impl Into<String>, rank: usize) -> Self {
        Self { name: name.into(), holds: Holds::Figures, rank }
    }

    /// A column of names.
    pub fn names(name: impl Into<String>, rank: usize) -> Self {
        Self { name: name.into(), holds: Holds::Names, rank }
    }

    /// A column of names that users made.
    pub fn long_names(name: impl Into<String>, rank: usize) -> Self {
        Self { name: name.into(), holds: Holds::LongNames, rank }
    }

    /// A column of prose.
    pub fn prose(name: impl Into<String>, rank: usize) -> Self {
        Self { name: name.into(), holds: Holds::Prose, rank }
    }
}

impl Sheet {
    /// Adds a row to the group of this heading, which begins with it unless it is the last one already.
    pub(crate) fn push(&mut self, heading: &str, row: Row) {
        match self.groups.last_mut() {
            Some(group) if group.heading == heading => group.rows.push(row),
            _ => self.groups.push(Group { heading: heading.to_owned(), rows: vec![row] }),
        }
    }

    /// The sheet as lines of at most `width` columns, but for a word or a row of rank 0 that is longer by itself. `styled`
    /// is whether escape sequences may set rows apart.
    #[must_use]
    pub fn render(&self, width: usize, styled: bool) -> String {
        render::render(self, width, styled)
    }
}

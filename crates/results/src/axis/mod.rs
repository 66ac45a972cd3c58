//! Every axis that cells of all arms share: its name, how a value is written, and how a cell is named by it.
//!
//! One file holds an axis, and [`AXES`] lists them all. Ids and families of cells, the conditions of assertions and the columns of
//! CSV and JSON come from here. What one arm is varied over is its own: see [`Cell::arm_axes`].

mod instances;
mod list;
mod rate;
mod read_cost;
mod read_ratio;

pub use instances::INSTANCES;
pub use list::AXES;
pub use rate::RATE;
pub use read_cost::READ_COST;
pub use read_ratio::READ_RATIO;

use crate::Cell;
use std::fmt;

/// Something that is varied. Two are the same if they have the same name.
pub struct Axis {
    /// Its name in assertions.
    pub name: &'static str,
    /// Its name with the unit, in CSV and JSON.
    pub column: &'static str,
    /// Where a cell stands; none where it has no place on it.
    pub of: fn(&Cell) -> Option<f64>,
    /// What a value is, for people.
    pub takes: &'static str,
    /// The value that is written so.
    pub parse: fn(&str) -> Option<f64>,
    /// A value as [`Axis::parse`] reads it.
    pub print: fn(f64) -> String,
    /// What it adds to a cell's id; none for the value that a cell has unless it is told.
    pub in_id: fn(f64) -> Option<String>,
    /// What it adds to the name of a family of comparisons.
    pub in_words: fn(f64) -> Option<String>,
}

impl PartialEq for Axis {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A number from 0 on, in digits: with an exponent its printed form could be longer than an assertion may be.
fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain { text.parse().ok() } else { None }
}

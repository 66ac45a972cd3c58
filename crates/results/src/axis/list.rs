//! The list of axes, and what is made of it.

use super::{Axis, INSTANCES, RATE, READ_COST, READ_RATIO};
use crate::Cell;

/// All of them, in the order of ids and tables.
pub const AXES: [&Axis; 4] = [&READ_RATIO, &READ_COST, &RATE, &INSTANCES];

/// The cache of a cell that asks none.
const NO_CACHE: &str = "none";

impl Axis {
    /// The axis of that name; hyphens are taken for underscores.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        let plain = name.replace('-', "_");
        AXES.into_iter().find(|axis| axis.name == plain)
    }

    fn parts<'a>(
        cell: &'a Cell,
        part: impl Fn(&Self, f64) -> Option<String> + 'a,
    ) -> impl Iterator<Item = String> + 'a {
        AXES.into_iter().filter_map(move |axis| part(axis, (axis.of)(cell)?))
    }
}

impl Cell {
    /// The id that the cell's arm, parts and place on the axes come to.
    #[must_use]
    pub fn made_id(&self) -> String {
        let axes: String =
            Axis::parts(self, |axis, value| (axis.in_id)(value)).map(|part| format!(" {part}")).collect();
        format!("{} {} {}{axes}", self.arm, self.cache, self.store)
    }

    /// The family of comparisons that the cell's parts and its place on the axes come to.
    #[must_use]
    pub fn made_family(&self) -> String {
        let words: String =
            Axis::parts(self, |axis, value| (axis.in_words)(value)).map(|part| format!(", {part}")).collect();
        let cache = if self.cache == NO_CACHE { String::new() } else { format!("{} + ", self.cache) };
        format!("{cache}{}{words}", self.store)
    }

    /// The cells of `all` that this one is compared with, its own reference first. A cell that asks no cache stands beside every
    /// cache: it is compared with each cell of the reference's arm at its place on the axes.
    pub fn references<'a>(&'a self, all: impl Iterator<Item = &'a Self> + Clone) -> impl Iterator<Item = &'a Self> {
        let own = all.clone().find(|cell| Some(&cell.id) == self.reference.as_ref());
        let everywhere = self.cache == NO_CACHE && !self.control;
        let others = all.filter(move |cell| {
            own.is_some_and(|own| everywhere && own.id != cell.id && own.arm == cell.arm && !cell.control)
                && cell.store == self.store
                && AXES.into_iter().all(|axis| (axis.of)(cell) == (axis.of)(self))
        });
        own.into_iter().chain(others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_printed_is_read_again() {
        for (axis, values) in
            AXES.into_iter().zip([[0.0, 0.9, 1.0], [0.0, 1000.0, 7.0], [0.5, 500.0, 1e6], [1.0, 4.0, 64.0]])
        {
            for value in values {
                assert_eq!((axis.parse)(&(axis.print)(value)), Some(value), "{axis:?}");
            }
        }
    }

    #[test]
    fn axes_can_be_told_apart_and_are_found_by_their_names() {
        for (place, axis) in AXES.into_iter().enumerate() {
            assert_eq!(Axis::named(axis.name), Some(axis));
            assert!(AXES[..place].iter().all(|other| other.column != axis.column && *other != axis));
        }
        assert_eq!((Axis::named("read-ratio"), Axis::named("beauty")), (Some(&READ_RATIO), None));
    }
}

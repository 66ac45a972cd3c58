//! Which cell says how long the store alone takes.

use crate::analysis::{Analysis, CellFigures, Subject};
use cachemark_results::{Cell, SettingMap};

/// The strategy without a cache. A service goes by its name: what it asks is not seen.
const NO_CACHE: &str = "no-cache";

/// Whether a cell has no cache, and asks the store for everything.
#[must_use]
pub fn is_without_cache(analysis: &Analysis<'_>, cell: &Cell) -> bool {
    let name = if analysis.subject == Subject::Service { &cell.arm } else { &cell.strategy };
    name == NO_CACHE
}

/// The cell without a cache that stands where this one does: same store, same settings of it, same place on the axes. Instances
/// may differ, since it keeps nothing; of several the nearest is taken, the reference first.
pub(super) fn baseline(analysis: &Analysis<'_>, figures: &CellFigures<'_>) -> Option<usize> {
    let cell = figures.cell;
    let stands_there = |other: &CellFigures<'_>| {
        is_without_cache(analysis, other.cell)
            && !other.cell.control
            && other.cell.unsupported.is_none()
            && other.cell.store == cell.store
            && other.cell.read_cost_us == cell.read_cost_us
            && other.point() == figures.point()
            && agree(&other.cell.store_settings, &cell.store_settings)
            && agree(&other.cell.server_settings, &cell.server_settings)
    };
    let candidates = analysis.cells.iter().enumerate().filter(|(_, other)| stands_there(other));
    let distance = |other: &Cell| {
        let is_reference = cell.reference.as_ref() == Some(&other.id);
        (!is_reference, other.cache != cell.cache, other.instances != cell.instances)
    };
    candidates.min_by_key(|(_, other)| distance(other.cell)).map(|(place, _)| place)
}

/// Whether what both have is set alike: a cell without a cache has no settings of one.
fn agree(a: &SettingMap, b: &SettingMap) -> bool {
    a.iter().all(|(name, value)| b.get(name).is_none_or(|other| other == value))
}

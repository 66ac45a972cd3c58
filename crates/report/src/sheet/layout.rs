//! Which columns there is room for, and how wide each is.

use super::wrap::{LONGEST_IN_NAMES, longest_piece};
use super::{Holds, Sheet};
use unicode_width::UnicodeWidthStr;

/// Between two columns.
pub(super) const GAP: usize = 2;
/// Prose is not squeezed below this, unless it is shorter.
const LEAST_PROSE: usize = 20;
/// A word of prose that is longer than this, such as a path, may stick out of its column.
const LONGEST_WORD: usize = 30;

/// A column that is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Which of the sheet's columns.
    pub(super) index: usize,
    /// How wide.
    pub(super) width: usize,
}

/// The columns to show in `width`, and the names of those that are left out, the first in rank first.
pub(super) fn lay_out(sheet: &Sheet, width: usize) -> (Vec<Placed>, Vec<&str>) {
    let mut kept: Vec<usize> = (0..sheet.columns.len()).collect();
    let mut left_out = Vec::new();
    let least = |index: &usize| least_width(sheet, *index);
    while taken(kept.iter().map(least)) > width {
        let last = kept.iter().copied().filter(|index| sheet.columns[*index].rank > 0);
        let Some(last) = last.max_by_key(|index| sheet.columns[*index].rank) else { break };
        kept.retain(|index| *index != last);
        left_out.insert(0, sheet.columns[last].name.as_str());
    }
    let mut room = width.saturating_sub(taken(kept.iter().map(least)));
    let mut placed = Vec::new();
    for (place, index) in kept.iter().enumerate() {
        let left = kept[place..].iter().filter(|index| sheet.columns[**index].holds.wraps()).count();
        let mut width = least(index);
        if sheet.columns[*index].holds.wraps() {
            let more = (natural_width(sheet, *index) - width).min(room / left);
            width += more;
            room -= more;
        }
        placed.push(Placed { index: *index, width });
    }
    (placed, left_out)
}

fn taken(widths: impl Iterator<Item = usize>) -> usize {
    widths.fold(0, |sum, width| sum + width + if sum == 0 { 0 } else { GAP })
}

fn cells(sheet: &Sheet, index: usize) -> impl Iterator<Item = &str> {
    sheet.groups.iter().flat_map(|group| &group.rows).map(move |row| row.cells[index].as_str())
}

/// The width that holds the heading, broken at words, and every cell in one piece.
fn natural_width(sheet: &Sheet, index: usize) -> usize {
    let of_cells = cells(sheet, index).flat_map(str::lines).map(UnicodeWidthStr::width).max().unwrap_or(0);
    of_cells.max(longest_piece(&sheet.columns[index].name))
}

/// The same, with what wraps broken.
fn least_width(sheet: &Sheet, index: usize) -> usize {
    let natural = natural_width(sheet, index);
    let least = match sheet.columns[index].holds {
        Holds::Figures | Holds::Names => return natural,
        Holds::LongNames => LONGEST_IN_NAMES,
        Holds::Prose => {
            let longest = cells(sheet, index).map(longest_piece).max().unwrap_or(0);
            LEAST_PROSE.max(longest.min(LONGEST_WORD))
        }
    };
    natural.min(least.max(longest_piece(&sheet.columns[index].name)))
}

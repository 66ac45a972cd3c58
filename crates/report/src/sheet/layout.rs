//! Which columns there is room for, and how wide each is.

use super::wrap::{LONGEST_IN_NAMES, longest_piece};
use super::{Holds, Sheet};
use crate::units::NOT_AVAILABLE;
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

/// The columns to show in `width`, and the names of those that are left out, the first to come back first.
pub(super) fn lay_out(sheet: &Sheet, width: usize) -> (Vec<Placed>, Vec<&str>) {
    let mut kept: Vec<usize> = (0..sheet.columns.len()).collect();
    let mut left_out = Vec::new();
    let least = |index: &usize| least_width(sheet, *index);
    while taken(kept.iter().map(least)) > width {
        let last = kept.iter().copied().filter(|index| sheet.columns[*index].rank > 0);
        // What says nothing in any row takes no room from what does, whatever its rank.
        let order = |index: &usize| (says_nothing(sheet, *index), sheet.columns[*index].rank);
        let Some(last) = last.max_by_key(order) else { break };
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

/// Whether no row has a value there.
fn says_nothing(sheet: &Sheet, index: usize) -> bool {
    cells(sheet, index).all(|cell| cell.is_empty() || cell == NOT_AVAILABLE)
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

#[cfg(test)]
mod tests {
    use super::super::{Column, Group};
    use super::*;
    use crate::table::{Emphasis, Row};

    /// Of a sheet with these columns of ten, by name, rank and cells, which are left out where there is room for `room` of them.
    fn left_out(columns: &[(&str, usize, [&str; 2])], room: usize) -> Vec<String> {
        let row = |at: usize| Row {
            cells: columns.iter().map(|(.., cells)| cells[at].to_owned()).collect(),
            emphasis: Emphasis::Plain,
            begins_group: false,
        };
        let sheet = Sheet {
            columns: columns.iter().map(|(name, rank, _)| Column::figures(*name, *rank)).collect(),
            groups: vec![Group { heading: String::new(), rows: vec![row(0), row(1)] }],
            ..Sheet::default()
        };
        let (_, left_out) = lay_out(&sheet, room * (10 + GAP) - GAP);
        left_out.into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn what_says_nothing_in_any_row_goes_first() {
        let ten = "1234567890";
        let columns = [
            ("first-name", 0, [ten, ten]),
            ("idle-early", 10, ["n/a", ""]),
            ("half-empty", 20, ["n/a", ten]),
            ("figure-one", 30, [ten, ten]),
            ("idle-later", 40, ["", ""]),
        ];
        assert_eq!(left_out(&columns, 5), [""; 0]);
        assert_eq!(left_out(&columns, 4), ["idle-later"]);
        assert_eq!(left_out(&columns, 3), ["idle-early", "idle-later"]);
        assert_eq!(left_out(&columns, 2), ["figure-one", "idle-early", "idle-later"]);
    }

    #[test]
    fn what_identifies_a_row_stays_though_it_says_nothing() {
        assert_eq!(left_out(&[("first-name", 0, ["", ""]), ("figure-one", 1, ["1", "2"])], 1), ["figure-one"]);
    }
}

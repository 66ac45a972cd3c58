//! Which cells are on both sides: those of the same arm, parts and place on the axes.

use super::takes_part;
use crate::analysis::{Analysis, CellFigures};
use cachemark_results::Figure;
use cachemark_results::axis::{AXES, RATE};

/// What makes a cell of one record that of another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    arm: String,
    cache: String,
    store: String,
    /// The bits of its values, in the order of the axes.
    axes: Vec<Option<u64>>,
    /// Which of several that are alike in all of this, as cells of old records may be.
    nth: usize,
}

/// A cell that all runs of both sides have.
pub(super) struct JoinedCell<'a> {
    /// It in each run of the baseline, and in each of the other side.
    pub(super) sides: [Vec<&'a CellFigures<'a>>; 2],
    /// It in those of the stored runs that have it.
    pub(super) stored: Vec<&'a CellFigures<'a>>,
    /// How it is told from others of its family.
    pub(super) label: String,
}

/// What both sides have in common.
pub(super) struct Joined<'a> {
    /// Cells that all runs have, those of a family together, else in the baseline's order.
    pub(super) cells: Vec<JoinedCell<'a>>,
    /// The ids of those that only the one side has, or not in all of its runs.
    pub(super) left_out: [Vec<String>; 2],
}

impl<'a> Joined<'a> {
    pub(super) fn of(analyses: &'a [Vec<Analysis<'a>>; 2], stored: &'a [Vec<CellFigures<'a>>]) -> Self {
        let of_side = |runs: &'a Vec<Analysis<'a>>| runs.iter().map(|run| keyed(&run.cells)).collect::<Vec<_>>();
        let [baseline, compared] = [of_side(&analyses[0]), of_side(&analyses[1])];
        let stored: Vec<_> = stored.iter().map(|cells| keyed(cells)).collect();
        let in_all = |runs: &[Keyed<'a>], key: &Key| -> Option<Vec<&'a CellFigures<'a>>> {
            runs.iter().map(|cells| find(cells, key)).collect()
        };
        let mut joined = Self { cells: Vec::new(), left_out: [Vec::new(), Vec::new()] };
        for (key, figures) in baseline.iter().flatten() {
            match (in_all(&baseline, key), in_all(&compared, key)) {
                (Some(before), Some(after)) if std::ptr::eq(before[0], *figures) => {
                    let stored = stored.iter().filter_map(|cells| find(cells, key)).collect();
                    joined.cells.push(JoinedCell { label: figures.cell.arm.clone(), sides: [before, after], stored });
                }
                // It was met in the first run.
                (Some(_), Some(_)) => {}
                _ => add(&mut joined.left_out[0], figures),
            }
        }
        for (key, figures) in compared.iter().flatten() {
            if in_all(&baseline, key).is_none() || in_all(&compared, key).is_none() {
                add(&mut joined.left_out[1], figures);
            }
        }
        joined.sort();
        joined.tell_apart();
        joined
    }

    /// Puts the cells of one family together, in the order in which families were met.
    fn sort(&mut self) {
        let mut families: Vec<String> = Vec::new();
        for cell in &self.cells {
            if !families.iter().any(|family| family == cell.family()) {
                families.push(cell.family().to_owned());
            }
        }
        self.cells.sort_by_key(|cell| families.iter().position(|family| family == cell.family()));
    }

    /// Cells of one label within a family are told apart by their ids.
    fn tell_apart(&mut self) {
        let named = |cell: &JoinedCell<'_>| (cell.family().to_owned(), cell.label.clone());
        let names: Vec<_> = self.cells.iter().map(named).collect();
        for cell in &mut self.cells {
            if names.iter().filter(|name| **name == named(cell)).count() > 1 {
                cell.label.clone_from(&cell.sides[0][0].cell.id);
            }
        }
    }
}

impl JoinedCell<'_> {
    /// The family of comparisons that it belongs to within its run, for people.
    pub(super) fn family(&self) -> &str {
        &self.sides[0][0].cell.family
    }

    /// Whether a run of either side has the figure.
    pub(super) fn has(&self, figure: &Figure) -> bool {
        self.sides.iter().flatten().any(|figures| figures.median(figure).is_some())
    }
}

type Keyed<'a> = Vec<(Key, &'a CellFigures<'a>)>;

fn keyed<'a>(cells: &'a [CellFigures<'a>]) -> Keyed<'a> {
    let mut found: Keyed<'a> = Vec::new();
    for figures in cells.iter().filter(|figures| takes_part(figures.cell)) {
        let cell = figures.cell;
        let on_axis = |axis: &cachemark_results::axis::Axis| match axis == &RATE {
            // A record whose cells don't name the offered load has it in its trials.
            true => figures.point().offered_per_s,
            false => (axis.of)(cell),
        };
        let axes = AXES.into_iter().map(|axis| on_axis(axis).map(f64::to_bits)).collect();
        let mut key = Key { arm: cell.arm.clone(), cache: cell.cache.clone(), store: cell.store.clone(), axes, nth: 0 };
        while found.iter().any(|(known, _)| *known == key) {
            key.nth += 1;
        }
        found.push((key, figures));
    }
    found
}

/// Of each cell of the one record its place in the other; none where the other hasn't it, and of controls.
pub(crate) fn places(one: &[CellFigures<'_>], other: &[CellFigures<'_>]) -> Vec<Option<usize>> {
    let (of_one, of_other) = (keyed(one), keyed(other));
    let place = |figures: &CellFigures<'_>| {
        let (key, _) = of_one.iter().find(|(_, known)| std::ptr::eq(*known, figures))?;
        let there = find(&of_other, key)?;
        other.iter().position(|known| std::ptr::eq(known, there))
    };
    one.iter().map(place).collect()
}

fn find<'a>(cells: &Keyed<'a>, key: &Key) -> Option<&'a CellFigures<'a>> {
    cells.iter().find(|(known, _)| known == key).map(|(_, figures)| *figures)
}

fn add(names: &mut Vec<String>, figures: &CellFigures<'_>) {
    if !names.contains(&figures.cell.id) {
        names.push(figures.cell.id.clone());
    }
}

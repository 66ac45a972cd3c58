//! Which cells are shown side by side: those of one cache, store, read cost and number of instances.

use super::CellFigures;
use crate::units;
use cachemark_results::Cell;

/// A strategy that never asks a cache has this for one.
pub(crate) const NO_CACHE: &str = "none";

/// One stack of the sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// Cache, store and read cost in words.
    pub label: String,
    /// The label in lower-case letters, digits and dashes, for the names of files.
    pub slug: String,
    /// Its cells, as indices into [`Analysis::cells`](super::Analysis::cells). A cell without a cache stands in every stack
    /// of its store and read cost.
    pub cells: Vec<usize>,
}

/// The stacks in the manifest's order.
pub(super) fn stacks(cells: &[CellFigures<'_>]) -> Vec<Stack> {
    let mut heads: Vec<&Cell> = Vec::new();
    for cell in cells.iter().map(|figures| figures.cell) {
        let shown = cell.cache == NO_CACHE && cells.iter().any(|other| is_home(other.cell, cell));
        if !shown && !heads.iter().any(|head| is_same(head, cell)) {
            heads.push(cell);
        }
    }
    let costs_differ = heads.windows(2).any(|pair| pair[0].read_cost_us != pair[1].read_cost_us);
    let stack = |head: &&Cell| {
        // Of several runs without a cache the one of as many instances is at home; of one alone, that.
        let of_as_many = |cell: &Cell| {
            cell.instances == head.instances
                || !cells.iter().any(|other| {
                    other.cell.cache == NO_CACHE && is_home(head, other.cell) && other.cell.instances == head.instances
                })
        };
        let belongs =
            |cell: &Cell| is_same(head, cell) || (cell.cache == NO_CACHE && is_home(head, cell) && of_as_many(cell));
        let members = cells.iter().enumerate().filter(|(_, figures)| belongs(figures.cell));
        let label = label(head, costs_differ);
        Stack { slug: slug(&label), label, cells: members.map(|(index, _)| index).collect() }
    };
    heads.iter().map(stack).collect()
}

/// The stack of a cell in words.
pub(crate) fn label(cell: &Cell, costs_differ: bool) -> String {
    let mut label = match cell.cache.as_str() {
        NO_CACHE => cell.store.clone(),
        cache => format!("{cache} + {}", cell.store),
    };
    if cell.read_cost_us > 0 {
        label += &format!(", read cost {}", units::time_tick(cell.read_cost_us as f64 * 1e3));
    } else if costs_differ {
        label += ", no read cost";
    }
    if let Some(workers) = cell.store_workers {
        label += &format!(", {workers} emulated store workers");
    }
    if cell.instances != 1 {
        label += &format!(", {} instances", cell.instances);
    }
    label
}

fn is_same(a: &Cell, b: &Cell) -> bool {
    a.cache == b.cache && a.store == b.store && a.read_cost_us == b.read_cost_us && a.instances == b.instances
}

/// Whether a cell without a cache can be shown beside `cell`. Without in-process state the instances don't matter.
fn is_home(cell: &Cell, without_cache: &Cell) -> bool {
    cell.cache != NO_CACHE && cell.store == without_cache.store && cell.read_cost_us == without_cache.read_cost_us
}

fn slug(label: &str) -> String {
    let plain: String =
        label.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join("-")
}

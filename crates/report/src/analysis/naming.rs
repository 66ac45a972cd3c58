//! Names and colours of the lines of the legend.

use super::colours::{self, FALLBACK};
use cachemark_results::{Cell, Manifest};
use std::collections::BTreeSet;

/// A line of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The arm's name.
    pub label: String,
    /// Its colour: red, green, blue.
    pub colour: [u8; 3],
    /// Whether it is the A/A control.
    pub control: bool,
}

/// The lines of the legend in the manifest's order, each control behind its reference, and each cell's line.
pub(super) fn variants(manifest: &Manifest) -> (Vec<Variant>, Vec<usize>) {
    let mut order: Vec<&Cell> = Vec::new();
    for cell in &manifest.cells {
        if order.iter().any(|known| is_same(known, cell)) {
            continue;
        }
        let behind = order.iter().position(|known| cell.control && known.arm == cell.arm);
        order.insert(behind.map_or(order.len(), |place| place + 1), cell);
    }
    let variants =
        order.iter().map(|cell| Variant { label: label(cell), colour: colour(manifest, cell), control: cell.control });
    let place = |cell: &Cell| order.iter().position(|known| is_same(known, cell)).unwrap_or(0);
    (variants.collect(), manifest.cells.iter().map(place).collect())
}

fn is_same(a: &Cell, b: &Cell) -> bool {
    a.arm == b.arm && a.control == b.control
}

fn label(cell: &Cell) -> String {
    if cell.control { format!("{} (A/A)", cell.arm) } else { cell.arm.clone() }
}

/// The strategy's colour; where it has several arms, each has a shade of it. A service has that of the strategy that it is
/// called like, or one of its own: which strategy it has is not known.
fn colour(manifest: &Manifest, cell: &Cell) -> [u8; 3] {
    let of_services = manifest.is_of_services();
    let of = |cell: &'_ Cell| if of_services { cell.arm.clone() } else { cell.strategy.clone() };
    let name = of(cell);
    let part = manifest.parts.iter().find(|part| part.kind == "strategy" && part.name == name);
    let names: BTreeSet<String> = manifest.cells.iter().map(of).collect();
    let place = names.iter().position(|other| *other == name).unwrap_or(0);
    let full = part.map_or(FALLBACK[place % FALLBACK.len()], |part| part.colour);
    let mut arms: Vec<&str> = Vec::new();
    for other in manifest.cells.iter().filter(|other| of(other) == name) {
        if !arms.contains(&other.arm.as_str()) {
            arms.push(&other.arm);
        }
    }
    let place = arms.iter().position(|arm| *arm == cell.arm).unwrap_or(0);
    colours::shade(full, place, arms.len())
}

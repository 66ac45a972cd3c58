//! Names and colours of the lines of the legend.

use cachemark_results::{Cell, Manifest, SettingMap};
use std::collections::BTreeSet;

/// A line of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The strategy's name, with the settings that tell it from another line of the same strategy.
    pub label: String,
    /// Its colour: red, green, blue.
    pub colour: [u8; 3],
    /// Whether it is the A/A control.
    pub control: bool,
}

/// Colours for strategies that the manifest gives none: told apart by people who see colours in any of the usual ways.
const FALLBACK: [[u8; 3]; 7] =
    [[86, 86, 96], [0, 114, 178], [213, 94, 0], [0, 158, 115], [204, 121, 167], [230, 159, 0], [86, 180, 233]];

/// The lines of the legend in the manifest's order, each control behind its reference, and each cell's line.
pub(super) fn variants(manifest: &Manifest) -> (Vec<Variant>, Vec<usize>) {
    let labels: Vec<String> = manifest.cells.iter().map(|cell| label(manifest, cell)).collect();
    let mut order: Vec<(&String, &Cell)> = Vec::new();
    for (label, cell) in labels.iter().zip(&manifest.cells) {
        if order.iter().any(|(known, _)| *known == label) {
            continue;
        }
        let behind = order.iter().position(|(known, _)| cell.control && label.starts_with(known.as_str()));
        order.insert(behind.map_or(order.len(), |place| place + 1), (label, cell));
    }
    let variants = order.iter().map(|(label, cell)| Variant {
        label: (*label).clone(),
        colour: colour(manifest, &cell.strategy, same_strategy_before(&order, label, cell)),
        control: cell.control,
    });
    let place = |label: &String| order.iter().position(|(known, _)| *known == label).unwrap_or(0);
    (variants.collect(), labels.iter().map(place).collect())
}

fn same_strategy_before(order: &[(&String, &Cell)], label: &str, cell: &Cell) -> usize {
    if cell.control {
        return 0;
    }
    let same = order.iter().filter(|(_, other)| other.strategy == cell.strategy && !other.control);
    same.take_while(|(known, _)| known.as_str() != label).count()
}

fn label(manifest: &Manifest, cell: &Cell) -> String {
    if cell.control {
        let reference = cell.reference.as_deref().and_then(|id| manifest.cell(id));
        let base = reference.filter(|reference| !reference.control).map(|reference| label(manifest, reference));
        return format!("{} (A/A)", base.unwrap_or_else(|| cell.strategy.clone()));
    }
    let alike: Vec<&Cell> = manifest.cells.iter().filter(|other| !other.control && is_alike(cell, other)).collect();
    if alike.len() < 2 {
        return cell.strategy.clone();
    }
    let settings = differing(&alike);
    let told: Vec<String> = settings.iter().map(|name| setting(cell, name)).collect();
    let same = alike.iter().filter(|other| settings.iter().all(|name| value_of(other, name) == value_of(cell, name)));
    let told = if same.count() > 1 { cell.id.clone() } else { told.join(", ") };
    format!("{} {told}", cell.strategy)
}

/// Whether only settings can tell the two apart.
fn is_alike(a: &Cell, b: &Cell) -> bool {
    let place = |cell: &Cell| (cell.strategy.clone(), cell.cache.clone(), cell.store.clone());
    place(a) == place(b)
        && a.read_ratio == b.read_ratio
        && a.read_cost_us == b.read_cost_us
        && a.offered_per_s == b.offered_per_s
        && a.instances == b.instances
}

fn maps(cell: &Cell) -> [&SettingMap; 3] {
    [&cell.strategy_settings, &cell.cache_settings, &cell.store_settings]
}

/// The names of the settings that differ among the cells.
fn differing(cells: &[&Cell]) -> Vec<String> {
    let names: BTreeSet<&String> = cells.iter().flat_map(|cell| maps(cell)).flat_map(SettingMap::keys).collect();
    let differs = |name: &&&String| cells.windows(2).any(|pair| value_of(pair[0], name) != value_of(pair[1], name));
    names.iter().filter(differs).map(|name| (**name).clone()).collect()
}

fn setting(cell: &Cell, name: &str) -> String {
    let value = value_of(cell, name);
    if value.is_empty() { format!("without {name}") } else { format!("{name}={value}") }
}

fn value_of(cell: &Cell, name: &str) -> String {
    let values = maps(cell).into_iter().filter_map(|map| map.get(name)).map(crate::units::value_text);
    values.collect::<Vec<_>>().join("/")
}

/// The strategy's colour, paler for each further line of the same strategy.
fn colour(manifest: &Manifest, strategy: &str, before: usize) -> [u8; 3] {
    let part = manifest.parts.iter().find(|part| part.kind == "strategy" && part.name == strategy);
    let names: BTreeSet<&str> = manifest.cells.iter().map(|cell| cell.strategy.as_str()).collect();
    let place = names.iter().position(|name| *name == strategy).unwrap_or(0);
    let full = part.map_or(FALLBACK[place % FALLBACK.len()], |part| part.colour);
    let paler = 1.0 - 1.0 / (1.0 + 0.45 * before as f64);
    full.map(|channel| (f64::from(channel) + (235.0 - f64::from(channel)) * paler).round() as u8)
}

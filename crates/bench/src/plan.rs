//! From a definition to the cells and the order in which they are run.

use crate::cell_plan::CellPlan;
use crate::composition::Composition;
use crate::definition::{Arm, Chosen, Definition};
use crate::prediction::Theory;
use crate::warm_up::WarmUp;
use cachemark_core::Capabilities;
use cachemark_workload::Seed;
use cachemark_workload::predict::Popularity;
use rand::seq::SliceRandom;
use std::sync::Arc;
use std::time::Duration;

/// What is to be run: every cell, and for each block the order of those that can be run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Every cell, also the unsupported.
    pub cells: Vec<CellPlan>,
    /// For each block, indices into `cells`.
    pub blocks: Vec<Vec<usize>>,
}

/// A point on the axes that cells share: what a family of comparisons holds fixed, but for the cache.
#[derive(Clone, Copy)]
struct Point<'a> {
    store: &'a Chosen,
    read_ratio: f64,
    read_cost: Duration,
    rate: Option<f64>,
    instances: u32,
    warm_up: WarmUp,
}

impl Plan {
    /// Its cells, as the record has them.
    #[must_use]
    pub fn recorded_cells(&self) -> Vec<cachemark_results::Cell> {
        self.cells.iter().map(CellPlan::recorded).collect()
    }

    /// Lays out the cells of `definition`. `capabilities` says what the cache of a name can do.
    #[must_use]
    pub fn lay_out(definition: &Definition, capabilities: impl Fn(&Chosen) -> Capabilities) -> Self {
        let popularity = Arc::new(Popularity::of(definition.distribution, definition.keys));
        let mut cells = Vec::new();
        for store in &definition.stores {
            for &read_cost in &definition.read_costs {
                for &read_ratio in &definition.read_ratios {
                    for rate in rates(definition) {
                        for &instances in &definition.instances {
                            let warm_up = WarmUp::of(definition, &popularity, read_ratio, instances, &capabilities);
                            let point = Point { store, read_ratio, read_cost, rate, instances, warm_up };
                            cells.extend(cells_at(definition, point, &popularity, &capabilities));
                        }
                    }
                }
            }
        }
        let blocks = draw_blocks(definition, &cells);
        Self { cells, blocks }
    }

    /// How many trials the plan has.
    #[must_use]
    pub fn trials(&self) -> usize {
        self.blocks.iter().map(Vec::len).sum()
    }
}

/// The offered loads, or the one closed loop.
fn rates(definition: &Definition) -> Vec<Option<f64>> {
    if definition.rates.is_empty() { vec![None] } else { definition.rates.iter().copied().map(Some).collect() }
}

fn cells_at(
    definition: &Definition,
    point: Point<'_>,
    popularity: &Arc<Popularity>,
    capabilities: &impl Fn(&Chosen) -> Capabilities,
) -> Vec<CellPlan> {
    let mut cells = Vec::new();
    for arm in &definition.arms {
        // An arm that asks no cache is one cell, whichever caches take part.
        let caches = if arm.asks_cache() { definition.caches.iter().map(Some).collect() } else { vec![None] };
        for cache in caches {
            let mut cell = cell(definition, arm, cache, point);
            let built = &cell.composition;
            let cache = built.cache.as_ref();
            let ttl_step = cache.and_then(|cache| capabilities(cache).ttl_step);
            let theory = Theory::of(definition, popularity, arm, cache, point.read_ratio, point.instances, ttl_step);
            let unsupported = built.lacking(capabilities);
            (cell.theory, cell.ttl_step, cell.unsupported) = (theory, ttl_step, unsupported);
            let is_reference = arm.name == definition.reference;
            if is_reference && definition.control {
                let control = CellPlan {
                    id: format!("{} (A/A)", cell.id),
                    control: true,
                    reference: Some(cell.id.clone()),
                    ..cell.clone()
                };
                cells.push(cell);
                cells.push(control);
            } else {
                cells.push(cell);
            }
        }
    }
    point_at_references(&definition.reference, &mut cells);
    cells
}

/// Each cell is compared with the reference cell of its own cache, or with the one that asks no cache.
fn point_at_references(reference: &str, cells: &mut [CellPlan]) {
    let references: Vec<CellPlan> =
        cells.iter().filter(|cell| cell.composition.arm == reference && !cell.control).cloned().collect();
    let name = |cell: &CellPlan| cell.composition.cache_name();
    let asks_none = |cell: &CellPlan| cell.composition.cache.is_none();
    for cell in cells.iter_mut().filter(|cell| cell.composition.arm != reference) {
        let found = references
            .iter()
            .find(|candidate| name(candidate) == name(cell))
            .or_else(|| references.iter().find(|candidate| asks_none(candidate)))
            .or_else(|| references.first());
        cell.reference = found.map(|reference| reference.id.clone());
        // An arm that asks no cache belongs to those that it is compared with.
        if let Some(reference) = found.filter(|_| asks_none(cell)) {
            cell.family.clone_from(&reference.family);
        }
    }
}

fn cell(definition: &Definition, arm: &Arm, cache: Option<&Chosen>, point: Point<'_>) -> CellPlan {
    let Point { store, read_ratio, read_cost, rate, instances, warm_up } = point;
    let cell = CellPlan {
        id: String::new(),
        composition: Composition::of(definition, arm, (cache, store), read_cost, instances),
        group: arm.group.clone(),
        arm_axes: arm.axes.clone(),
        read_ratio,
        rate,
        control: false,
        family: String::new(),
        reference: None,
        lifetimes: arm.strategy.model().lifetimes,
        ttl_step: None,
        unsupported: None,
        theory: None,
        warm_up,
    };
    cell.named()
}

/// A fresh order for each block, drawn by the seed, so that drift of the machine falls on no cell by rule.
fn draw_blocks(definition: &Definition, cells: &[CellPlan]) -> Vec<Vec<usize>> {
    let runnable: Vec<usize> = (0..cells.len()).filter(|&index| cells[index].unsupported.is_none()).collect();
    let seed = Seed::new(definition.seed).child("order");
    (0..definition.blocks)
        .map(|block| {
            let mut order = runnable.clone();
            order.shuffle(&mut seed.child(&format!("block {block}")).rng());
            order
        })
        .collect()
}

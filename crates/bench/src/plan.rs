//! From a definition to the cells and the order in which they are run.

use crate::cell_plan::CellPlan;
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

impl CellPlan {
    /// What errors of its cache name.
    pub(crate) fn cache_name(&self) -> &str {
        self.cache.as_ref().map_or("cache", |(name, _)| name)
    }
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
        let caches: Vec<Option<Chosen>> = if arm.asks_cache() {
            definition.caches.iter().map(|cache| Some(arm.over(cache))).collect()
        } else {
            vec![None]
        };
        for cache in &caches {
            let cache = cache.as_ref();
            let mut cell = cell(definition, arm, cache, point);
            cell.ttl_step = cache.and_then(|cache| capabilities(cache).ttl_step);
            cell.theory = Theory::of(definition, popularity, arm, cache, point.read_ratio, point.instances);
            cell.unsupported = cache.and_then(|cache| lacking(&arm.strategy, &capabilities(cache)));
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
        cells.iter().filter(|cell| cell.arm == reference && !cell.control).cloned().collect();
    let name = |cell: &CellPlan| cell.cache.as_ref().map(|(name, _)| name.clone());
    for cell in cells.iter_mut().filter(|cell| cell.arm != reference) {
        let found = references
            .iter()
            .find(|candidate| name(candidate) == name(cell))
            .or_else(|| references.iter().find(|candidate| candidate.cache.is_none()))
            .or_else(|| references.first());
        cell.reference = found.map(|reference| reference.id.clone());
        // An arm that asks no cache belongs to those that it is compared with.
        if let Some(reference) = found.filter(|_| cell.cache.is_none()) {
            cell.family.clone_from(&reference.family);
        }
    }
}

fn cell(definition: &Definition, arm: &Arm, cache: Option<&Chosen>, point: Point<'_>) -> CellPlan {
    let Point { store, read_ratio, read_cost, rate, instances, warm_up } = point;
    let store_name = store.descriptor.name;
    let parts: Vec<&str> = cache.map(|cache| cache.descriptor.name).into_iter().chain([store_name]).collect();
    let cell = CellPlan {
        id: String::new(),
        arm: arm.name.clone(),
        group: arm.group.clone(),
        arm_axes: arm.axes.clone(),
        strategy: arm.strategy.descriptor.name.into(),
        strategy_settings: arm.strategy.settings.clone(),
        cache: cache.map(|cache| (cache.descriptor.name.to_owned(), cache.settings.clone())),
        store: store_name.into(),
        store_settings: arm.over(store).settings,
        servers: arm.servers_of(&definition.server_settings, &parts),
        read_ratio,
        read_cost,
        rate,
        instances,
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

fn lacking(strategy: &Chosen, offered: &Capabilities) -> Option<String> {
    let missing = strategy.descriptor.needs.missing_from(offered);
    (!missing.is_empty()).then(|| format!("{} needs {}", strategy.descriptor.name, missing.join(" and ")))
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

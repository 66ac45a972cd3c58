//! The manifest of a load.

use crate::definition::LoadDefinition;
use crate::{BaseUrl, LoadError};
use cachemark_results::{Cell, Manifest, Part, SCHEMA_VERSION, SettingMap, Status};
use cachemark_workload::Seed;
use serde_json::Value;
use std::collections::BTreeMap;

/// A service under load.
#[derive(Debug, Clone)]
pub struct Target {
    /// The strategy's name if the service is ours, else a name for it: the line of the legend.
    pub name: String,
    /// Where it is.
    pub base_url: BaseUrl,
    /// The cache behind it, if that is known.
    pub cache: Option<String>,
    /// The store behind it, if that is known.
    pub store: Option<String>,
    /// Its colour in charts; none: the report chooses.
    pub colour: Option<[u8; 3]>,
}

impl Target {
    /// A service that is not there would make a record of nothing but failures.
    pub(super) fn reach(&self) -> Result<(), LoadError> {
        let unreachable =
            |source| LoadError::Unreachable { name: self.name.clone(), url: self.base_url.to_string(), source };
        self.base_url.reach().map_err(unreachable)
    }
}

/// What the manifest says besides definition and targets.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    /// The command that was given, secrets struck out: addresses as [`BaseUrl`] shows them.
    pub command: String,
    /// Further facts for the fairness page, by name.
    pub parameters: BTreeMap<String, Value>,
}

/// The cells: every target at every share of reads, and the first target once more where there are others, as a control.
pub(super) struct Layout {
    cells: Vec<(Cell, usize)>,
}

impl Layout {
    pub(super) fn of(definition: &LoadDefinition, targets: &[Target]) -> Result<Self, LoadError> {
        let refuse = |text: String| Err(LoadError::Plan(text));
        if targets.is_empty() {
            return refuse("a load has at least one target".into());
        }
        for (at, target) in targets.iter().enumerate() {
            if target.name.trim().is_empty() {
                return refuse("a target has a name".into());
            }
            if targets[..at].iter().any(|other| other.name == target.name) {
                return refuse(format!("two targets are called {}: give each its own name", target.name));
            }
        }
        let mut cells = Vec::new();
        for &read_ratio in &definition.read_ratios {
            let reference = cell(&targets[0], read_ratio, None);
            let others = targets.iter().enumerate().skip(1);
            let compared: Vec<_> =
                others.map(|(at, target)| (cell(target, read_ratio, Some(&reference.id)), at)).collect();
            let control = Cell {
                id: format!("{} (A/A)", reference.id),
                control: true,
                reference: Some(reference.id.clone()),
                ..reference.clone()
            };
            cells.push((reference, 0));
            if !compared.is_empty() {
                cells.push((control, 0));
            }
            cells.extend(compared);
        }
        Ok(Self { cells })
    }

    /// The target and the share of reads of a cell.
    pub(super) fn what(&self, id: &str) -> (usize, f64) {
        let found = self.cells.iter().find(|(cell, _)| cell.id == id);
        found.map_or((0, 0.0), |(cell, target)| (*target, cell.read_ratio))
    }

    /// A fresh order for each block, drawn by the seed, so that drift of the machine falls on no cell by rule.
    fn blocks(&self, definition: &LoadDefinition) -> Vec<Vec<String>> {
        let seed = Seed::new(definition.seed).child("order");
        let block = |block: u32| {
            let draws = seed.child(&format!("block {block}"));
            let mut order: Vec<usize> = (0..self.cells.len()).collect();
            order.sort_by_key(|at| draws.nth(*at as u64).get());
            order.into_iter().map(|at| self.cells[at].0.id.clone()).collect()
        };
        (0..definition.blocks).map(block).collect()
    }
}

fn cell(target: &Target, read_ratio: f64, reference: Option<&str>) -> Cell {
    let behind = |name: &Option<String>, unknown: &str| name.clone().unwrap_or_else(|| unknown.to_owned());
    Cell {
        id: format!("{} http r{read_ratio}", target.name),
        arm: target.name.clone(),
        group: target.name.clone(),
        arm_axes: SettingMap::new(),
        server_settings: SettingMap::new(),
        strategy: target.name.clone(),
        cache: behind(&target.cache, "none"),
        store: behind(&target.store, "http"),
        read_ratio,
        read_cost_us: 0,
        offered_per_s: None,
        instances: 1,
        control: false,
        family: format!("http, read ratio {read_ratio}"),
        reference: reference.map(str::to_owned),
        unsupported: None,
        strategy_settings: SettingMap::new(),
        cache_settings: SettingMap::new(),
        store_settings: SettingMap::new(),
        predicted_hit_ratio: None,
        predicted_store_load: None,
    }
}

pub(super) fn manifest(
    definition: &LoadDefinition,
    targets: &[Target],
    layout: &Layout,
    labels: &Labels,
    started_utc: String,
) -> Manifest {
    let LoadDefinition { keys, distribution, value_bytes, users, .. } = definition;
    Manifest {
        schema_version: SCHEMA_VERSION,
        kind: "load".into(),
        name: definition.name.clone(),
        started_utc,
        ended_utc: None,
        status: Status::Running,
        command: labels.command.clone(),
        definition_hash: format!("{:016x}", xxhash_rust::xxh3::xxh3_64(definition.to_toml().as_bytes())),
        seed: definition.seed,
        workload: format!("{keys} keys, {distribution}, values of {value_bytes} B, {users} users over HTTP"),
        parameters: parameters(definition, targets, labels),
        assertions: definition.assertions.iter().map(ToString::to_string).collect(),
        parts: parts(targets),
        cells: layout.cells.iter().map(|(cell, _)| cell.clone()).collect(),
        blocks: layout.blocks(definition),
        primary_metric: "throughput".into(),
        capacities: Vec::new(),
        equivalence_margin: definition.equivalence_margin,
        resumed: Vec::new(),
        concerns: Vec::new(),
        packed: None,
    }
}

fn parts(targets: &[Target]) -> Vec<Part> {
    let coloured = targets.iter().filter_map(|target| Some((target, target.colour?)));
    let part = |(target, colour): (&Target, _)| Part {
        kind: "strategy".into(),
        name: target.name.clone(),
        summary: format!("A service at {}.", target.base_url),
        colour,
    };
    coloured.map(part).collect()
}

/// The facts that were the same for every cell, and the addresses.
fn parameters(definition: &LoadDefinition, targets: &[Target], labels: &Labels) -> BTreeMap<String, Value> {
    let mut parameters = labels.parameters.clone();
    let mut put = |name: &str, value: Value| parameters.insert(name.to_owned(), value);
    put("keys", definition.keys.into());
    put("value bytes", definition.value_bytes.into());
    put("delete ratio", definition.delete_ratio.into());
    put("clients", definition.users.into());
    put("client threads", definition.threads.into());
    put("connections", "one client for each user, with connections of its own".into());
    put("arrivals", "closed loop: each of goose's users waits for its answer, then asks again".into());
    put("coordinated omission", "not mitigated: goose's option makes samples up, so it is off".into());
    put("service time", "from the call into goose to the last byte of the body".into());
    put("hit rule", definition.http.hit.in_words().into());
    put("store load", "reckoned from the answers: reads not answered by the cache, writes and deletes answered".into());
    put("preload", if definition.preload { "every key written over HTTP" } else { "none: as the service was" }.into());
    put("warm-up", format!("{:?}", definition.warm_up).into());
    put("window", format!("{:?}", definition.duration).into());
    put("request timeout", format!("{:?}", definition.timeout).into());
    let rate = definition.hatch.map_or_else(|| "all at once".to_owned(), |rate| format!("{rate} users per second"));
    put("hatch", rate.into());
    for target in targets {
        put(&format!("target {}", target.name), target.base_url.to_string().into());
    }
    parameters
}

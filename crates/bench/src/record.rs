//! The manifest of a sweep.

use crate::definition::{Chosen, Definition, OpenLoopOptions, WhenFull};
use crate::plan::Plan;
use cachemark_core::{Descriptor, Durable, PartKind};
use cachemark_results::{Manifest, Part, SCHEMA_VERSION, Status};
use cachemark_workload::KeyDistribution;
use serde_json::Value;
use std::collections::BTreeMap;

/// What the manifest says besides definition and plan.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    /// The command that was given, secrets struck out.
    pub command: String,
    /// The heading of the pages; empty for none.
    pub title: String,
    /// What somebody has to say of the run; empty for nothing.
    pub notes: String,
    /// Further facts for the fairness page, by name.
    pub parameters: BTreeMap<String, Value>,
    /// Further parts: an arm that is called like one of them has its colour.
    pub parts: Vec<Part>,
}

pub(crate) fn manifest(definition: &Definition, plan: &Plan, labels: &Labels, started_utc: String) -> Manifest {
    Manifest {
        schema_version: SCHEMA_VERSION,
        kind: if definition.services.is_some() { "load" } else { "sweep" }.into(),
        name: definition.name.clone(),
        title: labels.title.clone(),
        notes: labels.notes.clone(),
        started_utc,
        ended_utc: None,
        status: Status::Running,
        command: labels.command.clone(),
        definition_hash: definition.hash(),
        seed: definition.seed,
        workload: definition.workload_in_words(),
        parameters: parameters(definition, labels),
        assertions: definition.assertions.iter().map(ToString::to_string).collect(),
        parts: [parts(definition), labels.parts.clone()].concat(),
        cells: plan.recorded_cells(),
        blocks: plan
            .blocks
            .iter()
            .map(|order| order.iter().map(|&index| plan.cells[index].id.clone()).collect())
            .collect(),
        verdict_on: definition.verdict_on.iter().map(|figure| figure.name.to_owned()).collect(),
        pairs: definition.pairs,
        primary_metric: String::new(),
        capacities: Vec::new(),
        power: Vec::new(),
        equivalence_margin: definition.equivalence_margin,
        resumed: Vec::new(),
        concerns: Vec::new(),
        packed: None,
    }
}

impl Definition {
    /// XXH3-64 of the definition written out in full, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        format!("{:016x}", xxhash_rust::xxh3::xxh3_64(self.to_toml().as_bytes()))
    }

    fn workload_in_words(&self) -> String {
        let law = match self.distribution {
            KeyDistribution::Uniform => "uniform".to_owned(),
            KeyDistribution::Zipf { exponent } => format!("Zipf {exponent}"),
        };
        let load = match self.rates.as_slice() {
            [] => format!("{} clients", self.driving.clients),
            rates => {
                let rates: Vec<String> = rates.iter().map(f64::to_string).collect();
                format!("{} arrivals, {}/s", self.driving.open_loop.process.name(), rates.join(", "))
            }
        };
        let keys = if self.keys == 1 { "1 key".to_owned() } else { format!("{} keys", self.keys) };
        format!("{keys}, {law}, values of {} B, {load}", self.value_bytes)
    }
}

/// The facts that were the same for every cell. What the labels say of one goes before.
fn parameters(definition: &Definition, labels: &Labels) -> BTreeMap<String, Value> {
    let driving = &definition.driving;
    let mut parameters = labels.parameters.clone();
    let mut put = |name: &str, value: Value| {
        parameters.entry(name.to_owned()).or_insert(value);
    };
    put("keys", definition.keys.into());
    put("value bytes", definition.value_bytes.into());
    put("delete ratio", definition.delete_ratio.into());
    put("clients", driving.clients.into());
    put("driver threads", driving.driver_threads.into());
    put("arrivals", arrivals_in_words(definition).into());
    put("runtime", "one single-threaded tokio runtime for each driver thread".into());
    put("warm-up", warm_up_in_words(definition).into());
    put("window", format!("{:?}", driving.duration).into());
    put("operation timeout", format!("{:?}", driving.operation_timeout).into());
    put("oracle", if driving.oracle { "on" } else { "off" }.into());
    // Of services none of these is ours to say.
    if definition.services.is_none() {
        put("phase", driving.phase.name().into());
        put("warm-up scan", driving.warm_up_scan.into());
        if driving.prewarm_keys > 0 {
            put("prewarmed keys", driving.prewarm_keys.into());
        }
        put("hop times", driving.hop_times.into());
        put("audit", audit_in_words(definition).into());
        put("cache timeout", format!("{:?}", driving.cache_timeout).into());
    }
    parameters
}

fn warm_up_in_words(definition: &Definition) -> String {
    let driving = &definition.driving;
    match driving.warm_up {
        Some(time) => format!("{time:?} of the load"),
        None => {
            let cap = driving.warm_up_cap;
            format!("as many operations as the caches need, the same for all that is compared, in at most {cap:?}")
        }
    }
}

fn audit_in_words(definition: &Definition) -> String {
    match definition.driving.audit_keys {
        0 => "off".into(),
        most if most >= definition.keys => "every key".into(),
        most => format!("{most} of {} keys, those that were written first", definition.keys),
    }
}

fn arrivals_in_words(definition: &Definition) -> String {
    if definition.rates.is_empty() {
        return "closed loop, no think time".into();
    }
    let OpenLoopOptions { process, max_in_flight, when_full } = definition.driving.open_loop;
    let full = match when_full {
        WhenFull::Wait => "wait",
        WhenFull::Shed => "are shed",
    };
    format!("open loop, {}, at most {max_in_flight} in flight; arrivals beyond {full}", process.name())
}

/// The parts that take part. Services are none: which strategy, cache and store they have is their own.
fn parts(definition: &Definition) -> Vec<Part> {
    if definition.services.is_some() {
        return Vec::new();
    }
    let mut strategies: Vec<Chosen> = Vec::new();
    for arm in &definition.arms {
        if !strategies.iter().any(|known| known.descriptor.name == arm.strategy.descriptor.name) {
            strategies.push(arm.strategy.clone());
        }
    }
    let of = |kind: PartKind, chosen: &[Chosen]| -> Vec<Part> {
        let part = |part: &Chosen| Part {
            kind: kind.name().into(),
            name: part.descriptor.name.into(),
            summary: part.descriptor.summary.into(),
            colour: part.descriptor.colour,
            acknowledges_early: acknowledges_early(&part.descriptor),
        };
        chosen.iter().map(part).collect()
    };
    [
        of(PartKind::Strategy, &strategies),
        of(PartKind::Cache, &definition.caches),
        of(PartKind::Store, &definition.stores),
    ]
    .concat()
}

/// Now, as records have it: UTC to the second.
pub(crate) fn utc_now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Of a strategy, whether a write is acknowledged before the store has it.
fn acknowledges_early(part: &Descriptor) -> bool {
    part.kind == PartKind::Strategy && part.durable() != Durable::AtOnce
}

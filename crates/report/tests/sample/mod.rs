//! A made-up record with known ratios and noise, the same at every run.

pub(crate) mod broken;
mod hops;
mod model;

use broken::Fate;
use cachemark_results::*;
use std::collections::BTreeMap;
use std::path::Path;

/// What the record is to hold.
pub(crate) struct Sample {
    pub(crate) kind: &'static str,
    pub(crate) name: &'static str,
    pub(crate) workload: &'static str,
    pub(crate) strategies: &'static [&'static str],
    pub(crate) caches: &'static [&'static str],
    pub(crate) costs_us: &'static [u64],
    pub(crate) read_ratios: &'static [f64],
    /// The offered loads of an open loop; none for a closed one.
    pub(crate) rates: &'static [f64],
    pub(crate) blocks: u32,
    pub(crate) reads: u32,
    pub(crate) status: Status,
    pub(crate) resumed: Vec<Resumption>,
    pub(crate) assertions: &'static [&'static str],
    /// The figures that verdicts are on; none: a record of before, with one.
    pub(crate) verdict_on: &'static [&'static str],
    pub(crate) pairs: bool,
    /// Whether the buckets of trials have hop times.
    pub(crate) hops: bool,
    pub(crate) unsupported: fn(&Cell) -> Option<String>,
    /// Which trials were finished.
    pub(crate) finished: fn(&Cell, u32) -> bool,
    /// What every trial goes through; none in most records.
    pub(crate) faults: &'static [&'static str],
    /// What becomes of a trial with faults.
    pub(crate) fate: fn(&Cell, u32) -> Fate,
    /// How much later than declared the faults are in place, in seconds.
    pub(crate) late_s: f64,
    /// Changes a trial.
    pub(crate) tweak: fn(&Cell, &mut Trial),
}

/// What the sample says that it was made with.
const DEFINITION: &str = "[workload]\nkeys = 10000\n";

impl Default for Sample {
    fn default() -> Self {
        Self {
            kind: "sweep",
            name: "strategies",
            workload: "10,000 keys, Zipf 0.99, 100 B values, closed loop of 8 clients",
            strategies: &["no-cache", "cache-aside", "read-through", "write-through"],
            caches: &["moka"],
            costs_us: &[0],
            read_ratios: &[0.5, 0.9, 0.99],
            rates: &[],
            blocks: 8,
            reads: 1500,
            status: Status::Complete,
            resumed: Vec::new(),
            assertions: &[],
            verdict_on: &[],
            pairs: false,
            hops: false,
            unsupported: |_| None,
            finished: |_, _| true,
            faults: &[],
            fate: broken::all_sorts,
            late_s: 0.0,
            tweak: |_, _| (),
        }
    }
}

impl Sample {
    /// Writes it under `out` and reads it again.
    pub(crate) fn write(&self, out: &Path) -> Run {
        let manifest = self.manifest();
        let writer = RunWriter::create(out, &manifest, DEFINITION).unwrap();
        writer.environment(&environment()).unwrap();
        let mut number = 0;
        for block in 0..self.blocks {
            for (position, id) in manifest.blocks[block as usize].iter().enumerate() {
                let cell = manifest.cell(id).unwrap();
                number += 1;
                if !(self.finished)(cell, block) {
                    continue;
                }
                let mut made = model::trial(cell, number, block, self.reads);
                made.trial.position = position as u32;
                if self.hops {
                    made.trial.buckets = hops::buckets(cell);
                }
                if !self.faults.is_empty() {
                    broken::broken(cell, &mut made, self.faults, (self.fate)(cell, block), self.late_s);
                }
                (self.tweak)(cell, &mut made.trial);
                writer.trial(&made.trial, &made.series, &made.histograms).unwrap();
            }
        }
        Run::open(writer.folder()).unwrap()
    }

    fn manifest(&self) -> Manifest {
        let cells = self.cells();
        let run: Vec<String> =
            cells.iter().filter(|cell| cell.unsupported.is_none()).map(|cell| cell.id.clone()).collect();
        let order = |block: usize| {
            let mut order = run.clone();
            order.rotate_left(block % run.len().max(1));
            order
        };
        Manifest {
            schema_version: SCHEMA_VERSION,
            kind: self.kind.into(),
            name: self.name.into(),
            title: String::new(),
            notes: String::new(),
            started_utc: "2026-11-22T05:00:00Z".into(),
            ended_utc: (self.status == Status::Complete).then(|| "2026-11-22T05:20:00Z".into()),
            status: self.status,
            command: "cachemark sweep --workload strategies --blocks 8 --seed 7".into(),
            definition_hash: definition_hash(DEFINITION),
            seed: 7,
            workload: self.workload.into(),
            parameters: BTreeMap::from([("clients".into(), 8.into()), ("keys".into(), 10_000.into())]),
            assertions: self.assertions.iter().map(|&text| text.to_owned()).collect(),
            parts: parts(),
            cells,
            blocks: (0..self.blocks as usize).map(order).collect(),
            verdict_on: self.verdict_on.iter().map(|&name| name.to_owned()).collect(),
            pairs: self.pairs,
            primary_metric: if self.rates.is_empty() { "throughput" } else { "response-p99" }.into(),
            capacities: Vec::new(),
            power: Vec::new(),
            equivalence_margin: 0.05,
            resumed: self.resumed.clone(),
            concerns: Vec::new(),
            packed: None,
        }
    }

    fn cells(&self) -> Vec<Cell> {
        let rates: Vec<Option<f64>> =
            if self.rates.is_empty() { vec![None] } else { self.rates.iter().copied().map(Some).collect() };
        let mut cells = Vec::new();
        for cache in self.caches {
            for cost in self.costs_us {
                for ratio in self.read_ratios {
                    for rate in &rates {
                        let place = Place { cache, read_cost_us: *cost, read_ratio: *ratio, rate: *rate };
                        cells.extend(self.strategies.iter().map(|strategy| self.cell(strategy, place, false)));
                        cells.push(self.cell(self.strategies[0], place, true));
                    }
                }
            }
        }
        cells
    }

    fn cell(&self, strategy: &str, place: Place<'_>, control: bool) -> Cell {
        let Place { cache, read_cost_us, read_ratio, rate } = place;
        let at = rate.map(|rate| format!("-{rate}")).unwrap_or_default();
        let name = format!("{cache}-{read_cost_us}us-{read_ratio}{at}");
        let offered = rate.map(|rate| format!(", {rate}/s offered")).unwrap_or_default();
        let reference = format!("{}-{name}", self.strategies[0]);
        let alone = self.caches.len() == 1 && self.costs_us.len() == 1;
        let mut cell = Cell {
            id: format!("{strategy}-{name}{}", if control { "-again" } else { "" }),
            arm: strategy.into(),
            group: strategy.into(),
            arm_axes: Default::default(),
            server_settings: Default::default(),
            strategy: strategy.into(),
            cache: cache.into(),
            store: "sqlite".into(),
            read_ratio,
            read_cost_us,
            store_workers: None,
            offered_per_s: rate,
            instances: 1,
            control,
            family: if alone {
                format!("read ratio {read_ratio}{offered}")
            } else {
                format!("{cache}, {read_cost_us} µs, read ratio {read_ratio}{offered}")
            },
            reference: (control || strategy != self.strategies[0]).then_some(reference),
            unsupported: None,
            strategy_settings: BTreeMap::new(),
            cache_settings: BTreeMap::from([("entries".into(), 5000.into())]),
            store_settings: BTreeMap::from([("synchronous".into(), "normal".into())]),
            predicted_hit_ratio: (strategy != "no-cache").then(|| model::hit_ratio(strategy, read_ratio)),
            predicted_store_load: (strategy != "no-cache").then(|| model::store_load(strategy, read_ratio)),
        };
        cell.unsupported = (self.unsupported)(&cell);
        cell
    }
}

/// Where a cell stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    cache: &'a str,
    read_cost_us: u64,
    read_ratio: f64,
    rate: Option<f64>,
}

fn parts() -> Vec<Part> {
    let strategy = |name: &str, summary: &str, colour| Part {
        kind: "strategy".into(),
        name: name.into(),
        summary: summary.into(),
        colour,
        acknowledges_early: false,
    };
    vec![
        strategy("no-cache", "Asks the store.", [0x6b, 0x72, 0x80]),
        strategy("cache-aside", "Asks the cache, then the store; a write removes the entry.", [0x25, 0x63, 0xeb]),
        strategy("read-through", "The cache's tier loads what is missing.", [0x05, 0x96, 0x69]),
        strategy("write-through", "A write goes to the store, then to the cache.", [0xd9, 0x77, 0x06]),
        strategy("write-behind", "A write goes to the store later.", [0x7c, 0x3a, 0xed]),
    ]
}

fn environment() -> Environment {
    Environment {
        schema_version: SCHEMA_VERSION,
        host: Host {
            system: "linux x86_64".into(),
            kernel: Some("6.1.0".into()),
            cpu_model: Some("A processor".into()),
            cpus: Some(2),
            memory_bytes: Some(8 << 30),
            governor: None,
            virtual_machine: Some(true),
            load_average: Some([0.1, 0.2, 0.3]),
        },
        tool: Tool {
            version: "0.1.0".into(),
            revision: Some("abc1234".into()),
            rustc: None,
            profile: "release".into(),
            executable: None,
        },
        servers: vec![Server {
            kind: "store".into(),
            name: "sqlite".into(),
            version: "SQLite 3.50".into(),
            settings: BTreeMap::from([("journal_mode".into(), "wal".into())]),
        }],
        placement: "client, cache and store in one process".into(),
        data_disks: Vec::new(),
    }
}

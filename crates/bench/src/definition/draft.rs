//! A definition as it was written: every value with its place, nothing checked against the parts that exist.

use super::faults::WrittenFault;
use super::field::{root, run, sweep, workload};
use super::mistake::{Located, Mistake, Mistakes, Origin};
use super::table::{self, Fields, Table};
use super::written::{self, Written, WrittenArm, WrittenSet};
use cachemark_core::PartKind;
use toml::de::{DeTable, DeValue};

/// The most bytes that a definition may have: far more than any real one, far less than what would hurt.
pub const LONGEST_DEFINITION: usize = 1 << 20;

/// One `[strategy.x]`, `[cache.x]` or `[store.x]` table.
#[derive(Debug, Clone)]
pub(super) struct PartTable {
    pub(super) kind: PartKind,
    pub(super) name: Located<String>,
    pub(super) settings: Vec<Written>,
}

/// What was written.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub(super) file: String,
    pub(super) text: String,
    pub(super) mistakes: Vec<Mistake>,
    /// Whether it is of a record, and so was accepted when that was begun.
    pub(super) recorded: bool,
    pub(super) name: Option<Located<String>>,
    pub(super) description: Option<Located<String>>,
    pub(super) assertions: Option<Vec<Located<String>>>,
    pub(super) keys: Option<Located<u64>>,
    pub(super) distribution: Option<Located<String>>,
    pub(super) exponent: Option<Located<f64>>,
    pub(super) read_ratios: Option<Vec<Located<f64>>>,
    pub(super) delete_ratio: Option<Located<f64>>,
    pub(super) value_bytes: Option<Located<u64>>,
    pub(super) strategies: Option<Vec<Located<String>>>,
    pub(super) caches: Option<Vec<Located<String>>>,
    pub(super) stores: Option<Vec<Located<String>>>,
    pub(super) read_costs_us: Option<Vec<Located<u64>>>,
    pub(super) store_workers: Option<Located<u64>>,
    pub(super) instances: Option<Vec<Located<u64>>>,
    pub(super) reference: Option<Located<String>>,
    pub(super) control: Option<Located<bool>>,
    pub(super) verdict_on: Option<Vec<Located<String>>>,
    pub(super) pairs: Option<Located<bool>>,
    pub(super) blocks: Option<Located<u64>>,
    pub(super) seed: Option<Located<u64>>,
    pub(super) equivalence_margin: Option<Located<f64>>,
    pub(super) clients: Option<Located<u64>>,
    pub(super) driver_threads: Option<Located<u64>>,
    pub(super) warm_up_ms: Option<Located<u64>>,
    pub(super) warm_up_scan: Option<Located<bool>>,
    pub(super) prewarm_keys: Option<Located<u64>>,
    pub(super) duration_ms: Option<Located<u64>>,
    pub(super) operation_timeout_ms: Option<Located<u64>>,
    pub(super) cache_timeout_ms: Option<Located<u64>>,
    pub(super) interval_ms: Option<Located<u64>>,
    pub(super) hop_times: Option<Located<bool>>,
    pub(super) oracle: Option<Located<bool>>,
    pub(super) audit_keys: Option<Located<u64>>,
    pub(super) rates: Option<Vec<Located<f64>>>,
    pub(super) arrivals: Option<Located<String>>,
    pub(super) max_in_flight: Option<Located<u64>>,
    pub(super) when_full: Option<Located<String>>,
    pub(super) warm_up_cap_ms: Option<Located<u64>>,
    pub(super) phase: Option<Located<String>>,
    pub(super) driver: Option<Located<String>>,
    pub(super) preload: Option<Located<bool>>,
    pub(super) hatch_per_s: Option<Located<f64>>,
    /// Whether the text has `[http]`.
    pub(super) has_http: bool,
    /// `[http]`, as its reader prints it; none where the arms are no services.
    pub(super) http: Option<toml::Table>,
    /// `[servers]`.
    pub(super) servers: Vec<Written>,
    pub(super) parts: Vec<PartTable>,
    pub(super) arms: Vec<WrittenArm>,
    pub(super) sets: Vec<WrittenSet>,
    /// `[[fault]]`.
    pub(super) faults: Vec<WrittenFault>,
}

impl Draft {
    /// Reads a definition. `file` is its name for messages. Mistakes of fields are kept for
    /// [`super::Definition::resolve`], which reports all of them at once.
    ///
    /// # Errors
    /// A text that is too long, not UTF-8 or not TOML: nothing more can be said of such a one.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Mistakes> {
        let stop = |text: &str, mistake| Mistakes { name: file.into(), text: text.into(), list: vec![mistake] };
        if bytes.len() > LONGEST_DEFINITION {
            let message = format!("the definition has {} bytes, more than {LONGEST_DEFINITION}", bytes.len());
            return Err(stop("", Mistake::new(Origin::Default, message).advise("is it the right file?")));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let message = format!("the definition is not UTF-8 from byte {} on", error.valid_up_to());
            stop("", Mistake::new(Origin::Default, message).advise("save it as UTF-8"))
        })?;
        let document = DeTable::parse(text).map_err(|error| {
            let origin = error.span().map_or(Origin::Default, Origin::File);
            stop(text, Mistake::new(origin, format!("not TOML: {}", error.message())))
        })?;
        let mut draft = Self { file: file.into(), text: text.into(), ..Self::default() };
        let mut mistakes = Vec::new();
        draft.read_sections(Table::new("", document.get_ref()), &mut mistakes);
        draft.mistakes = mistakes;
        Ok(draft)
    }

    /// The same without its assertions: those of a load may name services, which no sweep has.
    #[must_use]
    pub fn without_assertions(self) -> Self {
        Self { assertions: None, ..self }
    }

    /// The same as a record's: what an earlier build took and is refused today is taken still, so that its run can be resumed.
    #[must_use]
    pub fn of_record(self) -> Self {
        Self { recorded: true, ..self }
    }

    fn read_sections(&mut self, mut document: Table<'_>, mistakes: &mut Vec<Mistake>) {
        self.name = document.text(root::NAME.name, mistakes);
        self.description = document.text(root::DESCRIPTION.name, mistakes);
        let text = |value: &DeValue<'_>| value.as_str().map(str::to_owned);
        self.assertions =
            document.list(root::ASSERT.name, "texts, as in \"cache-aside.hit_ratio > 0.8\"", text, mistakes);
        let mut tables = vec![
            self.read_workload(document.table("workload", mistakes), mistakes),
            self.read_sweep(document.table("sweep", mistakes), document.has("arm"), mistakes),
            self.read_run(document.table("run", mistakes), mistakes),
        ];
        self.servers = document.table("servers", mistakes).raw().map(written::settings).unwrap_or_default();
        for arm in document.tables_of("arm", mistakes) {
            self.arms.extend(WrittenArm::read(arm, mistakes));
        }
        for fault in document.tables_of("fault", mistakes) {
            self.faults.extend(WrittenFault::read(fault, mistakes));
        }
        // Whoever speaks HTTP reads what is in it.
        self.has_http = document.has("http");
        document.table("http", mistakes);
        for kind in [PartKind::Strategy, PartKind::Cache, PartKind::Store] {
            let parts = document.table(kind.name(), mistakes).tables(mistakes);
            self.parts.extend(parts.into_iter().map(|(name, table)| part_table(kind, name, table)));
        }
        tables.push(document.finish());
        table::refuse_unknown(&tables, mistakes);
    }

    fn read_workload(&mut self, mut table: Table<'_>, mistakes: &mut Vec<Mistake>) -> Fields {
        self.keys = workload::KEYS.whole(&mut table, mistakes);
        self.distribution = table.text(workload::DISTRIBUTION.name, mistakes);
        self.exponent = workload::EXPONENT.number(&mut table, mistakes);
        self.read_ratios = table.list(workload::READ_RATIO.name, "numbers from 0 to 1", table::number, mistakes);
        self.delete_ratio = workload::DELETE_RATIO.number(&mut table, mistakes);
        self.value_bytes = workload::VALUE_BYTES.whole(&mut table, mistakes);
        table.finish()
    }

    fn read_sweep(&mut self, mut table: Table<'_>, beside_arms: bool, mistakes: &mut Vec<Mistake>) -> Fields {
        let name = |value: &DeValue<'_>| value.as_str().map(str::to_owned);
        let before = mistakes.len();
        self.strategies = table.list(sweep::STRATEGIES.name, "names of strategies", name, mistakes);
        // A list that is refused whole is an empty one.
        if let (None, true, Some(mistake)) = (&self.strategies, beside_arms, mistakes.get_mut(before)) {
            mistake.help = Some("leave it out: beside an [[arm]] no strategy takes part unasked".into());
        }
        self.caches = table.list(sweep::CACHES.name, "names of caches", name, mistakes);
        self.stores = table.list(sweep::STORES.name, "names of stores", name, mistakes);
        self.read_costs_us = table.list(sweep::READ_COST_US.name, "whole numbers", table::integer, mistakes);
        self.store_workers = sweep::STORE_WORKERS.whole(&mut table, mistakes);
        self.rates = table.list(sweep::RATE.name, "arrivals per second", table::number, mistakes);
        self.instances = table.list(sweep::INSTANCES.name, "whole numbers", table::integer, mistakes);
        self.reference = table.text(sweep::REFERENCE.name, mistakes);
        self.control = table.flag(sweep::CONTROL.name, mistakes);
        self.verdict_on = table.list(sweep::VERDICT_ON.name, "names of figures", name, mistakes);
        self.pairs = table.flag(sweep::PAIRS.name, mistakes);
        self.blocks = sweep::BLOCKS.whole(&mut table, mistakes);
        self.seed = sweep::SEED.whole(&mut table, mistakes);
        self.equivalence_margin = sweep::EQUIVALENCE_MARGIN.number(&mut table, mistakes);
        table.finish()
    }

    fn read_run(&mut self, mut table: Table<'_>, mistakes: &mut Vec<Mistake>) -> Fields {
        self.clients = run::CLIENTS.whole(&mut table, mistakes);
        self.driver_threads = run::DRIVER_THREADS.whole(&mut table, mistakes);
        self.warm_up_ms = run::WARM_UP_MS.whole(&mut table, mistakes);
        self.warm_up_cap_ms = run::WARM_UP_CAP_MS.whole(&mut table, mistakes);
        self.phase = table.text(run::PHASE.name, mistakes);
        self.arrivals = table.text(run::ARRIVALS.name, mistakes);
        self.max_in_flight = run::MAX_IN_FLIGHT.whole(&mut table, mistakes);
        self.when_full = table.text(run::WHEN_FULL.name, mistakes);
        self.warm_up_scan = table.flag(run::WARM_UP_SCAN.name, mistakes);
        self.prewarm_keys = run::PREWARM_KEYS.whole(&mut table, mistakes);
        self.duration_ms = run::DURATION_MS.whole(&mut table, mistakes);
        self.operation_timeout_ms = run::OPERATION_TIMEOUT_MS.whole(&mut table, mistakes);
        self.cache_timeout_ms = run::CACHE_TIMEOUT_MS.whole(&mut table, mistakes);
        self.interval_ms = run::INTERVAL_MS.whole(&mut table, mistakes);
        self.hop_times = table.flag(run::HOP_TIMES.name, mistakes);
        self.oracle = table.flag(run::ORACLE.name, mistakes);
        self.audit_keys = run::AUDIT_KEYS.whole(&mut table, mistakes);
        self.driver = table.text(run::DRIVER.name, mistakes);
        // For a load alone: one file may drive both.
        self.preload = table.flag(run::PRELOAD.name, mistakes);
        self.hatch_per_s = run::HATCH_PER_S.number(&mut table, mistakes);
        table.finish()
    }
}

impl Draft {
    /// What file and flags say of servers.
    pub(super) fn of_servers(&self) -> impl Iterator<Item = &Written> {
        let sets = self.sets.iter().filter(|set| set.target == "servers" && set.is_plain());
        self.servers.iter().chain(sets.map(|set| &set.setting.written))
    }

    /// Whether an arm is called so. Where strategies alone take part, they are meant by their names.
    pub(super) fn is_arm(&self, name: &str) -> bool {
        let plain = self.strategies.iter().flatten().any(|strategy| strategy.value == name);
        self.arms.iter().any(|arm| arm.is_called(name)) || (plain && !self.arms.is_empty())
    }
}

fn part_table(kind: PartKind, name: Located<String>, table: &DeTable<'_>) -> PartTable {
    PartTable { kind, name, settings: written::settings(table) }
}

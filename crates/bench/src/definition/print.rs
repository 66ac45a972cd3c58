//! Writes a definition out in full, so that reading it again gives the same.

use super::check_driving::AUDITED;
use super::values::{plain, put, whole};
use super::{Arm, Chosen, Definition, faults, print_arms as arms, verdicts};
use cachemark_core::Settings;
use cachemark_workload::KeyDistribution;
use toml::Table;

impl Definition {
    /// The definition as TOML, every default spelt out.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut root = Table::new();
        put(&mut root, "name", self.name.clone());
        put(&mut root, "description", self.description.clone());
        if !self.assertions.is_empty() {
            put(&mut root, "assert", self.assertions.iter().map(ToString::to_string).collect::<Vec<_>>());
        }
        put(&mut root, "workload", self.workload_table());
        put(&mut root, "sweep", self.sweep_table());
        put(&mut root, "run", self.run_table());
        // Left out where there are none: a definition that was printed before there were any still has the same hash.
        if !self.faults.is_empty() {
            put(&mut root, "fault", faults::tables(&self.faults));
        }
        if let Some(services) = &self.services {
            put(&mut root, "http", services.http.clone());
        }
        if self.services.is_some() {
            if !self.arms.is_empty() {
                put(&mut root, "arm", arms::tables(&self.arms));
            }
            // A table of plain values always prints.
            return toml::to_string(&root).unwrap_or_default();
        }
        put(&mut root, "servers", arms::shared_servers(&self.arms));
        if self.is_plain() {
            let strategies: Vec<&Chosen> = self.arms.iter().map(|arm| &arm.strategy).collect();
            put(&mut root, "strategy", parts_table(&strategies));
        } else {
            put(&mut root, "arm", arms::tables(&self.arms));
        }
        for (kind, parts) in [("cache", &self.caches), ("store", &self.stores)] {
            put(&mut root, kind, parts_table(&parts.iter().collect::<Vec<_>>()));
        }
        // A table of plain values always prints.
        toml::to_string(&root).unwrap_or_default()
    }

    fn workload_table(&self) -> Table {
        let mut table = Table::new();
        put(&mut table, "keys", whole(self.keys));
        match self.distribution {
            KeyDistribution::Uniform => put(&mut table, "distribution", "uniform"),
            KeyDistribution::Zipf { exponent } => {
                put(&mut table, "distribution", "zipf");
                put(&mut table, "exponent", exponent);
            }
        }
        put(&mut table, "read-ratio", self.read_ratios.clone());
        put(&mut table, "delete-ratio", self.delete_ratio);
        put(&mut table, "value-bytes", i64::from(self.value_bytes));
        table
    }

    fn sweep_table(&self) -> Table {
        let names = |parts: &[Chosen]| parts.iter().map(|part| part.descriptor.name.to_owned()).collect::<Vec<_>>();
        let mut table = Table::new();
        if self.services.is_none() {
            if self.is_plain() {
                let names: Vec<_> = self.arms.iter().map(|arm| arm.name.clone()).collect();
                put(&mut table, "strategies", names);
            }
            put(&mut table, "caches", names(&self.caches));
            put(&mut table, "stores", names(&self.stores));
            let costs: Vec<i64> = self.read_costs.iter().map(|cost| whole(cost.as_micros())).collect();
            put(&mut table, "read-cost-us", costs);
            // What is said by default is left out: a definition that was printed before still has the same hash.
            if let Some(workers) = self.store_workers {
                put(&mut table, "store-workers", i64::from(workers));
            }
            put(&mut table, "instances", self.instances.iter().map(|&count| i64::from(count)).collect::<Vec<_>>());
        }
        if !self.rates.is_empty() {
            put(&mut table, "rate", self.rates.clone());
        }
        if !self.arms.is_empty() {
            put(&mut table, "reference", self.reference.clone());
        }
        put(&mut table, "control", self.control);
        // What is said by default is left out: a definition that was printed before still has the same hash.
        if self.verdict_on != verdicts::by_default(!self.rates.is_empty()) {
            let names: Vec<_> = self.verdict_on.iter().map(|figure| figure.name.to_owned()).collect();
            put(&mut table, "verdict-on", names);
        }
        if self.pairs {
            put(&mut table, "pairs", true);
        }
        put(&mut table, "blocks", i64::from(self.blocks));
        put(&mut table, "seed", whole(self.seed));
        put(&mut table, "equivalence-margin", self.equivalence_margin);
        table
    }

    fn run_table(&self) -> Table {
        let driving = &self.driving;
        let mut table = Table::new();
        put(&mut table, "clients", i64::from(driving.clients));
        put(&mut table, "driver-threads", i64::from(driving.driver_threads));
        if !self.rates.is_empty() {
            put(&mut table, "arrivals", driving.open_loop.process.name());
            put(&mut table, "max-in-flight", i64::from(driving.open_loop.max_in_flight));
            put(&mut table, "when-full", driving.open_loop.when_full.name());
        }
        if let Some(warm_up) = driving.warm_up {
            put(&mut table, "warm-up-ms", whole(warm_up.as_millis()));
        }
        put(&mut table, "duration-ms", whole(driving.duration.as_millis()));
        put(&mut table, "operation-timeout-ms", whole(driving.operation_timeout.as_millis()));
        put(&mut table, "interval-ms", whole(driving.interval.as_millis()));
        put(&mut table, "oracle", driving.oracle);
        match &self.services {
            Some(services) => {
                put(&mut table, "driver", self.driver.clone());
                put(&mut table, "preload", services.preload);
                if let Some(rate) = services.hatch_per_s {
                    put(&mut table, "hatch-per-s", rate);
                }
                // Left out by default, as before there was an audit of services.
                if driving.audit_keys != AUDITED {
                    put(&mut table, "audit-keys", whole(driving.audit_keys));
                }
            }
            None => {
                put(&mut table, "phase", driving.phase.name());
                put(&mut table, "warm-up-cap-ms", whole(driving.warm_up_cap.as_millis()));
                put(&mut table, "warm-up-scan", driving.warm_up_scan);
                // What is said by default is left out: a definition that was printed before still has the same hash.
                if driving.prewarm_keys > 0 {
                    put(&mut table, "prewarm-keys", whole(driving.prewarm_keys));
                }
                put(&mut table, "cache-timeout-ms", whole(driving.cache_timeout.as_millis()));
                put(&mut table, "hop-times", driving.hop_times);
                put(&mut table, "audit-keys", whole(driving.audit_keys));
            }
        }
        table
    }
}

impl Definition {
    /// Whether the arms are strategies, each as it is set for all, over servers that are set the same for all.
    fn is_plain(&self) -> bool {
        let plain = |arm: &Arm| arm.name == arm.strategy.descriptor.name && arm.sets_no_part();
        self.arms.iter().all(plain) && self.arms.windows(2).all(|pair| pair[0].servers == pair[1].servers)
    }
}

fn parts_table(parts: &[&Chosen]) -> Table {
    let mut table = Table::new();
    for part in parts {
        put(&mut table, part.descriptor.name, settings_table(&part.settings.said(part.descriptor.settings)));
    }
    table
}

fn settings_table(settings: &Settings) -> Table {
    settings.iter().map(|(name, value)| (name.to_owned(), plain(value))).collect()
}

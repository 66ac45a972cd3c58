//! What flags say over the file.

use super::draft::Draft;
use super::mistake::{Located, Mistake, Origin};
use super::written;

/// Values given on the command line; `None` leaves the definition's own. They are checked like the file's.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is the flag of its name")]
pub struct Overrides {
    pub strategies: Option<Vec<String>>,
    /// Each a `[NAME:] STRATEGY [SETTING=VALUE]...`; with any, the file's strategies and arms are left out.
    pub arms: Vec<String>,
    /// The one arm of the file that is taken.
    pub arm: Option<String>,
    /// Each a `NAME.SETTING=VALUE[,VALUE]`.
    pub sets: Vec<String>,
    pub assertions: Vec<String>,
    pub reference: Option<String>,
    pub caches: Option<Vec<String>>,
    pub stores: Option<Vec<String>>,
    pub read_ratios: Option<Vec<f64>>,
    pub read_costs_us: Option<Vec<u64>>,
    pub instances: Option<Vec<u64>>,
    pub rates: Option<Vec<f64>>,
    pub arrivals: Option<String>,
    pub max_in_flight: Option<u64>,
    pub when_full: Option<String>,
    pub phase: Option<String>,
    pub keys: Option<u64>,
    pub value_bytes: Option<u64>,
    pub clients: Option<u64>,
    /// The same as a load has them.
    pub users: Option<u64>,
    pub driver: Option<String>,
    pub preload: Option<bool>,
    pub duration_ms: Option<u64>,
    pub warm_up_ms: Option<u64>,
    /// The flag of it is `serve`'s `--deadline`.
    pub operation_timeout_ms: Option<u64>,
    pub cache_timeout_ms: Option<u64>,
    pub hop_times: Option<bool>,
    pub oracle: Option<bool>,
    pub audit_keys: Option<u64>,
    pub verdict_on: Option<Vec<String>>,
    pub pairs: Option<bool>,
    pub blocks: Option<u64>,
    pub seed: Option<u64>,
}

impl Draft {
    /// Puts what the flags say in the place of what the file says.
    #[must_use]
    pub fn with(mut self, given: Overrides) -> Self {
        self.put_arms(given.strategies, &given.arms);
        if let Some(name) = given.arm {
            self.take_arm(&name);
        }
        for set in &given.sets {
            match written::set_of_flag(set) {
                Ok(set) => self.sets.push(set),
                Err(mistake) => self.mistakes.push(mistake),
            }
        }
        put(&mut self.reference, given.reference, "--reference");
        put_list(&mut self.caches, given.caches, "--cache");
        put_list(&mut self.stores, given.stores, "--store");
        put_list(&mut self.read_ratios, given.read_ratios, "--read-ratio");
        put_list(&mut self.read_costs_us, given.read_costs_us, "--read-cost");
        put_list(&mut self.instances, given.instances, "--instances");
        put_list(&mut self.rates, given.rates, "--rate");
        put(&mut self.arrivals, given.arrivals, "--arrivals");
        put(&mut self.max_in_flight, given.max_in_flight, "--max-in-flight");
        put(&mut self.when_full, given.when_full, "--when-full");
        put(&mut self.phase, given.phase, "--phase");
        put(&mut self.keys, given.keys, "--keys");
        put(&mut self.value_bytes, given.value_bytes, "--value-bytes");
        put(&mut self.clients, given.clients, "--clients");
        put(&mut self.clients, given.users, "--users");
        put(&mut self.driver, given.driver, "--driver");
        put(&mut self.preload, given.preload, "--preload");
        put(&mut self.duration_ms, given.duration_ms, "--duration");
        put(&mut self.warm_up_ms, given.warm_up_ms, "--warm-up");
        put(&mut self.operation_timeout_ms, given.operation_timeout_ms, "--deadline");
        put(&mut self.cache_timeout_ms, given.cache_timeout_ms, "--cache-timeout");
        put(&mut self.hop_times, given.hop_times, "--hop-times");
        put(&mut self.oracle, given.oracle, "--oracle");
        put(&mut self.audit_keys, given.audit_keys, "--audit-keys");
        put_list(&mut self.verdict_on, given.verdict_on, "--verdict-on");
        put(&mut self.pairs, given.pairs, "--pairs");
        put(&mut self.blocks, given.blocks, "--blocks");
        self.add_assertions(given.assertions);
        put(&mut self.seed, given.seed, "--seed");
        self
    }

    /// The names of the arms that were written, in their order.
    #[must_use]
    pub fn arm_names(&self) -> Vec<&str> {
        self.arms.iter().map(|arm| arm.name.as_ref().unwrap_or(&arm.strategy).value.as_str()).collect()
    }

    /// Leaves nothing of what is compared but the arm of that name.
    fn take_arm(&mut self, name: &str) {
        let names = self.arm_names();
        if !names.contains(&name) {
            let mistake = Mistake::unknown(Origin::Flag("--arm"), "arm", name, &names);
            self.mistakes.push(mistake);
        }
        self.arms.retain(|arm| arm.is_called(name));
        (self.strategies, self.reference) = (Some(Vec::new()), None);
    }

    /// What is compared: flags that name it leave no room for what the file compares.
    fn put_arms(&mut self, strategies: Option<Vec<String>>, arms: &[String]) {
        if strategies.is_none() && arms.is_empty() {
            return;
        }
        (self.strategies, self.arms) = (None, Vec::new());
        put_list(&mut self.strategies, strategies, "--strategy");
        for arm in arms {
            match written::arm_of_flag(arm) {
                Ok(arm) => self.arms.push(arm),
                Err(mistake) => self.mistakes.push(mistake),
            }
        }
    }
}

fn put<T>(field: &mut Option<Located<T>>, given: Option<T>, flag: &'static str) {
    if let Some(value) = given {
        *field = Some(Located { value, origin: Origin::Flag(flag) });
    }
}

fn put_list<T>(field: &mut Option<Vec<Located<T>>>, given: Option<Vec<T>>, flag: &'static str) {
    if let Some(values) = given {
        *field = Some(values.into_iter().map(|value| Located { value, origin: Origin::Flag(flag) }).collect());
    }
}

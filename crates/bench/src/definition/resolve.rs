//! Checks a draft against the parts that exist.

use super::arms::{Parts, Resolved, of_part, sound};
use super::check::{Check, twice};
use super::draft::Draft;
use super::faults::Whose;
use super::field::{Field, sweep, workload};
use super::mistake::{Located, Mistake, Mistakes, Origin};
use super::table::whole;
use super::{Arm, Catalogue, Chosen, Definition, Driving, assertions};
use cachemark_core::{Descriptor, PartKind, Settings};
use cachemark_workload::KeyDistribution;
use std::time::Duration;

/// The strategy that others are compared with unless another is named.
const NO_CACHE: &str = "no-cache";

impl Definition {
    /// Checks `draft` against `catalogue` and fills in the defaults.
    ///
    /// # Errors
    /// Every mistake at once, in the order of their places.
    pub fn resolve(draft: Draft, catalogue: &Catalogue<'_>) -> Result<Self, Mistakes> {
        let mut check = Check { mistakes: draft.mistakes.clone() };
        let definition = check.definition(&draft, catalogue);
        let mut list = check.mistakes;
        if list.is_empty() {
            return Ok(definition);
        }
        list.sort_by_key(|mistake| match &mistake.origin {
            Origin::Flag(_) => (0, 0),
            Origin::File(span) => (1, span.start),
            Origin::Default => (2, 0),
        });
        Err(Mistakes { name: draft.file, text: draft.text, list })
    }
}

impl Check {
    fn definition(&mut self, draft: &Draft, catalogue: &Catalogue<'_>) -> Definition {
        self.part_tables(draft, catalogue);
        self.part_settings(draft, catalogue);
        self.servers(draft, catalogue);
        let driving = self.driving(draft);
        let sessions = sessions(draft, &driving);
        let caches = self.chosen(PartKind::Cache, draft.caches.as_deref(), draft, catalogue, sessions);
        let stores = self.chosen(PartKind::Store, draft.stores.as_deref(), draft, catalogue, sessions);
        let parts = Parts { catalogue, caches: &caches, stores: &stores, sessions };
        let arms = self.arms(draft, &parts);
        self.lifetimes(catalogue, &arms, &caches);
        let arms: Vec<_> = arms.into_iter().map(Resolved::into_arm).collect();
        let reference = self.reference(draft, &arms);
        let verdict_on = self.verdict_on(draft, &arms);
        let whose = Whose { catalogue, caches: &caches, stores: &stores, arms: &arms };
        let faults = self.faults(draft, &driving, &whose);
        Definition {
            name: self.name(draft),
            assertions: assertions::check(draft, catalogue, &arms, &mut self.mistakes),
            description: draft.description.as_ref().map_or_else(String::new, |text| text.value.clone()),
            keys: self.whole(draft.keys.as_ref(), 10_000, workload::KEYS),
            distribution: self.distribution(draft),
            read_ratios: self.read_ratios(draft),
            delete_ratio: draft.delete_ratio.as_ref().map_or(0.0, |ratio| ratio.value),
            value_bytes: self.whole(draft.value_bytes.as_ref(), 256, workload::VALUE_BYTES) as u32,
            arms,
            caches,
            stores,
            read_costs: self
                .wholes(draft.read_costs_us.as_deref(), 0, sweep::READ_COST_US)
                .into_iter()
                .map(Duration::from_micros)
                .collect(),
            store_workers: draft.store_workers.as_ref().map(|workers| workers.value as u32),
            rates: self.rates(draft),
            instances: self
                .wholes(draft.instances.as_deref(), 1, sweep::INSTANCES)
                .into_iter()
                .map(|count| count as u32)
                .collect(),
            reference,
            control: draft.control.as_ref().is_none_or(|control| control.value),
            verdict_on,
            pairs: draft.pairs.as_ref().is_some_and(|pairs| pairs.value),
            blocks: self.whole(draft.blocks.as_ref(), draft.defaults().blocks, sweep::BLOCKS) as u32,
            seed: draft.seed.as_ref().map_or(1, |seed| seed.value),
            equivalence_margin: draft.equivalence_margin.as_ref().map_or(0.05, |margin| margin.value),
            driving,
            faults,
            driver: self.driver(draft, catalogue),
            services: draft.services(),
            server_settings: if catalogue.own_servers { catalogue.server_settings.to_vec() } else { Vec::new() },
        }
    }

    fn driver(&mut self, draft: &Draft, catalogue: &Catalogue<'_>) -> String {
        // One file may drive a load and a sweep, which has a driver of its own.
        let Some(name) = draft.driver.as_ref().filter(|_| draft.http.is_some()) else {
            return catalogue.drivers.first().copied().unwrap_or_default().to_owned();
        };
        if !catalogue.drivers.contains(&name.value.as_str()) {
            self.mistakes.push(Mistake::unknown(name.origin.clone(), "driver", &name.value, catalogue.drivers));
        }
        name.value.clone()
    }

    fn name(&mut self, draft: &Draft) -> String {
        let Some(name) = &draft.name else { return draft.defaults().name.into() };
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.value.is_empty() || name.value.len() > 60 || !name.value.chars().all(fits) {
            let message = "name takes 1 to 60 lower-case letters, digits and hyphens: it names a folder";
            self.mistakes.push(Mistake::new(name.origin.clone(), message));
        }
        name.value.clone()
    }

    fn distribution(&mut self, draft: &Draft) -> KeyDistribution {
        let exponent = draft.exponent.as_ref();
        match draft.distribution.as_ref() {
            None => KeyDistribution::Zipf { exponent: exponent.map_or(0.99, |exponent| exponent.value) },
            Some(name) if name.value == "zipf" => {
                KeyDistribution::Zipf { exponent: exponent.map_or(0.99, |exponent| exponent.value) }
            }
            Some(name) if name.value == "uniform" => {
                if let Some(exponent) = exponent {
                    let message = "exponent has no meaning with distribution \"uniform\"";
                    self.mistakes.push(Mistake::new(exponent.origin.clone(), message).advise("leave it out"));
                }
                KeyDistribution::Uniform
            }
            Some(name) => {
                self.mistakes.push(Mistake::unknown(
                    name.origin.clone(),
                    "distribution",
                    &name.value,
                    &["uniform", "zipf"],
                ));
                KeyDistribution::Uniform
            }
        }
    }

    fn read_ratios(&mut self, draft: &Draft) -> Vec<f64> {
        let Some(given) = &draft.read_ratios else { return vec![0.5, 0.9, 0.99] };
        let mut ratios: Vec<f64> = Vec::new();
        for ratio in given {
            if !(0.0..=1.0).contains(&ratio.value) {
                let message = format!("a read ratio of {} is not between 0 and 1", ratio.value);
                let help = "it is the share of reads: 0.9 is nine reads for each write";
                self.mistakes.push(Mistake::new(ratio.origin.clone(), message).advise(help));
            } else if ratios.contains(&ratio.value) {
                self.mistakes.push(twice(ratio.origin.clone(), "read ratio", &ratio.value.to_string()));
            }
            ratios.push(ratio.value);
        }
        ratios
    }

    pub(super) fn whole(&mut self, given: Option<&Located<u64>>, default: u64, field: &Field) -> u64 {
        let Some(given) = given else { return default };
        // The file's values were checked when they were read; a flag's are checked here.
        if matches!(given.origin, Origin::Flag(_)) && !field.range().contains(&given.value) {
            let takes = whole(&field.range());
            let message = format!("{} is out of range: {} takes {takes}", given.value, field.name);
            self.mistakes.push(Mistake::new(given.origin.clone(), message));
        }
        given.value
    }

    fn wholes(&mut self, list: Option<&[Located<u64>]>, default: u64, field: &Field) -> Vec<u64> {
        let Some(list) = list else { return vec![default] };
        let mut values = Vec::new();
        for each in list {
            if !field.range().contains(&each.value) {
                let (name, range) = (field.name, field.range());
                let takes = format!("whole numbers from {} to {}", range.start(), range.end());
                let message = format!("{} is out of range: {name} takes {takes}", each.value);
                self.mistakes.push(Mistake::new(each.origin.clone(), message));
            } else if values.contains(&each.value) {
                self.mistakes.push(twice(each.origin.clone(), field.name, &each.value.to_string()));
            }
            values.push(each.value);
        }
        values
    }

    /// The parts of one kind that the sweep names, or all that exist where it names none.
    fn chosen(
        &mut self,
        kind: PartKind,
        named: Option<&[Located<String>]>,
        draft: &Draft,
        catalogue: &Catalogue<'_>,
        sessions: u64,
    ) -> Vec<Chosen> {
        let known = catalogue.of(kind);
        let settled = |part: &Descriptor| Chosen { descriptor: *part, settings: settings_of(part, draft, sessions) };
        let Some(named) = named else {
            let by_default = |part: &&Descriptor| match kind {
                PartKind::Store => catalogue.default_stores.contains(&part.name),
                _ => catalogue.default_caches.contains(&part.name),
            };
            return known.iter().filter(by_default).map(settled).collect();
        };
        let mut chosen: Vec<Chosen> = Vec::new();
        for name in named {
            if chosen.iter().any(|part| part.descriptor.name == name.value) {
                self.mistakes.push(twice(name.origin.clone(), kind.name(), &name.value));
                continue;
            }
            match known.iter().find(|descriptor| descriptor.name == name.value) {
                Some(descriptor) => chosen.push(settled(descriptor)),
                None => self.mistakes.push(catalogue.no_such(name.origin.clone(), kind, &name.value)),
            }
        }
        chosen
    }

    /// The arm of the reference's name: an arm's own, or that of a group of one.
    fn reference(&mut self, draft: &Draft, arms: &[Arm]) -> String {
        let called = |name: &str| -> Vec<&Arm> {
            let exact: Vec<_> = arms.iter().filter(|arm| arm.name == name).collect();
            if exact.is_empty() { arms.iter().filter(|arm| arm.group == name).collect() } else { exact }
        };
        let first = || arms.first().map_or_else(String::new, |arm| arm.name.clone());
        let Some(given) = &draft.reference else {
            let of_name = called(NO_CACHE).first().map(|arm| arm.name.clone());
            let mut of_strategy = arms.iter().filter(|arm| arm.strategy.descriptor.name == NO_CACHE);
            return of_name.or_else(|| of_strategy.next().map(|arm| arm.name.clone())).unwrap_or_else(first);
        };
        match called(&given.value).as_slice() {
            [arm] => arm.name.clone(),
            // The flag left the file's reference out: the first arm asked for stands in.
            [] if matches!(given.origin, Origin::File(_)) && draft.arms_are_flags() => first(),
            // One of the arms that a list was to make, and that list was refused.
            [] if given.value.contains(' ') && !self.mistakes.is_empty() => given.value.clone(),
            [] => {
                let names: Vec<_> = arms.iter().map(|arm| arm.name.as_str()).collect();
                let origin = given.origin.clone();
                self.mistakes.push(match as_tables_name_it(&given.value).filter(|name| !called(name).is_empty()) {
                    Some(name) => {
                        Mistake::new(origin, format!("the reference `{}` has its settings in brackets", given.value))
                            .advise(format!("assertions name it so; here it is `{name}`, as in tables"))
                    }
                    None => Mistake::unknown(origin, "reference", &given.value, &names),
                });
                given.value.clone()
            }
            several => {
                let names: Vec<_> = several.iter().map(|arm| format!("`{}`", arm.name)).collect();
                let message = format!("the reference `{}` is {} arms", given.value, several.len());
                let help = format!("name one of them, with --reference or in the definition: {}", names.join(", "));
                self.mistakes.push(Mistake::new(given.origin.clone(), message).advise(help));
                given.value.clone()
            }
        }
    }

    /// Every `[strategy.x]` and the like must name a part, and every field of it a setting, within its range.
    fn part_tables(&mut self, draft: &Draft, catalogue: &Catalogue<'_>) {
        for table in &draft.parts {
            if !catalogue.of(table.kind).iter().any(|descriptor| descriptor.name == table.name.value) {
                self.mistakes.push(catalogue.no_such(table.name.origin.clone(), table.kind, &table.name.value));
            }
        }
    }

    /// Every setting that a table or a flag gives a part must be one of its own, within its range.
    fn part_settings(&mut self, draft: &Draft, catalogue: &Catalogue<'_>) {
        for kind in [PartKind::Strategy, PartKind::Cache, PartKind::Store] {
            for part in catalogue.of(kind) {
                for written in of_part(draft, kind, part.name) {
                    if let Some(setting) = self.setting(written, part.name, part.settings) {
                        self.values(written, &setting);
                    }
                }
            }
        }
    }
}

impl Draft {
    fn arms_are_flags(&self) -> bool {
        let of_arms = self.arms.iter().map(|arm| &arm.strategy);
        self.strategies.iter().flatten().chain(of_arms).any(|name| matches!(name.origin, Origin::Flag(_)))
    }
}

/// The name in tables of an arm that is named as in an assertion, with its settings in brackets (`ttl[ttl-ms=100]`); none if it isn't.
fn as_tables_name_it(given: &str) -> Option<String> {
    let (name, settings) = given.strip_suffix(']')?.split_once('[')?;
    let settings: String = settings.split(',').map(|setting| format!(" {}", setting.trim())).collect();
    Some(format!("{name}{settings}"))
}

/// The most lanes that an open loop's driver thread is given: with two of them they come below the 100 connections that a
/// Postgres takes as it is installed, and 64 at a time are more than a stack on its way to overload has under way.
const OPEN_LOOP_LANES: u64 = 32;

/// How many operations a driver thread may have under way, as far as there should be a lane for each: in a closed loop a
/// client's is never to wait for another's, in an open loop no more are held than [`OPEN_LOOP_LANES`].
fn sessions(draft: &Draft, driving: &Driving) -> u64 {
    let threads = u64::from(driving.driver_threads.max(1));
    match draft.rates {
        None => u64::from(driving.clients).div_ceil(threads),
        Some(_) => u64::from(driving.open_loop.max_in_flight).div_ceil(threads).min(OPEN_LOOP_LANES),
    }
}

/// The defaults with the draft's values over them; those that don't fit were reported by [`Check::part_settings`].
fn settings_of(descriptor: &Descriptor, draft: &Draft, sessions: u64) -> Settings {
    let mut settings = Settings::defaults_for(descriptor.settings, sessions);
    for written in of_part(draft, descriptor.kind, descriptor.name) {
        // Of a list each arm has one; the first stands where no arm is meant.
        if let Some((setting, values)) = sound(descriptor, written)
            && let Some(value) = values.into_iter().next()
        {
            settings.put(&setting, value);
        }
    }
    settings
}

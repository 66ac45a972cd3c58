//! What an arm sets: the definition's word on its parts, and its own over it.

use super::parts::{Parts, of_part, sound, sound_values};
use crate::definition::arm::Scope;
use crate::definition::check::{Check, twice};
use crate::definition::draft::Draft;
use crate::definition::mistake::{Mistake, Origin, likely};
use crate::definition::written::{OfArm, Written, WrittenArm};
use crate::definition::{Catalogue, Chosen};
use cachemark_core::{Descriptor, PartKind, Setting, SettingKind, SettingValue};

/// A setting and the values that it is given.
#[derive(Debug, Clone)]
pub(super) struct Assigned {
    pub(super) scope: Scope,
    /// The cache or store; none for every one that has the setting.
    pub(super) part: Option<String>,
    pub(super) setting: Setting,
    /// One, or those that are compared.
    pub(super) values: Vec<SettingValue>,
    pub(super) origin: Origin,
    /// Whether it holds for every arm, and not for this one alone.
    pub(super) of_all: bool,
}

impl Assigned {
    /// What the axis is called among those that are `varied`: by the setting's name, and by whose it is where two have it.
    pub(super) fn axis(&self, varied: &[&Self]) -> String {
        let namesakes = varied.iter().filter(|other| other.setting.name == self.setting.name).count();
        let part = self.part.as_ref().map_or_else(String::new, |part| format!("{part}."));
        let name = self.setting.name;
        if namesakes > 1 { format!("{}{part}{name}", self.scope.prefix()) } else { name.to_owned() }
    }
}

/// The settings of one arm, each once.
#[derive(Debug, Clone, Default)]
pub(super) struct Assignments(pub(super) Vec<Assigned>);

impl Assignments {
    /// Puts `given` in the place of what was said of the same setting before.
    fn put(&mut self, given: Assigned) {
        let same = |one: &Assigned| {
            one.scope == given.scope
                && one.setting.name == given.setting.name
                && (given.part.is_none() || one.part == given.part)
        };
        self.0.retain(|one| !same(one));
        self.0.push(given);
    }

    pub(super) fn of(&self, scope: Scope, setting: &str) -> Option<&Assigned> {
        self.0.iter().find(|one| one.scope == scope && one.setting.name == setting)
    }

    /// One value of each, of the combination of this number: the last of the lists varies fastest.
    pub(super) fn combination(&self, number: usize) -> Vec<(&Assigned, &SettingValue)> {
        let mut left = number;
        let mut settled: Vec<_> = self
            .0
            .iter()
            .rev()
            .map(|one| {
                let value = &one.values[left % one.values.len()];
                left /= one.values.len();
                (one, value)
            })
            .collect();
        settled.reverse();
        settled
    }
}

impl Check {
    /// Everything that is set of the arm: by the tables and flags of its parts and servers, then by itself.
    pub(super) fn assign(
        &mut self,
        written: &WrittenArm,
        group: &str,
        strategy: Descriptor,
        draft: &Draft,
        parts: &Parts<'_>,
    ) -> Assignments {
        let mut assignments = Assignments::default();
        let caches = parts.caches.iter().filter(|_| strategy.asks_cache());
        let mut of: Vec<Descriptor> = vec![strategy];
        of.extend(caches.chain(parts.stores).map(|part| part.descriptor));
        for part in &of {
            for written in of_part(draft, part.kind, part.name) {
                // What is wrong with it was said once, for all arms.
                if let Some((setting, values)) = sound(part, written) {
                    let (scope, origin) = (Scope::of(part.kind), written.name.origin.clone());
                    let name = (part.kind != PartKind::Strategy).then(|| part.name.to_owned());
                    assignments.put(Assigned { scope, part: name, setting, values, origin, of_all: true });
                }
            }
        }
        for written in draft.of_servers() {
            if let Some(assigned) = of_servers(written, &of, parts.catalogue) {
                assignments.put(assigned);
            }
        }
        // What is set of one part holds over what is set of all that have it, however the table is sorted.
        let mut settings: Vec<&OfArm> = written.settings.iter().collect();
        settings.sort_by_key(|own| own.part.is_some());
        let sets = draft
            .sets
            .iter()
            .filter(|set| set.is_of_arm(group, strategy.name, |name| draft.is_arm(name)))
            .map(|set| &set.setting);
        for own in settings.into_iter().chain(sets) {
            if let Some(assigned) = self.own(own, group, strategy, parts) {
                assignments.put(assigned);
            }
        }
        // An order of its own: however it was written, a definition names its arms alike.
        assignments.0.sort_by(|a, b| {
            let order = |one: &Assigned| (one.scope, one.part.clone(), one.setting.name);
            order(a).cmp(&order(b))
        });
        assignments
    }

    /// A setting of the arm's own, checked.
    fn own(&mut self, own: &OfArm, group: &str, strategy: Descriptor, parts: &Parts<'_>) -> Option<Assigned> {
        let OfArm { scope, part, written } = own;
        let origin = written.name.origin.clone();
        if let Some(named) = part {
            let of = if *scope == Scope::Cache { parts.caches } else { parts.stores };
            let known: Vec<_> = of.iter().map(|part| part.descriptor.name).collect();
            if !known.contains(&named.as_str()) {
                let what = format!("{} of this sweep", scope.prefix().trim_end_matches('.'));
                self.mistakes.push(parts.catalogue.unknown(origin, &what, named, &known));
                return None;
            }
        }
        let (what, known) = match scope {
            Scope::Strategy => (strategy.name.to_owned(), strategy.settings.to_vec()),
            Scope::Servers => ("servers".to_owned(), server_settings(parts.catalogue)),
            Scope::Cache if !strategy.asks_cache() => {
                let message = format!("`{group}` asks no cache: cache.{} has no say", written.name.value);
                self.mistakes.push(Mistake::new(origin, message).advise("leave it out"));
                return None;
            }
            Scope::Cache => (part_named(part.as_deref(), "cache"), settings_of(parts.caches, part.as_deref())),
            Scope::Store => (part_named(part.as_deref(), "store"), settings_of(parts.stores, part.as_deref())),
        };
        let setting = self.setting(written, &what, &known)?;
        let values = self.values(written, &setting)?;
        if *scope == Scope::Servers && !parts.catalogue.own_servers {
            self.mistakes.push(of_no_server(origin, &setting));
            return None;
        }
        Some(Assigned { scope: *scope, part: part.clone(), setting, values, origin, of_all: false })
    }

    /// The setting that is meant, if there is one.
    pub(in crate::definition) fn setting(&mut self, written: &Written, of: &str, known: &[Setting]) -> Option<Setting> {
        let found = known.iter().find(|setting| setting.name == written.name.value);
        if found.is_none() {
            let names: Vec<_> = known.iter().map(|setting| setting.name).collect();
            let (origin, what) = (written.name.origin.clone(), format!("setting of {of}"));
            self.mistakes.push(Mistake::unknown(origin, &what, &written.name.value, &names));
        }
        found.copied()
    }

    /// The values that it is given, if all of them are such as it takes, and none is there twice.
    pub(in crate::definition) fn values(&mut self, written: &Written, setting: &Setting) -> Option<Vec<SettingValue>> {
        let origin = &written.name.origin;
        let meant = |given: &Option<SettingValue>| match (setting.kind, given) {
            (SettingKind::Choice(words), Some(SettingValue::Text(given))) => likely(given, words),
            _ => String::new(),
        };
        let takes = format!("{} takes {}", setting.name, setting.kind);
        if written.values.is_empty() {
            self.mistakes.push(Mistake::new(origin.clone(), takes).advise(setting.help));
            return None;
        }
        let mut values = Vec::new();
        let before = self.mistakes.len();
        for value in &written.values {
            match value.clone().map_or(Err(takes.clone()), |value| setting.check(value)) {
                Ok(value) if values.contains(&value) => {
                    let twice = twice(origin.clone(), setting.name, &value.to_string());
                    self.mistakes.push(twice);
                }
                Ok(value) => values.push(value),
                Err(takes) => {
                    let help = format!("{}{}", meant(value), setting.help);
                    self.mistakes.push(Mistake::new(origin.clone(), takes).advise(help));
                }
            }
        }
        (self.mistakes.len() == before).then_some(values)
    }

    /// The settings of servers: each must be one, within its range, and a list takes servers of our own.
    pub(in crate::definition) fn servers(&mut self, draft: &Draft, catalogue: &Catalogue<'_>) {
        let known = server_settings(catalogue);
        for written in draft.of_servers() {
            let Some(setting) = self.setting(written, "servers", &known) else { continue };
            let values = self.values(written, &setting);
            if values.is_some_and(|values| values.len() > 1) && !catalogue.own_servers {
                self.mistakes.push(of_no_server(written.name.origin.clone(), &setting));
            }
        }
    }
}

fn of_no_server(origin: Origin, setting: &Setting) -> Mistake {
    let message = format!("{} differs between arms, and no server is started for this run", setting.name);
    Mistake::new(origin, message).advise("give --stack native: it starts servers for each arm that needs its own")
}

fn part_named(part: Option<&str>, kind: &str) -> String {
    part.map_or_else(|| format!("any {kind} of this sweep"), str::to_owned)
}

/// The settings of the part of that name, or of every part, each once.
fn settings_of(parts: &[Chosen], named: Option<&str>) -> Vec<Setting> {
    let meant = parts.iter().filter(|part| named.is_none_or(|name| name == part.descriptor.name));
    let mut settings: Vec<Setting> = Vec::new();
    for setting in meant.flat_map(|part| part.descriptor.settings) {
        if !settings.iter().any(|known| known.name == setting.name) {
            settings.push(*setting);
        }
    }
    settings
}

fn server_settings(catalogue: &Catalogue<'_>) -> Vec<Setting> {
    catalogue.server_settings.iter().map(|known| known.setting).collect()
}

/// A setting of servers for an arm of these parts. A list is none of an arm whose parts have no such server.
fn of_servers(written: &Written, of: &[Descriptor], catalogue: &Catalogue<'_>) -> Option<Assigned> {
    let known = catalogue.server_settings.iter().find(|known| known.setting.name == written.name.value)?;
    let setting = known.setting;
    let mut values = sound_values(&setting, written)?;
    if !of.iter().any(|part| known.of.contains(&part.name)) {
        values.truncate(1);
    }
    let origin = written.name.origin.clone();
    Some(Assigned { scope: Scope::Servers, part: None, setting, values, origin, of_all: true })
}

//! What is compared: the arms that a draft names, each list of values taken apart.

mod assigned;
mod parts;
mod resolved;
mod same;

use super::arm::{Arm, Own, Scope};
use super::check::{Check, twice};
use super::draft::Draft;
use super::mistake::{Located, Mistake, Origin};
use super::written::WrittenArm;
use super::{Catalogue, Chosen};
use assigned::{Assigned, Assignments};
use cachemark_core::{Descriptor, SettingValue, Settings};
pub(super) use parts::{Parts, of_part, sound};
pub(super) use resolved::Resolved;

/// The most arms of a sweep: far more than anyone can compare.
const MOST_ARMS: usize = 200;

impl Check {
    /// Every arm of `draft`, in its order: the strategies of the short form first.
    pub(super) fn arms(&mut self, draft: &Draft, parts: &Parts<'_>) -> Vec<Resolved> {
        let mut arms: Vec<Resolved> = Vec::new();
        let mut names: Vec<(String, &'static str)> = Vec::new();
        for written in self.written_arms(draft, parts.catalogue) {
            let Some(descriptor) = self.strategy(&written.strategy, parts.catalogue) else { continue };
            let name = self.group(&written, parts.catalogue);
            if names.iter().any(|(known, _)| *known == name) {
                let place = written.name.as_ref().unwrap_or(&written.strategy);
                let message = format!("two arms are called `{name}`");
                self.mistakes.push(Mistake::new(place.origin.clone(), message).advise("give one another name"));
                continue;
            }
            let assigned = self.assign(&written, &name, descriptor, draft, parts);
            let origin = &written.strategy.origin;
            arms.extend(self.expanded((&name, origin), descriptor, &assigned, parts));
            names.push((name, descriptor.name));
        }
        self.sets_of_nobody(draft, &names, parts);
        if arms.len() > MOST_ARMS {
            let message = format!("{} arms are more than {MOST_ARMS}", arms.len());
            let origin = arms.last().map_or(Origin::Default, Resolved::place);
            self.mistakes.push(Mistake::new(origin, message).advise("take shorter lists of values"));
            arms.truncate(MOST_ARMS);
        }
        // What is wrong already may be why two are the same. A run that was begun so is brought to its end.
        if self.mistakes.is_empty() && !draft.recorded {
            self.refuse_same(&arms, parts);
        }
        arms
    }

    /// The strategies that are named and the arms; or, where nothing is, every strategy that takes part unasked.
    fn written_arms(&mut self, draft: &Draft, catalogue: &Catalogue<'_>) -> Vec<WrittenArm> {
        let plain = |strategy: Located<String>| WrittenArm { name: None, strategy, settings: Vec::new() };
        let mut written: Vec<WrittenArm> = Vec::new();
        for name in draft.strategies.iter().flatten() {
            if written.iter().any(|arm| arm.strategy.value == name.value) {
                self.mistakes.push(twice(name.origin.clone(), "strategy", &name.value));
            } else {
                written.push(plain(name.clone()));
            }
        }
        written.extend(draft.arms.iter().cloned());
        if draft.strategies.is_none() && draft.arms.is_empty() {
            let unasked = catalogue.strategies.iter().filter(|part| !part.on_request);
            written.extend(unasked.map(|part| plain(Located { value: part.name.into(), origin: Origin::Default })));
        }
        written
    }

    fn strategy(&mut self, name: &Located<String>, catalogue: &Catalogue<'_>) -> Option<Descriptor> {
        let found = catalogue.strategies.iter().find(|part| part.name == name.value);
        if found.is_none() {
            let names: Vec<_> = catalogue.strategies.iter().map(|part| part.name).collect();
            self.mistakes.push(Mistake::unknown(name.origin.clone(), "strategy", &name.value, &names));
        }
        found.copied()
    }

    /// The arm's name: its own, or its strategy's.
    fn group(&mut self, written: &WrittenArm, catalogue: &Catalogue<'_>) -> String {
        let Some(name) = &written.name else { return written.strategy.value.clone() };
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_+".contains(c);
        if name.value.is_empty() || name.value.len() > 40 || !name.value.chars().all(fits) {
            let message = format!("`{}` is no name of an arm", name.value);
            let help = "it takes 1 to 40 letters, digits, -, _ and +: assertions name it";
            self.mistakes.push(Mistake::new(name.origin.clone(), message).advise(help));
        }
        let reserved = Scope::NAMED.iter().any(|(word, _)| *word == name.value);
        if reserved || parts_are_called(catalogue, &name.value) {
            let message = format!("an arm cannot be called `{}`", name.value);
            let help = "--set and messages would take it for a cache, a store or the servers; give it another name";
            self.mistakes.push(Mistake::new(name.origin.clone(), message).advise(help));
        }
        let other = |part: &&Descriptor| part.name == name.value && part.name != written.strategy.value;
        if catalogue.strategies.iter().any(|part| other(&part)) {
            let message = format!("an arm of {} cannot be called `{}`", written.strategy.value, name.value);
            let help = "that is the name of another strategy; give it one of its own";
            self.mistakes.push(Mistake::new(name.origin.clone(), message).advise(help));
        }
        name.value.clone()
    }

    /// Every combination of the values that an arm is given lists of.
    fn expanded(
        &mut self,
        (group, written): (&str, &Origin),
        descriptor: Descriptor,
        assigned: &Assignments,
        parts: &Parts<'_>,
    ) -> Vec<Resolved> {
        let varied: Vec<&Assigned> = assigned.0.iter().filter(|one| one.values.len() > 1).collect();
        let combinations: usize = varied.iter().map(|one| one.values.len()).product();
        if combinations > MOST_ARMS {
            let origin = varied.last().map_or_else(|| written.clone(), |one| one.origin.clone());
            let message = format!("`{group}` comes to {combinations} arms, more than {MOST_ARMS}");
            self.mistakes.push(Mistake::new(origin, message).advise("take shorter lists of values"));
            return Vec::new();
        }
        (0..combinations)
            .map(|number| {
                let arm = arm(group, descriptor, &assigned.combination(number), &varied, parts);
                Resolved::new(arm, assigned.clone(), written.clone())
            })
            .collect()
    }

    /// A `--set` that names nothing of this sweep has no say: most likely a name is misspelt. One of a cache, a store or the
    /// servers gives a setting alone.
    fn sets_of_nobody(&mut self, draft: &Draft, arms: &[(String, &'static str)], parts: &Parts<'_>) {
        let mut of_arms: Vec<&str> = Vec::new();
        let names = arms.iter().map(|(group, _)| group.as_str()).chain(arms.iter().map(|(_, strategy)| *strategy));
        names.for_each(|name| {
            if !of_arms.contains(&name) {
                of_arms.push(name)
            }
        });
        let mut plain: Vec<&str> = parts.caches.iter().chain(parts.stores).map(|part| part.descriptor.name).collect();
        plain.push(SERVERS);
        for set in &draft.sets {
            let (target, origin) = (set.target.as_str(), set.setting.written.name.origin.clone());
            if of_arms.contains(&target) {
                continue;
            }
            if !plain.contains(&target) {
                let known = [of_arms.as_slice(), &plain].concat();
                self.mistakes.push(parts.catalogue.unknown(origin, "arm or part of this sweep", target, &known));
            } else if !set.is_plain() {
                let name = &set.setting.written.name.value;
                let message = format!("`{target}` has settings of its own alone");
                self.mistakes.push(Mistake::new(origin, message).advise(format!("write {target}.{name}=VALUE")));
            }
        }
    }
}

/// What the settings of servers are set by.
pub(super) const SERVERS: &str = "servers";

fn parts_are_called(catalogue: &Catalogue<'_>, name: &str) -> bool {
    catalogue.caches.iter().chain(catalogue.stores).any(|part| part.name == name)
}

/// The arm of one combination.
fn arm(
    group: &str,
    descriptor: Descriptor,
    settled: &[(&Assigned, &SettingValue)],
    varied: &[&Assigned],
    parts: &Parts<'_>,
) -> Arm {
    let mut strategy = Chosen { descriptor, settings: Settings::defaults_for(descriptor.settings, parts.sessions) };
    let server_settings: Vec<_> = parts.catalogue.server_settings.iter().map(|known| known.setting).collect();
    let mut servers = Settings::defaults(&server_settings);
    let mut own = Vec::new();
    for &(assigned, value) in settled {
        match assigned.scope {
            Scope::Strategy => strategy.settings.put(&assigned.setting, value.clone()),
            Scope::Servers => servers.put(&assigned.setting, value.clone()),
            // What the definition says of a part for all arms alike is in the part's own settings.
            _ if assigned.of_all && assigned.values.len() == 1 => {}
            scope => own.push(Own {
                scope,
                part: assigned.part.clone(),
                setting: assigned.setting.name,
                value: value.clone(),
            }),
        }
    }
    let axes: Vec<(String, SettingValue)> = settled
        .iter()
        .filter(|(assigned, _)| assigned.values.len() > 1)
        .map(|(assigned, value)| (assigned.axis(varied), (*value).clone()))
        .collect();
    let values: String = axes.iter().map(|(name, value)| format!(" {name}={value}")).collect();
    Arm { name: format!("{group}{values}"), group: group.to_owned(), axes, strategy, own, servers }
}

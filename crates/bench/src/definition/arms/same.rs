//! Arms that are the same under two names, or in effect: comparing them would measure one thing twice.

use super::parts::Parts;
use super::resolved::Resolved;
use crate::definition::Chosen;
use crate::definition::arm::Arm;
use crate::definition::check::Check;
use crate::definition::mistake::Mistake;
use cachemark_core::Settings;

impl Check {
    /// Refuses the second of two arms that are equal over a cache and a store of the sweep.
    pub(super) fn refuse_same(&mut self, arms: &[Resolved], parts: &Parts<'_>) {
        for (place, second) in arms.iter().enumerate() {
            let twin = |how: Sameness| {
                let earlier = arms[..place].iter();
                let mut same =
                    earlier.filter_map(|first| Some((first, same_over(how, &first.arm, &second.arm, parts)?)));
                same.next()
            };
            if let Some((first, over)) = twin(Sameness::InAll) {
                let message = format!("the arms `{}` and `{}` are the same{over}", first.arm.name, second.arm.name);
                let help = "a difference between them would be chance: set something of one, or leave it out";
                self.mistakes.push(Mistake::new(second.place(), message).advise(help));
            } else if let Some((first, over)) = twin(Sameness::InEffect) {
                let (names, idle) = ((&first.arm.name, &second.arm.name), idle(&first.arm, &second.arm, parts));
                let message = format!("the arms `{}` and `{}` are equal in effect{over}: {idle}", names.0, names.1);
                let help = "a difference between them would be chance: set what gives that an effect, or leave one out";
                self.mistakes.push(Mistake::new(second.place(), message).advise(help));
            }
        }
    }
}

/// What two arms have to have alike to be the same.
#[derive(Clone, Copy, PartialEq)]
enum Sameness {
    /// Every setting.
    InAll,
    /// Every setting that has an effect.
    InEffect,
}

/// The settings in which two arms of one effect differ, and why they have none.
fn idle(first: &Arm, second: &Arm, parts: &Parts<'_>) -> String {
    let part = |part: &Chosen| (first.over(part), second.over(part));
    let of_parts = parts.caches.iter().chain(parts.stores).map(part);
    let strategies = (first.strategy.clone(), second.strategy.clone());
    let mut told: Vec<String> = Vec::new();
    for (first, second) in [strategies].into_iter().chain(of_parts) {
        let differs = first.settings.iter().zip(second.settings.iter()).filter(|(one, other)| one != other);
        for ((name, _), _) in differs {
            let setting = first.descriptor.setting(name);
            let Some(place) = setting.and_then(|setting| setting.acts.idle_where()) else { continue };
            let text = format!("{name} has no effect where {place}");
            if !told.contains(&text) {
                told.push(text);
            }
        }
    }
    told.join("; ")
}

/// Over what two arms are the same, if over anything.
fn same_over(how: Sameness, first: &Arm, second: &Arm, parts: &Parts<'_>) -> Option<String> {
    let caches: Vec<Option<&Chosen>> =
        if first.asks_cache() { parts.caches.iter().map(Some).collect() } else { vec![None] };
    let stacks = caches.iter().flat_map(|cache| parts.stores.iter().map(move |store| (*cache, store)));
    let (mut same, mut all) = (Vec::new(), true);
    for (cache, store) in stacks {
        let identity = |arm| identity(how, arm, cache, store, parts);
        if identity(first) == identity(second) {
            same.push(match cache {
                Some(cache) => format!("{} and {}", cache.descriptor.name, store.descriptor.name),
                None => store.descriptor.name.to_owned(),
            });
        } else {
            all = false;
        }
    }
    if same.is_empty() { None } else { Some(if all { String::new() } else { format!(" over {}", same.join(", ")) }) }
}

/// All that makes a cell of an arm over a cache and a store.
fn identity(
    how: Sameness,
    arm: &Arm,
    cache: Option<&Chosen>,
    store: &Chosen,
    parts: &Parts<'_>,
) -> (&'static str, [Option<Settings>; 4]) {
    let names: Vec<&str> = cache.into_iter().chain([store]).map(|part| part.descriptor.name).collect();
    let servers =
        if parts.catalogue.own_servers { Some(arm.servers_of(parts.catalogue.server_settings, &names)) } else { None };
    let strategy = &arm.strategy;
    let of = |part: &Chosen| match how {
        Sameness::InAll => part.settings.clone(),
        Sameness::InEffect => part.settings.acting(part.descriptor.settings),
    };
    let settings = [Some(of(strategy)), cache.map(|cache| of(&arm.over(cache))), Some(of(&arm.over(store))), servers];
    (strategy.descriptor.name, settings)
}

//! Arms that are the same under two names: comparing them would measure one thing twice.

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
            let twin = arms[..place].iter().find_map(|first| Some((first, same_over(&first.arm, &second.arm, parts)?)));
            if let Some((first, over)) = twin {
                let message = format!("the arms `{}` and `{}` are the same{over}", first.arm.name, second.arm.name);
                let help = "a difference between them would be chance: set something of one, or leave it out";
                self.mistakes.push(Mistake::new(second.place(), message).advise(help));
            }
        }
    }
}

/// Over what two arms are the same, if over anything.
fn same_over(first: &Arm, second: &Arm, parts: &Parts<'_>) -> Option<String> {
    let caches: Vec<Option<&Chosen>> =
        if first.asks_cache() { parts.caches.iter().map(Some).collect() } else { vec![None] };
    let stacks = caches.iter().flat_map(|cache| parts.stores.iter().map(move |store| (*cache, store)));
    let (mut same, mut all) = (Vec::new(), true);
    for (cache, store) in stacks {
        if identity(first, cache, store, parts) == identity(second, cache, store, parts) {
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
    arm: &Arm,
    cache: Option<&Chosen>,
    store: &Chosen,
    parts: &Parts<'_>,
) -> (&'static str, [Option<Settings>; 4]) {
    let names: Vec<&str> = cache.into_iter().chain([store]).map(|part| part.descriptor.name).collect();
    let servers =
        if parts.catalogue.own_servers { Some(arm.servers_of(parts.catalogue.server_settings, &names)) } else { None };
    let strategy = &arm.strategy;
    let settings = [
        Some(strategy.settings.clone()),
        cache.map(|cache| arm.over(cache).settings),
        Some(arm.over(store).settings),
        servers,
    ];
    (strategy.descriptor.name, settings)
}

//! How the arms of a definition set the servers that are started for them.

use cachemark_bench::definition::{Arm, Definition};
use cachemark_core::{PartKind, Settings};
use cachemark_stack::{NativeOptions, SERVERS, ServerKind};
use std::collections::BTreeMap;

/// Each way in which arms set the server of a part, by the part's name.
pub(super) type Variants = BTreeMap<&'static str, Vec<Settings>>;

/// What of the settings is of the server of the part called `name`.
pub(super) fn of_part(servers: &Settings, name: &str) -> Settings {
    let mut settings = Settings::default();
    for known in ServerKind::of(name).into_iter().flat_map(|kind| kind.settings) {
        if let Some((_, value)) = servers.iter().find(|(setting, _)| *setting == known.name) {
            settings.put(known, value.clone());
        }
    }
    settings
}

/// Each way in which the arms set the server of each part that has one.
pub(super) fn variants(definition: &Definition) -> Variants {
    let mut variants = Variants::new();
    for part in definition.caches.iter().chain(&definition.stores).map(|part| part.descriptor) {
        if ServerKind::of(part.name).is_none() {
            continue;
        }
        // A cache that no arm asks is started all the same: it was named.
        let asked = |arm: &&Arm| part.kind != PartKind::Cache || arm.asks_cache();
        let of_arms = definition.arms.iter().filter(asked).chain(&definition.arms);
        let known = variants.entry(part.name).or_default();
        for arm in of_arms.take(definition.arms.iter().filter(asked).count().max(1)) {
            let settings = of_part(&arm.servers, part.name);
            if !known.contains(&settings) {
                known.push(settings);
            }
        }
    }
    variants
}

/// Servers that are set so, by the part's name.
pub(super) fn options<'a>(
    definition: &Definition,
    wanted: impl Fn(&'static str) -> Option<&'a Settings>,
) -> NativeOptions {
    let mut options = NativeOptions::default();
    for kind in SERVERS {
        let Some(settings) = wanted(kind.name) else { continue };
        let mut server = kind.defaults();
        for known in kind.settings {
            if let Some((_, value)) = settings.iter().find(|(name, _)| *name == known.name) {
                server.settings.put(known, value.clone());
            }
        }
        server.connections = server.connections.max(connections(definition, kind.name));
        options.servers.insert(kind.name, server);
    }
    options
}

/// How many connections the part called `name` may hold at a time: its lanes on every driver thread, once more while those
/// of the trial before are being closed, and some for probes.
fn connections(definition: &Definition, name: &str) -> u32 {
    const PROBES: u64 = 16;
    let mut parts = definition.caches.iter().chain(&definition.stores);
    let part = parts.find(|part| part.descriptor.name == name);
    let lanes =
        part.into_iter().flat_map(|part| definition.settings_of(part)).map(|settings| settings.integer("lanes"));
    let at_a_time = lanes.max().unwrap_or(0) * u64::from(definition.driving.driver_threads);
    u32::try_from(2 * at_a_time + PROBES).unwrap_or(u32::MAX)
}

//! Servers that are started for a run: one of each that is needed, and further ones for arms that set theirs otherwise.

use crate::exit::Failure;
use cachemark_bench::definition::Definition;
use cachemark_core::{PartKind, Settings, StackControl};
use cachemark_stack::{Addresses, Native, NativeOptions, SERVERS, ServerKind};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// The most caches and stores that are started side by side: a machine for measuring has no room for more.
const MOST_SERVERS: usize = 24;
/// The share of the machine's memory that the caches may be given together: stores and this process want some, too.
const MEMORY_SHARE: f64 = 0.5;

/// The servers that the arms of a definition need.
pub(super) struct OwnServers {
    /// The n-th holds the n-th variant of each server that has as many.
    natives: Vec<Native>,
    /// How each server is set, by the part's name: the n-th is in the n-th stack.
    variants: BTreeMap<&'static str, Vec<Settings>>,
}

impl OwnServers {
    /// Starts what the arms need; each answers then.
    ///
    /// # Errors
    /// As [`check`], and if one does not start.
    pub(super) fn up(definition: &Definition) -> Result<Self, Failure> {
        check(definition)?;
        let variants = variants(definition);
        let most = variants.values().map(Vec::len).max().unwrap_or(0).max(1);
        let start = |number| Native::up(&options(definition, &variants, number));
        let natives = (0..most).map(start).collect::<Result<_, _>>()?;
        Ok(Self { natives, variants })
    }

    /// Where the first of each server is.
    pub(super) fn addresses(&self) -> Addresses {
        self.addresses_by(|_| 0)
    }

    /// Where the servers are that are set so; of one that `servers` says nothing of, the first.
    pub(super) fn addresses_of(&self, servers: &Settings) -> Addresses {
        self.addresses_by(|part| {
            let wanted = of_part(servers, part);
            let place = self.variants.get(part).and_then(|known| known.iter().position(|one| *one == wanted));
            place.unwrap_or(0)
        })
    }

    fn addresses_by(&self, place: impl Fn(&str) -> usize) -> Addresses {
        let mut addresses = Addresses::default();
        for name in SERVERS.iter().map(|kind| kind.name) {
            let native = self.natives.get(place(name)).map(Native::addresses).unwrap_or_default();
            if let Some(address) = native.of(name) {
                addresses.put(name, address.clone());
            }
        }
        addresses
    }

    pub(super) fn variants_of(&self, part: &str) -> Vec<Settings> {
        self.variants.get(part).cloned().unwrap_or_else(|| vec![Settings::default()])
    }

    /// The folder of the first: all lie side by side.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        self.natives.first().and_then(Native::folder)
    }

    pub(super) fn down(&self) {
        self.natives.iter().for_each(Native::down);
    }
}

impl StackControl for OwnServers {
    /// Of servers of one name together: those that a trial does not ask are idle meanwhile.
    fn cpu_times(&self) -> BTreeMap<String, Duration> {
        let mut times: BTreeMap<String, Duration> = BTreeMap::new();
        for (name, time) in self.natives.iter().flat_map(StackControl::cpu_times) {
            *times.entry(name).or_default() += time;
        }
        times
    }
}

/// What of the settings is of the server of the part called `name`.
fn of_part(servers: &Settings, name: &str) -> Settings {
    let mut settings = Settings::default();
    for known in ServerKind::of(name).into_iter().flat_map(|kind| kind.settings) {
        if let Some((_, value)) = servers.iter().find(|(setting, _)| *setting == known.name) {
            settings.put(known, value.clone());
        }
    }
    settings
}

/// Each way in which the arms set the server of each part that has one.
fn variants(definition: &Definition) -> BTreeMap<&'static str, Vec<Settings>> {
    let mut variants: BTreeMap<&'static str, Vec<Settings>> = BTreeMap::new();
    for part in definition.caches.iter().chain(&definition.stores).map(|part| part.descriptor) {
        if ServerKind::of(part.name).is_none() {
            continue;
        }
        // A cache that no arm asks is started all the same: it was named.
        let asked = |arm: &&cachemark_bench::definition::Arm| part.kind != PartKind::Cache || arm.asks_cache();
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

/// Refuses arms that need more servers, or more memory for them, than the machine can be asked for.
pub(super) fn check(definition: &Definition) -> Result<(), Failure> {
    within_the_machine(&variants(definition))
}

/// Refuses more servers, or more memory for them, than the machine can be asked for.
fn within_the_machine(variants: &BTreeMap<&'static str, Vec<Settings>>) -> Result<(), Failure> {
    let servers: usize = variants.values().map(Vec::len).sum();
    if servers > MOST_SERVERS {
        return Err(Failure::Usage(format!(
            "the arms need {servers} servers of their own, and at most {MOST_SERVERS} are started: give fewer values, or run \
             them one after the other"
        )));
    }
    // Of a server that is no cache it is nothing.
    let wanted: u64 = variants.values().flatten().map(|settings| settings.integer("cache-memory-mib") << 20).sum();
    // Where the machine does not tell its memory, nothing is refused for it.
    let most = cachemark_results::Host::capture().memory_bytes.map_or(f64::INFINITY, |all| all as f64 * MEMORY_SHARE);
    if wanted as f64 > most {
        return Err(Failure::Usage(format!(
            "the arms' caches come to {} MiB together, more than half of this machine's memory ({} MiB): lower \
             servers.cache-memory-mib, or give fewer values",
            wanted >> 20,
            most as u64 >> 20,
        )));
    }
    Ok(())
}

/// The servers of one stack: of each part its variant of that number, if it has as many.
fn options(definition: &Definition, variants: &BTreeMap<&'static str, Vec<Settings>>, number: usize) -> NativeOptions {
    let mut options = NativeOptions::default();
    for kind in SERVERS {
        let Some(settings) = variants.get(kind.name).and_then(|each| each.get(number)) else { continue };
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

#[cfg(all(test, feature = "servers"))]
mod tests {
    use super::*;
    use crate::stack::StackKind;
    use cachemark_bench::definition::{Draft, Overrides};

    fn resolved(text: &str, overrides: Overrides) -> Definition {
        let draft = Draft::read("test", text.as_bytes()).unwrap().with(overrides);
        Definition::resolve(draft, &crate::catalogue::catalogue(StackKind::Native)).unwrap()
    }

    fn options_of(lanes: u32, threads: u32) -> NativeOptions {
        let text = format!(
            "name = \"wide\"\n[sweep]\ncaches = [\"redis\", \"memcached\"]\nstores = [\"postgres\"]\n[run]\n\
             clients = 64\ndriver-threads = {threads}\n[cache.memcached]\nlanes = {lanes}\n[store.postgres]\n\
             lanes = {lanes}\n"
        );
        let definition = resolved(&text, Overrides::default());
        options(&definition, &variants(&definition), 0)
    }

    #[test]
    fn servers_take_the_connections_that_lanes_and_threads_ask_for() {
        let least = |name: &str| ServerKind::of(name).unwrap().least_connections;
        let of = |options: &NativeOptions, name: &str| options.servers[name].connections;
        let few = options_of(8, 2);
        assert_eq!(of(&few, "postgres"), least("postgres"));
        assert_eq!(of(&few, "memcached"), least("memcached"));
        let many = options_of(200, 16);
        assert_eq!((of(&many, "postgres"), of(&many, "memcached")), (6416, 6416));
        assert_eq!(of(&many, "redis"), least("redis"));
    }

    #[test]
    fn arms_that_set_a_cache_otherwise_have_their_own_and_share_the_store() {
        let sets = vec!["servers.cache-memory-mib=8,16".to_owned(), "servers.redis-eviction=allkeys-lfu".to_owned()];
        let text = "name = \"sizes\"\n[sweep]\nstrategies = [\"no-cache\", \"cache-aside\"]\ncaches = [\"redis\"]\n";
        let definition = resolved(text, Overrides { sets, ..Overrides::default() });
        let variants = variants(&definition);
        assert_eq!((variants["redis"].len(), variants["postgres"].len()), (2, 1));
        let [first, second] = [0, 1].map(|number| options(&definition, &variants, number));
        let names = |options: &NativeOptions| options.servers.keys().copied().collect::<Vec<_>>();
        assert_eq!((names(&first), names(&second)), (vec!["postgres", "redis"], vec!["redis"]));
        let memory = |options: &NativeOptions| options.servers["redis"].settings.integer("cache-memory-mib");
        assert_eq!([memory(&first), memory(&second)], [8, 16]);
        assert_eq!(second.servers["redis"].settings.text("redis-eviction"), "allkeys-lfu");
    }
}

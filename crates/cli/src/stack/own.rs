//! Servers that are started for a run: one of each that is needed, and further ones for arms that set theirs otherwise.

mod budget;
mod variants;

use crate::exit::Failure;
use budget::{Budget, Running};
use cachemark_bench::definition::Definition;
use cachemark_core::{Settings, StackControl};
use cachemark_stack::{Addresses, Native, SERVERS, StackError};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use variants::{Variants, of_part, options, variants};

/// The servers that the arms of a definition need.
pub(super) struct OwnServers {
    /// Started for the whole run: the n-th holds the n-th variant of each server that has as many. Where servers run in turn, there
    /// is one, of what all arms share.
    natives: Vec<Native>,
    /// How each server is set, by the part's name: the n-th is in the n-th stack.
    variants: Variants,
    /// Of servers that run in turn.
    in_turn: Option<InTurn>,
}

/// Servers of which one variant runs at a time.
struct InTurn {
    definition: Definition,
    up: Mutex<Option<Turn>>,
}

/// The variants that run now.
struct Turn {
    /// Each server's number among its variants, by the part's name.
    numbers: BTreeMap<&'static str, usize>,
    native: Native,
}

impl OwnServers {
    /// Starts what the arms need; each answers then. Where that is too much at a time, servers that arms set otherwise wait for their
    /// turn.
    ///
    /// # Errors
    /// As [`check`], and if one does not start.
    pub(super) fn up(definition: &Definition) -> Result<Self, Failure> {
        Self::up_within(definition, Budget::of_machine())
    }

    fn up_within(definition: &Definition, budget: Budget) -> Result<Self, Failure> {
        let variants = variants(definition);
        if budget.running(&variants)? == Running::InTurn {
            let shared = |part: &str| variants.get(part).filter(|each| each.len() == 1).and_then(|each| each.first());
            let natives = vec![Native::up(&options(definition, shared))?];
            let in_turn = Some(InTurn { definition: definition.clone(), up: Mutex::default() });
            return Ok(Self { natives, variants, in_turn });
        }
        let most = variants.values().map(Vec::len).max().unwrap_or(0).max(1);
        let start = |number: usize| Native::up(&options(definition, |part| variants.get(part)?.get(number)));
        let natives = (0..most).map(start).collect::<Result<_, _>>()?;
        Ok(Self { natives, variants, in_turn: None })
    }

    /// Whether servers that arms set otherwise run in trials that ask them alone.
    pub(super) fn run_in_turn(&self) -> bool {
        self.in_turn.is_some()
    }

    /// Starts the servers that are set so, unless they run; those of another turn end first.
    ///
    /// # Errors
    /// If one does not start.
    pub(super) fn make_ready(&self, servers: &Settings) -> Result<(), StackError> {
        let Some(in_turn) = &self.in_turn else { return Ok(()) };
        let several = self.variants.iter().filter(|(_, each)| each.len() > 1);
        let numbers: BTreeMap<_, _> = several.map(|(part, _)| (*part, self.number_of(part, servers))).collect();
        let mut up = in_turn.up();
        if up.as_ref().is_some_and(|turn| turn.numbers == numbers) {
            return Ok(());
        }
        // They go before the next come: there is no room for both.
        if let Some(turn) = up.take() {
            turn.native.down();
        }
        let wanted = |part: &str| self.variants.get(part)?.get(*numbers.get(part)?);
        let native = Native::up(&options(&in_turn.definition, wanted))?;
        *up = Some(Turn { numbers, native });
        Ok(())
    }

    /// Where the first of each server is that runs.
    pub(super) fn addresses(&self) -> Addresses {
        self.addresses_of(&Settings::default())
    }

    /// Where the servers are that are set so; of one that `servers` says nothing of, the first. Of servers that run in turn, those whose
    /// turn it is.
    pub(super) fn addresses_of(&self, servers: &Settings) -> Addresses {
        let mut addresses = Addresses::default();
        let turn = self.in_turn.as_ref().map(InTurn::up);
        let of_turn = turn.as_ref().and_then(|up| up.as_ref()).map(|turn| turn.native.addresses()).unwrap_or_default();
        for name in SERVERS.iter().map(|kind| kind.name) {
            let native = self.natives.get(self.number_of(name, servers)).or(self.natives.first());
            let lasting = native.map(Native::addresses).unwrap_or_default();
            if let Some(address) = of_turn.of(name).or_else(|| lasting.of(name)) {
                addresses.put(name, address.clone());
            }
        }
        addresses
    }

    /// Which of its variants the server of `part` is that is set so.
    fn number_of(&self, part: &str, servers: &Settings) -> usize {
        let wanted = of_part(servers, part);
        let number = self.variants.get(part).and_then(|known| known.iter().position(|one| *one == wanted));
        number.unwrap_or(0)
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
        if let Some(turn) = self.in_turn.as_ref().and_then(|in_turn| in_turn.up().take()) {
            turn.native.down();
        }
    }
}

impl InTurn {
    fn up(&self) -> MutexGuard<'_, Option<Turn>> {
        self.up.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StackControl for OwnServers {
    /// Of servers of one name together: those that a trial does not ask are idle meanwhile.
    fn cpu_times(&self) -> BTreeMap<String, Duration> {
        let turn = self.in_turn.as_ref().map(InTurn::up);
        let of_turn = turn.as_ref().and_then(|up| up.as_ref()).map(|turn| &turn.native);
        let mut times: BTreeMap<String, Duration> = BTreeMap::new();
        for (name, time) in self.natives.iter().chain(of_turn).flat_map(StackControl::cpu_times) {
            *times.entry(name).or_default() += time;
        }
        times
    }
}

/// Refuses arms that need more servers for one trial, or more memory for them, than the machine can be asked for.
pub(super) fn check(definition: &Definition) -> Result<(), Failure> {
    Budget::of_machine().running(&variants(definition)).map(drop)
}

/// What is to be said where servers have to run in turn.
pub(super) fn in_turn(definition: &Definition) -> Option<String> {
    let (budget, variants) = (Budget::of_machine(), variants(definition));
    let in_turn = budget.running(&variants).is_ok_and(|running| running == Running::InTurn);
    in_turn.then(|| {
        format!(
            "the arms' servers {}: those that arms set otherwise are started for their trials, and end before others come",
            budget.exceeded_by(variants.values().flatten())
        )
    })
}

#[cfg(all(test, feature = "servers"))]
mod tests {
    use super::*;
    use crate::stack::StackKind;
    use cachemark_bench::definition::{Draft, Overrides};
    use cachemark_stack::{NativeOptions, ServerKind};
    use std::net::TcpStream;

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
        let variants = variants(&definition);
        options(&definition, |part| variants.get(part)?.first())
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
        let [first, second] = [0, 1].map(|number| options(&definition, |part| variants.get(part)?.get(number)));
        let names = |options: &NativeOptions| options.servers.keys().copied().collect::<Vec<_>>();
        assert_eq!((names(&first), names(&second)), (vec!["postgres", "redis"], vec!["redis"]));
        let memory = |options: &NativeOptions| options.servers["redis"].settings.integer("cache-memory-mib");
        assert_eq!([memory(&first), memory(&second)], [8, 16]);
        assert_eq!(second.servers["redis"].settings.text("redis-eviction"), "allkeys-lfu");
    }

    fn sizes(sets: &[&str]) -> Definition {
        let sets = sets.iter().map(ToString::to_string).collect();
        let text = "name = \"sizes\"\n[sweep]\nstrategies = [\"no-cache\", \"cache-aside\"]\ncaches = [\"redis\"]\n";
        resolved(text, Overrides { sets, ..Overrides::default() })
    }

    #[test]
    fn what_is_too_much_together_runs_in_turn_if_one_trial_s_servers_are_not_too_much() {
        // Two of Redis with 8 and 16 MiB, and one of Postgres.
        let variants = variants(&sizes(&["servers.cache-memory-mib=8,16"]));
        let running = |servers: usize, mib: Option<u64>| {
            Budget { servers, cache_bytes: mib.map(|mib| mib << 20) }
                .running(&variants)
                .map_err(|failure| failure.to_string())
        };
        assert_eq!(running(3, Some(24)), Ok(Running::Together));
        assert_eq!(running(3, None), Ok(Running::Together));
        assert_eq!(running(2, None), Ok(Running::InTurn));
        assert_eq!(running(3, Some(23)), Ok(Running::InTurn));
        assert_eq!(running(2, Some(16)), Ok(Running::InTurn));
        for (servers, mib) in [(1, Some(24)), (3, Some(15))] {
            let told = running(servers, mib).unwrap_err();
            assert!(
                told.starts_with("the servers of one trial come to 2 with caches of 16 MiB, and at most"),
                "{told}"
            );
        }
    }

    /// Whether something listens where the address of Redis leads.
    fn listens(url: &str) -> bool {
        TcpStream::connect(url.rsplit('@').next().unwrap().split('/').next().unwrap()).is_ok()
    }

    #[test]
    #[ignore = "needs redis-server and postgresql"]
    fn servers_that_run_in_turn_end_before_the_next_come_and_what_is_shared_stays() {
        let definition = sizes(&["servers.cache-memory-mib=8,16"]);
        let own = OwnServers::up_within(&definition, Budget { servers: 2, cache_bytes: None }).unwrap();
        assert!(own.run_in_turn());
        let url =
            |servers: &Settings, part: &str| own.addresses_of(servers).of(part).map(|address| address.url.clone());
        let variants = own.variants_of("redis");
        let [small, large] = &variants[..] else { panic!("{variants:?}") };
        assert_eq!(url(small, "redis"), None, "nobody's turn has come");
        let store = url(small, "postgres").unwrap();
        let mut before: Option<String> = None;
        for servers in [small, large, small] {
            own.make_ready(servers).unwrap();
            let here = url(servers, "redis").unwrap();
            assert!(listens(&here), "its turn has come");
            own.make_ready(servers).unwrap();
            assert_eq!(url(servers, "redis").as_ref(), Some(&here), "it goes on while it is asked for");
            // A port may come again.
            assert!(before.is_none_or(|before| before == here || !listens(&before)), "the one before has ended");
            assert_eq!(url(servers, "postgres").as_ref(), Some(&store));
            assert!(own.cpu_times().contains_key("redis"), "its processor time is seen");
            before = Some(here);
        }
        own.down();
        assert!(!listens(&before.unwrap()) && !listens(&store), "all have ended");
    }
}

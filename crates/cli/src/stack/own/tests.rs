//! Servers of a definition's own: how many there are, how each is set, and whose turn it is.

use super::*;
use crate::stack::StackKind;
use cachemark_bench::definition::{Draft, Overrides};
use cachemark_core::{Fault, FaultError, StackControl};
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
        assert!(told.starts_with("the servers of one trial come to 2 with caches of 16 MiB, and at most"), "{told}");
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
    let url = |servers: &Settings, part: &str| own.addresses_of(servers).of(part).map(|address| address.url.clone());
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
fn process(own: &OwnServers, part: &str, servers: &Settings) -> Option<u32> {
    let native = own.native_of(part, servers)?;
    native.processes().into_iter().find_map(|(name, process)| (name == part).then_some(process.pid))
}

/// A fault is done to the server that is set as asked, and to no other.
fn is_done_to_one(own: &OwnServers, servers: &Settings, others: &[&Settings]) {
    let all = || others.iter().map(|other| process(own, "redis", other)).collect::<Vec<_>>();
    let (before, of_others) = (process(own, "redis", servers), all());
    own.begin(Fault::Restart { empty: true }, "redis", servers).unwrap();
    assert_ne!(process(own, "redis", servers), before);
    assert_eq!(all(), of_others);
    own.begin(Fault::Kill, "redis", servers).unwrap();
    let url = own.addresses_of(servers).of("redis").unwrap().url.clone();
    assert!(!listens(&url));
    own.end(Fault::Kill, "redis", servers).unwrap();
    assert!(listens(&url));
    assert_eq!(all(), of_others);
}

#[test]
#[ignore = "needs redis-server and postgresql"]
fn a_fault_is_done_to_the_server_that_is_set_so() {
    let definition = sizes(&["servers.cache-memory-mib=8,16"]);
    let own = OwnServers::up_within(&definition, Budget { servers: 3, cache_bytes: None }).unwrap();
    let variants = own.variants_of("redis");
    let [small, large] = &variants[..] else { panic!("{variants:?}") };
    is_done_to_one(&own, small, &[large]);
    is_done_to_one(&own, large, &[small]);
    own.begin(Fault::Restart { empty: false }, "postgres", large).unwrap();
    let refused = own.begin(Fault::Kill, "memcached", small).unwrap_err();
    assert!(matches!(refused, FaultError::Impossible { .. }), "{refused}");
}

#[test]
#[ignore = "needs redis-server and postgresql"]
fn a_fault_is_done_to_a_server_while_it_has_its_turn() {
    let definition = sizes(&["servers.cache-memory-mib=8,16"]);
    let own = OwnServers::up_within(&definition, Budget { servers: 2, cache_bytes: None }).unwrap();
    let variants = own.variants_of("redis");
    let [small, large] = &variants[..] else { panic!("{variants:?}") };
    assert!(own.can(Fault::Freeze, "redis").is_ok(), "it will have its turn");
    assert!(matches!(own.begin(Fault::Freeze, "redis", small), Err(FaultError::Impossible { .. })));
    for servers in [small, large] {
        own.make_ready(servers).unwrap();
        is_done_to_one(&own, servers, &[]);
        own.begin(Fault::Freeze, "postgres", servers).unwrap();
        own.end(Fault::Freeze, "postgres", servers).unwrap();
    }
    own.make_ready(small).unwrap();
}

//! Arms: how they are written, taken apart, refused, and written out again.

#[path = "support/part.rs"]
mod part;
#[path = "support/schema.rs"]
mod schema;

use cachemark_bench::definition::{Catalogue, Definition, Draft, Mistakes, Overrides};
use cachemark_bench::{CellPlan, Plan};
use cachemark_core::{Acts, Capabilities, Descriptor, HitModel, Model, PartKind, ServerSetting, Setting};
use part::part;
use proptest::prelude::*;
use serde_json::json;

const LANES: Setting = Setting::lanes("lanes", 256, 4, "Connections.");
const CAPACITY: Setting = Setting::integer("capacity", 0, 1_000_000, 0, "Entries.");

const CATALOGUE: Catalogue<'static> = Catalogue {
    server_settings: &[
        ServerSetting { setting: Setting::integer("memory-mib", 2, 1000, 64, "Room."), of: &["redis"] },
        ServerSetting { setting: Setting::choice("sync", &["on", "off"], "Whether."), of: &["postgres"] },
    ],
    own_servers: true,
    strategies: &[
        part(PartKind::Strategy, "no-cache", &[], |_| Model::none()),
        part(
            PartKind::Strategy,
            "cache-aside",
            &[
                Setting::integer("ttl-ms", 0, 100_000, 0, "How long."),
                Setting::ratio("jitter", 0.1, "How far it is spread.").acting(Acts::Above0(&["ttl-ms"])),
                Setting::choice("on-write", &["invalidate", "update"], "What a write does."),
            ],
            |_| Model { hits: HitModel::InvalidatedByWrites, ..Model::none() },
        ),
        Descriptor { on_request: true, ..part(PartKind::Strategy, "null", &[], |_| Model::none()) },
    ],
    caches: &[
        part(PartKind::Cache, "in-process", &[CAPACITY], |_| Model::none()),
        part(PartKind::Cache, "redis", &[LANES], |_| Model::none()),
    ],
    stores: &[part(PartKind::Store, "postgres", &[LANES], |_| Model::none())],
    default_caches: &["redis"],
    default_stores: &["postgres"],
    ..Catalogue::NONE
};

fn resolve(text: &str, overrides: Overrides) -> Result<Definition, Mistakes> {
    let resolved = Definition::resolve(Draft::read("w.toml", text.as_bytes())?.with(overrides), &CATALOGUE);
    // The schema sees what is wrong in the file, or is known not to.
    match &resolved {
        Ok(_) => schema::accept(&CATALOGUE, json!({ "type": "object" }), text),
        Err(mistakes) => schema::hold(&CATALOGUE, json!({ "type": "object" }), mistakes),
    }
    resolved
}

fn flags(arms: &[&str], sets: &[&str]) -> Overrides {
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
    Overrides { arms: texts(arms), sets: texts(sets), ..Overrides::default() }
}

fn names(definition: &Definition) -> Vec<&str> {
    definition.arms.iter().map(|arm| arm.name.as_str()).collect()
}

fn cells(definition: &Definition) -> Vec<CellPlan> {
    Plan::lay_out(definition, |_| Capabilities::NONE).cells
}

/// What is refused, a line each.
fn refused(text: &str, overrides: Overrides) -> String {
    resolve(text, overrides).map(|definition| names(&definition).join(", ")).unwrap_err().to_string()
}

#[test]
fn a_list_of_values_makes_as_many_arms_and_a_strategy_s_setting_is_for_all_of_its_arms() {
    let overrides =
        flags(&["update: cache-aside on-write=update", "invalidate: cache-aside"], &["cache-aside.ttl-ms=1000,10_000"]);
    let definition = resolve("", overrides).unwrap();
    assert_eq!(
        names(&definition),
        ["update ttl-ms=1000", "update ttl-ms=10000", "invalidate ttl-ms=1000", "invalidate ttl-ms=10000"]
    );
    let settings = &definition.arms[1].strategy.settings;
    assert_eq!((settings.integer("ttl-ms"), settings.text("on-write")), (10_000, "update"));
    assert_eq!(definition.reference, "update ttl-ms=1000");
    let cells = cells(&definition);
    assert_eq!(cells[0].id, "update ttl-ms=1000 redis postgres r0.5");
    assert_eq!(
        (cells[0].composition.arm.as_str(), cells[0].group.as_str(), cells[1].control),
        ("update ttl-ms=1000", "update", true)
    );
    assert!(cells[2..].iter().take(3).all(|cell| cell.reference.as_deref() == Some(&*cells[0].id)));
}

#[test]
fn an_arm_s_own_name_is_meant_before_its_strategy_s() {
    let overrides = flags(&["cache-aside", "update: cache-aside on-write=update"], &["cache-aside.ttl-ms=5"]);
    let definition = resolve("", overrides).unwrap();
    let ttl = |arm: usize| definition.arms[arm].strategy.settings.integer("ttl-ms");
    assert_eq!((ttl(0), ttl(1)), (5, 0));
    let plain =
        resolve("[sweep]\nstrategies = [\"no-cache\", \"cache-aside\"]\n", flags(&[], &["cache-aside.ttl-ms=5"]));
    assert_eq!(plain.unwrap().arms[1].strategy.settings.integer("ttl-ms"), 5);
}

#[test]
fn caches_stores_and_servers_are_set_for_one_arm_or_for_all() {
    let text = r#"
[sweep]
caches = ["in-process", "redis"]
reference = "big"
[[arm]]
name = "big"
strategy = "cache-aside"
cache.in-process.capacity = 1000
servers.memory-mib = 100
[[arm]]
name = "small"
strategy = "cache-aside"
cache.capacity = 10
store.lanes = 9
servers = { memory-mib = 5 }
[[arm]]
strategy = "no-cache"
"#;
    let definition = resolve(text, flags(&[], &["redis.lanes=7"])).unwrap();
    assert_eq!(names(&definition), ["big", "small", "no-cache"]);
    let cells = cells(&definition);
    let find = |arm: &str, cache: &str| {
        let mut cells = cells.iter().filter(|cell| cell.composition.arm == arm);
        &cells.find(|cell| cell.composition.cache_name() == cache).unwrap().composition
    };
    let cache =
        |arm: &str, cache: &str, setting: &str| find(arm, cache).cache.as_ref().unwrap().settings.integer(setting);
    assert_eq!((cache("big", "in-process", "capacity"), cache("big", "redis", "lanes")), (1000, 7));
    assert_eq!((cache("small", "in-process", "capacity"), cache("small", "redis", "lanes")), (10, 7));
    let store = |arm: &str, cache: &str| find(arm, cache).store.settings.integer("lanes");
    assert_eq!((store("small", "redis"), store("big", "redis")), (9, 4));
    let memory = |arm: &str, cache: &str| find(arm, cache).servers.integer("memory-mib");
    assert_eq!((memory("big", "redis"), memory("small", "redis"), memory("big", "in-process")), (100, 5, 0));
    assert_eq!(find("no-cache", "none").servers.text("sync"), "on");
}

#[test]
fn a_strategy_of_the_short_form_is_an_arm_whose_cache_store_and_servers_can_be_set() {
    let sets =
        flags(&[], &["cache-aside.cache.lanes=9", "cache-aside.servers.memory-mib=5", "cache-aside.store.lanes=7"]);
    let definition = resolve("[sweep]\nstrategies = [\"no-cache\", \"cache-aside\"]\n", sets).unwrap();
    let cells = cells(&definition);
    let cell = cells.iter().find(|cell| cell.composition.arm == "cache-aside").unwrap();
    let built = &cell.composition;
    let cache = &built.cache.as_ref().unwrap().settings;
    assert_eq!((cache.integer("lanes"), built.store.settings.integer("lanes")), (9, 7));
    assert_eq!(built.servers.integer("memory-mib"), 5);
    assert_eq!(cells[0].composition.store.settings.integer("lanes"), 4, "no-cache is another arm");
}

#[test]
fn what_is_set_of_one_part_holds_over_what_is_set_of_all() {
    let text = r#"
[sweep]
caches = ["in-process", "redis"]
[[arm]]
strategy = "cache-aside"
cache.lanes = 9
cache.redis.lanes = 5
cache.capacity = 44
cache.in-process.capacity = 33
"#;
    for text in [text.to_owned(), resolve(text, Overrides::default()).unwrap().to_toml()] {
        let cells = cells(&resolve(&text, Overrides::default()).unwrap());
        let of = |name: &str, setting: &str| {
            let mut caches = cells.iter().filter_map(|cell| cell.composition.cache.as_ref());
            caches.find(|cache| cache.descriptor.name == name).unwrap().settings.integer(setting)
        };
        assert_eq!((of("redis", "lanes"), of("in-process", "capacity")), (5, 33));
    }
}

/// Servers of others run as they are: what a definition says of servers is neither an arm's nor the record's there.
#[test]
fn a_definition_with_arms_can_be_read_again_where_no_server_is_started() {
    let others = Catalogue { own_servers: false, ..CATALOGUE };
    let read =
        |text: &str, overrides| Definition::resolve(Draft::read("w.toml", text.as_bytes())?.with(overrides), &others);
    let definition = read("", flags(&["a: cache-aside ttl-ms=1,2", "b: cache-aside on-write=update"], &[])).unwrap();
    let again = read(&definition.to_toml(), Overrides::default()).unwrap();
    assert_eq!((names(&again), again.to_toml()), (names(&definition), definition.to_toml()));
    assert!(cells(&definition).iter().all(|cell| cell.composition.servers.iter().next().is_none()));
}

#[test]
fn the_reference_is_no_cache_whatever_it_is_called_or_the_arm_that_a_flag_names() {
    let arms = ["a: cache-aside", "direct: no-cache"];
    assert_eq!(resolve("", flags(&arms, &[])).unwrap().reference, "direct");
    let named = Overrides { reference: Some("a".into()), ..flags(&arms, &[]) };
    assert_eq!(resolve("[sweep]\nreference = \"x\"\n", named).unwrap().reference, "a");
    let split = Overrides { reference: Some("a".into()), ..flags(&arms, &["a.ttl-ms=1,2"]) };
    insta::assert_snapshot!(refused("", split), @"--reference: the reference `a` is 2 arms (name one of them, with --reference or in the definition: `a ttl-ms=1`, `a ttl-ms=2`)");
}

#[test]
fn a_set_that_says_nothing_is_a_mistake() {
    let sets = ["redis.cache.lanes=5", "in-process.capacity=5", "servers.store.memory-mib=5", "no-cache.ttl-ms=5"];
    insta::assert_snapshot!(refused("", flags(&[], &sets)), @"
    --set: unknown setting of no-cache `ttl-ms` (there are none)
    --set: `redis` has settings of its own alone (write redis.lanes=VALUE)
    --set: unknown arm or part of this sweep `in-process` (there are: no-cache, cache-aside, redis, postgres, servers)
    --set: `servers` has settings of its own alone (write servers.memory-mib=VALUE)
    ");
    insta::assert_snapshot!(refused("", flags(&["servers: cache-aside", "x: cache-aside cache.in-process.capacity=5"], &[])), @"
    --arm: an arm cannot be called `servers` (--set and messages would take it for a cache, a store or the servers; give it another name)
    --arm: unknown cache of this sweep `in-process` (there are: redis)
    ");
}

#[test]
fn a_list_for_all_is_none_of_an_arm_that_it_does_not_concern() {
    let sets = flags(&[], &["servers.memory-mib=5,6", "redis.lanes=4,8"]);
    let definition = resolve("[sweep]\nstrategies = [\"no-cache\", \"cache-aside\"]\n", sets).unwrap();
    assert_eq!(
        names(&definition),
        [
            "no-cache",
            "cache-aside lanes=4 memory-mib=5",
            "cache-aside lanes=4 memory-mib=6",
            "cache-aside lanes=8 memory-mib=5",
            "cache-aside lanes=8 memory-mib=6"
        ]
    );
}

#[test]
fn mistakes_of_arms_are_told_all_at_once_where_they_stand() {
    let text = r#"
[sweep]
reference = "updat"
[strategy.cache-aside]
ttl-ms = [1, 1]
[[arm]]
name = "no-cache"
strategy = "cache-aside"
[[arm]]
name = "a.b"
strategy = "cache-aside"
on-write = "destroy"
[[arm]]
name = "update"
strategy = "cashe-aside"
[[arm]]
name = "plain"
strategy = "no-cache"
cache.lanes = 5
store.rooms = 3
[[arm]]
on-write = "update"
"#;
    insta::assert_snapshot!(refused(text, flags(&[], &["cache-asid.ttl-ms=5"])), @r#"
    --set: unknown arm or part of this sweep `cache-asid` (did you mean `cache-aside`? There are: no-cache, a.b, plain, cache-aside, redis, postgres, servers)
    w.toml:3: unknown reference `updat` (there are: no-cache ttl-ms=1, no-cache ttl-ms=1, a.b ttl-ms=1, a.b ttl-ms=1, plain)
    w.toml:5: ttl-ms `1` is named twice (name it once)
    w.toml:7: an arm of cache-aside cannot be called `no-cache` (that is the name of another strategy; give it one of its own)
    w.toml:10: `a.b` is no name of an arm (it takes 1 to 40 letters, digits, -, _ and +: assertions name it)
    w.toml:12: on-write takes one of invalidate, update (What a write does.)
    w.toml:15: unknown strategy `cashe-aside` (did you mean `cache-aside`? There are: no-cache, cache-aside, null)
    w.toml:19: `plain` asks no cache: cache.lanes has no say (leave it out)
    w.toml:20: unknown setting of any store of this sweep `rooms` (there are: lanes)
    w.toml:21: an arm without a strategy (name it, as in strategy = "cache-aside")
    "#);
    insta::assert_snapshot!(refused("", flags(&["cache-aside ttl-ms", "x: on-write=update"], &["ttl-ms=5"])), @"
    --arm: `ttl-ms` is no SETTING=VALUE (write it as in 'update: cache-aside on-write=update ttl-ms=1000,10000', the name may be left out)
    --arm: `x: on-write=update` names no strategy (write it as in 'update: cache-aside on-write=update ttl-ms=1000,10000', the name may be left out)
    --set: `ttl-ms=5` is no NAME.SETTING=VALUE (NAME is an arm, a strategy, a cache, a store or servers, as in cache-aside.ttl-ms=1000,10000)
    ");
    let lists = "[servers]\nmemory-mib = [5, 6, 7]\n";
    let others = Catalogue { own_servers: false, ..CATALOGUE };
    let draft = Draft::read("w.toml", lists.as_bytes()).unwrap();
    insta::assert_snapshot!(Definition::resolve(draft, &others).unwrap_err().to_string(), @"w.toml:2: memory-mib differs between arms, and no server is started for this run (give --stack native: it starts servers for each arm that needs its own)");
}

#[test]
fn arms_that_are_the_same_are_refused_by_name() {
    insta::assert_snapshot!(refused("", flags(&["a: cache-aside", "b: cache-aside ttl-ms=0"], &[])), @"--arm: the arms `a` and `b` are the same (a difference between them would be chance: set something of one, or leave it out)");
    // One that differs over one of the caches alone is the same over the other.
    let text = "[sweep]\ncaches = [\"in-process\", \"redis\"]\n";
    insta::assert_snapshot!(refused(text, flags(&["a: cache-aside", "b: cache-aside servers.memory-mib=5"], &[])), @"--arm: the arms `a` and `b` are the same over in-process and postgres (a difference between them would be chance: set something of one, or leave it out)");
    assert!(resolve("", flags(&["a: cache-aside", "b: cache-aside servers.memory-mib=5"], &[])).is_ok());
    insta::assert_snapshot!(refused("", flags(&["a: cache-aside", "a: no-cache"], &[])), @"--arm: two arms are called `a` (give one another name)");
}

#[test]
fn arms_that_are_equal_in_effect_are_refused_by_name_and_those_of_a_record_are_taken() {
    let arms = ["a: cache-aside jitter=0.5", "b: cache-aside"];
    insta::assert_snapshot!(refused("", flags(&arms, &[])), @"--arm: the arms `a` and `b` are equal in effect: jitter has no effect where ttl-ms is 0 (a difference between them would be chance: set what gives that an effect, or leave one out)");
    // Of a list too, and one that has the lifetime that the jitter is of is another arm.
    assert!(refused("", flags(&["a: cache-aside jitter=0.2,0.3"], &[])).contains("equal in effect"));
    assert!(resolve("", flags(&arms, &["cache-aside.ttl-ms=5"])).is_ok());
    let text = "[[arm]]\nname = \"a\"\nstrategy = \"cache-aside\"\njitter = [0.2, 0.3]\n";
    assert!(resolve(text, Overrides::default()).is_err());
    let recorded = Draft::read("w.toml", text.as_bytes()).unwrap().of_record();
    assert_eq!(Definition::resolve(recorded, &CATALOGUE).unwrap().arms.len(), 2);
}

#[test]
fn a_figure_that_the_reference_does_not_have_is_said_to_be_without_a_verdict() {
    let said = |figure: &str, more: Overrides| {
        let verdict_on = Some(vec!["throughput".into(), figure.into()]);
        let arms = flags(&["no-cache", "update: cache-aside ttl-ms=1,2"], &[]).arms;
        resolve("", Overrides { verdict_on, arms, ..more }).unwrap().figures_without_verdict()
    };
    insta::assert_snapshot!(said("hit_ratio", Overrides::default()).unwrap(), @"no verdict on hit_ratio: the reference `no-cache` asks no cache; take one that does (--reference 'update ttl-ms=1'), or --pairs");
    assert!(said("failed_sets", Overrides::default()).is_some());
    assert_eq!(said("store_load", Overrides::default()), None, "which every arm has");
    let pairs = Overrides { pairs: Some(true), ..Overrides::default() };
    assert_eq!(said("hit_ratio", pairs), None, "the others are compared with each other");
    let reference = Overrides { reference: Some("update ttl-ms=1".into()), ..Overrides::default() };
    assert_eq!(said("hit_ratio", reference), None);
}

/// It is one cell over all caches, and stands in the family of each.
#[test]
fn an_arm_without_a_cache_counts_in_the_family_of_every_cache() {
    let text = "[sweep]\ncaches = [\"in-process\", \"redis\"]\nreference = \"a\"\n";
    let definition = resolve(text, flags(&["a: cache-aside", "b: cache-aside ttl-ms=5", "no-cache"], &[])).unwrap();
    let plan = Plan::lay_out(&definition, |_| Capabilities::NONE);
    assert_eq!((plan.largest_family(false), plan.largest_family(true)), (2, 3));
    let cells = plan.recorded_cells();
    let no_cache = cells.iter().find(|cell| cell.arm == "no-cache").unwrap();
    let beside: Vec<&str> = no_cache.references(cells.iter()).map(|cell| cell.cache.as_str()).collect();
    assert_eq!(beside, ["in-process", "redis"]);
    let other = cells.iter().find(|cell| cell.arm == "b" && cell.cache == "redis").unwrap();
    assert_eq!(other.references(cells.iter()).count(), 1);
    let control = cells.iter().find(|cell| cell.control).unwrap();
    assert_eq!(control.references(cells.iter()).count(), 1);
}

#[test]
fn a_count_in_per_cent_is_refused_and_that_of_a_record_is_taken() {
    let text = "assert = \"*.errors <= 0.1%\"\n";
    insta::assert_snapshot!(refused(text, Overrides::default()), @"w.toml:1: `0.1%` is no bound of errors, which takes a number of operations, without a unit; of the share write error_ratio, as in `error_ratio <= 0.1%`");
    let recorded = Draft::read("w.toml", text.as_bytes()).unwrap().of_record();
    let definition = Definition::resolve(recorded, &CATALOGUE).unwrap();
    assert_eq!(definition.assertions[0].to_string(), "*.error_ratio <= 0.1%");
}

#[test]
fn an_assertion_names_an_arm_a_group_of_them_and_what_they_are_varied_over() {
    let with = |assertion: &str| Overrides {
        assertions: vec![assertion.into()],
        ..flags(&["update: cache-aside on-write=update ttl-ms=1,2", "cache-aside"], &[])
    };
    for good in ["update.hit_ratio > 0", "update[ttl-ms=1].hit_ratio > 0", "*[ttl_ms=2].errors < 1"] {
        assert!(resolve("", with(good)).is_ok(), "{good}");
    }
    insta::assert_snapshot!(refused("", with("updat.hit_ratio > 0")), @"--assert: unknown arm `updat` (did you mean `update`? There are: update, cache-aside)");
    insta::assert_snapshot!(refused("", with("update ttl-ms=1.hit_ratio > 0")), @"--assert: `update ttl-ms=1.hit_ratio > 0` is no assertion: `update ttl-ms=1` is an arm as tables name it; here its settings stand in brackets: `update[ttl-ms=1]`");
    insta::assert_snapshot!(refused("", Overrides { reference: Some("update[ttl-ms=1]".into()), ..with("errors < 1") }), @"--reference: the reference `update[ttl-ms=1]` has its settings in brackets (assertions name it so; here it is `update ttl-ms=1`, as in tables)");
    insta::assert_snapshot!(refused("", Overrides { reference: Some("update[ttl-ms=3]".into()), ..with("errors < 1") }), @"--reference: unknown reference `update[ttl-ms=3]` (did you mean `update ttl-ms=2`? There are: update ttl-ms=1, update ttl-ms=2, cache-aside)");
    insta::assert_snapshot!(refused("", with("cache-asid.hit_ratio > 0")), @"--assert: unknown arm `cache-asid` (did you mean `cache-aside`? There are: update, cache-aside)");
    insta::assert_snapshot!(refused("", with("update[clients=1].hit_ratio > 0")), @"--assert: unknown condition `clients` (there are: store, read_ratio, read_cost, rate, instances, ttl-ms)");
}

proptest! {
    /// Written out in full and read again, a definition is the same, its arms and their names too.
    #[test]
    fn printing_and_reading_again_gives_the_same_arms(
        ttls in prop::collection::btree_set(0_u64..50, 1..4),
        memories in prop::collection::btree_set(2_u64..50, 1..3),
        capacity in prop::option::of(1_u64..9),
        plain in any::<bool>(),
    ) {
        let list = |values: &std::collections::BTreeSet<u64>| {
            values.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
        };
        let capacity = capacity.map_or(String::new(), |entries| format!(" cache.in-process.capacity={entries}"));
        let arm = format!(
            "x: cache-aside on-write=update ttl-ms={} servers.memory-mib={}{capacity}", list(&ttls), list(&memories)
        );
        let mut arms = vec![arm.as_str()];
        if plain {
            arms.insert(0, "no-cache");
        }
        let definition = resolve("[sweep]\ncaches = [\"redis\"]\n", flags(&arms, &[]));
        let Ok(definition) = definition else {
            // An arm cannot set a cache that takes no part.
            prop_assert!(!capacity.is_empty());
            return Ok(());
        };
        let printed = definition.to_toml();
        let again = resolve(&printed, Overrides::default()).unwrap();
        prop_assert_eq!(names(&again), names(&definition));
        prop_assert_eq!(again.to_toml(), printed);
        prop_assert_eq!(definition.arms.len(), ttls.len() * memories.len() + usize::from(plain));
    }
}

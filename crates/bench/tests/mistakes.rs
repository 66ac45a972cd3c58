//! Definitions: what is refused, and how it is said.

#[path = "support/part.rs"]
mod part;
#[path = "support/schema.rs"]
mod schema;

use cachemark_bench::definition::{Catalogue, Definition, Draft, LONGEST_DEFINITION, Mistakes, Overrides};
use cachemark_core::{HitModel, LeftOut, Lifetime, Model, PartKind, Remembered, Setting, Settings};
use part::part;
use serde_json::json;

fn with_a_lifetime(settings: &Settings) -> Model {
    let lifetime = |length| Lifetime {
        of: Remembered::Value,
        length,
        added: None,
        jitter: 0.0,
        renewed: false,
        setting: "ttl-ms",
        jitter_setting: "ttl-jitter",
    };
    let lifetimes = settings.millis("ttl-ms").map(lifetime).into_iter().collect();
    Model { hits: HitModel::InvalidatedByWrites, lifetimes, ..Model::none() }
}

const CATALOGUE: Catalogue<'static> = Catalogue {
    strategies: &[
        part(PartKind::Strategy, "no-cache", &[], |_| Model::none()),
        part(
            PartKind::Strategy,
            "cache-aside",
            &[
                Setting::integer("ttl-ms", 0, 1000, 0, "How long."),
                Setting::choice("on-write", &["invalidate", "update"], "What a write does."),
            ],
            with_a_lifetime,
        ),
    ],
    caches: &[part(
        PartKind::Cache,
        "in-process",
        &[Setting::integer("capacity", 0, 1_000_000, 0, "Entries.")],
        |_| Model::none(),
    )],
    stores: &[part(PartKind::Store, "sqlite", &[Setting::lanes("lanes", 256, 4, "Connections.")], |_| Model::none())],
    default_caches: &["in-process"],
    default_stores: &["sqlite"],
    ..Catalogue::NONE
};

fn resolve(text: &str) -> Result<Definition, Mistakes> {
    resolve_with(text, Overrides::default())
}

fn resolve_with(text: &str, overrides: Overrides) -> Result<Definition, Mistakes> {
    resolve_over(text, overrides, &CATALOGUE)
}

/// The same, held against the schema: it sees what is wrong in the file, or is known not to.
fn resolve_over(text: &str, overrides: Overrides, catalogue: &Catalogue<'_>) -> Result<Definition, Mistakes> {
    let resolved = Definition::resolve(Draft::read("w.toml", text.as_bytes())?.with(overrides), catalogue);
    match &resolved {
        Ok(_) => schema::accept(catalogue, json!({ "type": "object" }), text),
        Err(mistakes) => schema::hold(catalogue, json!({ "type": "object" }), mistakes),
    }
    resolved
}

#[test]
fn every_mistake_is_reported_at_once_with_its_line_and_the_nearest_name() {
    let text = r#"
name = "Bad Name"
[workload]
keyz = 10
read-ratio = [0.5, 1.5]
distribution = "zipff"
[sweep]
strategies = ["no-cache", "cashe-aside"]
caches = "redis"
[run]
clients = 0
duration = 5
[strategy.cache-aside]
ttl = 5
on-write = "overwrite"
[cache.memcached]
"#;
    insta::assert_snapshot!(resolve(text).unwrap_err().to_string(), @r"
    w.toml:2: name takes 1 to 60 lower-case letters, digits and hyphens: it names a folder
    w.toml:4: unknown field of [workload] `keyz` (did you mean `keys`? There are: keys, distribution, exponent, read-ratio, delete-ratio, value-bytes)
    w.toml:5: a read ratio of 1.5 is not between 0 and 1 (it is the share of reads: 0.9 is nine reads for each write)
    w.toml:6: unknown distribution `zipff` (did you mean `zipf`? There are: uniform, zipf)
    w.toml:8: unknown strategy `cashe-aside` (did you mean `cache-aside`? There are: no-cache, cache-aside)
    w.toml:9: unknown cache `redis` (there are: in-process)
    w.toml:11: run.clients takes a whole number from 1 to 10000
    w.toml:12: unknown field of [run] `duration` (did you mean `duration-ms`? There are: clients, driver-threads, warm-up-ms, warm-up-cap-ms, phase, arrivals, max-in-flight, when-full, warm-up-scan, prewarm-keys, duration-ms, operation-timeout-ms, cache-timeout-ms, interval-ms, hop-times, oracle, audit-keys, driver, preload, hatch-per-s)
    w.toml:14: unknown setting of cache-aside `ttl` (did you mean `ttl-ms`? There are: ttl-ms, on-write)
    w.toml:15: on-write takes one of invalidate, update (What a write does.)
    w.toml:16: unknown cache `memcached` (there are: in-process)
    ");
}

#[test]
fn a_field_under_the_wrong_table_is_sent_home() {
    let text = "clients = 4\n[sweep]\nwhen-full = \"shed\"\nblock = 2\n[run]\nname = \"w\"\n";
    insta::assert_snapshot!(resolve(text).unwrap_err().to_string(), @r"
    w.toml:1: unknown field `clients` (it belongs under [run])
    w.toml:3: unknown field of [sweep] `when-full` (it belongs under [run])
    w.toml:4: unknown field of [sweep] `block` (did you mean `blocks`? There are: strategies, caches, stores, read-cost-us, store-workers, rate, instances, reference, control, verdict-on, pairs, blocks, seed, equivalence-margin)
    w.toml:6: unknown field of [run] `name` (it belongs above the first table)
    ");
}

#[test]
fn every_instance_has_a_session() {
    let resolved = |run: &str| resolve(&format!("[sweep]\ninstances = [1, 9]\n{run}"));
    insta::assert_snapshot!(resolved("").unwrap_err().to_string(), @"w.toml:2: 9 instances are more than clients (8) (each operation's session asks one instance; raise clients, or take fewer instances)");
    insta::assert_snapshot!(resolved("rate = 10\n[run]\nmax-in-flight = 8").unwrap_err().to_string(), @"w.toml:2: 9 instances are more than max-in-flight (8) (each operation's session asks one instance; raise max-in-flight, or take fewer instances)");
    assert_eq!(resolved("[run]\nclients = 9").unwrap().instances, [1, 9]);
}

#[test]
fn a_closed_loop_is_not_asked_for_response_times() {
    let asserted = |more: &str| resolve(&format!("assert = [\"cache-aside.response.p99 < 2ms\"]\n[sweep]\n{more}"));
    insta::assert_snapshot!(asserted("").unwrap_err().to_string(), @"w.toml:1: no assertion on response.p99: it is a figure of an open loop alone, and this is a closed one (give an offered load with rate (arrivals per second), or take service.p99)");
    assert_eq!(asserted("rate = 100").unwrap().assertions.len(), 1);
}

#[test]
fn flags_are_checked_like_the_file() {
    let overrides = Overrides {
        strategies: Some(vec!["cach-aside".into()]),
        read_ratios: Some(vec![0.5, 0.5, 2.0]),
        clients: Some(0),
        ..Overrides::default()
    };
    insta::assert_snapshot!(resolve_with("", overrides).unwrap_err().to_string(), @r"
    --clients: 0 is out of range: clients takes a whole number from 1 to 10000
    --strategy: unknown strategy `cach-aside` (did you mean `cache-aside`? There are: no-cache, cache-aside)
    --read-ratio: read ratio `0.5` is named twice (name it once)
    --read-ratio: a read ratio of 2 is not between 0 and 1 (it is the share of reads: 0.9 is nine reads for each write)
    ");
}

#[test]
fn what_a_load_alone_takes_is_passed_over() {
    let text = "[run]\npreload = true\nhatch-per-s = 2.5\n[http]\nunknown = [504]\n[http.read]\npath = \"/x/{key}\"\n";
    assert_eq!(resolve(text).unwrap().to_toml(), resolve("").unwrap().to_toml());
    let wrong = "http = 1\n[run]\npreload = 1\nhatch-per-s = \"all\"\n[sweep]\npreload = true\n";
    insta::assert_snapshot!(resolve(wrong).unwrap_err().to_string(), @r"
    w.toml:1: http takes a table
    w.toml:3: run.preload takes true or false
    w.toml:4: run.hatch-per-s takes a number from 0.001 to 100000
    w.toml:6: unknown field of [sweep] `preload` (it belongs under [run])
    ");
}

#[test]
fn what_is_no_definition_at_all_is_said_in_one_line() {
    let message = |bytes: &[u8]| Draft::read("w.toml", bytes).unwrap_err().to_string();
    insta::assert_snapshot!(message(b"name = \"a\"\nkeys = [1,\n"), @"w.toml:2: not TOML: unclosed array, expected `]`");
    insta::assert_snapshot!(message(b"name = \"\xff\""), @"w.toml: the definition is not UTF-8 from byte 8 on (save it as UTF-8)");
    insta::assert_snapshot!(message(&vec![b'#'; 2 << 20]), @"w.toml: the definition has 2097152 bytes, more than 1048576 (is it the right file?)");
    assert!(Draft::read("w.toml", &vec![b'#'; LONGEST_DEFINITION]).is_ok());
}

#[test]
fn an_empty_list_is_to_be_left_out() {
    let strategies = |more: &str| resolve(&format!("[sweep]\nstrategies = []\n{more}")).unwrap_err().to_string();
    insta::assert_snapshot!(strategies("[[arm]]\nstrategy = \"cache-aside\"\n"), @"w.toml:2: sweep.strategies takes at least one element, names of strategies (leave it out: beside an [[arm]] no strategy takes part unasked)");
    insta::assert_snapshot!(strategies(""), @"w.toml:2: sweep.strategies takes at least one element, names of strategies (leave it out for what it is by default)");
    insta::assert_snapshot!(resolve("[sweep]\ncaches = []\n").unwrap_err().to_string(), @"w.toml:2: sweep.caches takes at least one element, names of caches (leave it out for what it is by default)");
    // Another mistake of the list is not taken for it.
    insta::assert_snapshot!(resolve("[sweep]\nstrategies = [5]\n[[arm]]\nstrategy = \"cache-aside\"\n").unwrap_err().to_string(), @"w.toml:2: sweep.strategies takes names of strategies");
}

#[test]
fn assertions_are_checked_before_the_run() {
    let text =
        "name = \"a\"\nassert = [\n  \"cashe-aside.hit_ratio > 0.8\",\n  \"cache-aside.hit_rate > 0.8\",\n  5,\n]\n";
    let overrides = Overrides {
        assertions: vec!["cache-aside@redis.service.p99 < 2".into(), "no-cache@redis.errors < 1".into()],
        ..Overrides::default()
    };
    let told = resolve_with(text, overrides).unwrap_err().to_string();
    insta::assert_snapshot!(told, @r###"
    --assert: `2` is no bound of service.p99, which takes a time with its unit: ns, us, µs, ms or s
    --assert: unknown cache `redis` (there are: in-process)
    w.toml:3: unknown arm `cashe-aside` (did you mean `cache-aside`? There are: no-cache, cache-aside)
    w.toml:4: unknown figure `hit_rate` (did you mean `hit_ratio`? docs/figures.md lists all)
    w.toml:5: assert takes texts, as in "cache-aside.hit_ratio > 0.8"
    "###);
}

#[test]
fn an_assertion_on_a_figure_that_no_trial_has_is_refused() {
    let text = "assert = [\"*.hit_ratio > 0.5\", \"*.bypassed_reads < 1\", \"*.errors < 1\"]\n[sweep]\nstrategies = [\"no-cache\"]\n";
    insta::assert_snapshot!(resolve(text).unwrap_err().to_string(), @r"
    w.toml:1: no assertion on hit_ratio: it is a figure of what asks a cache, and no arm does (leave it out, or take an arm that does)
    w.toml:1: no assertion on bypassed_reads: it is a figure of what asks a cache, and no arm does (leave it out, or take an arm that does)
    ");
}

#[test]
fn a_verdict_on_a_figure_that_no_trial_has_is_refused() {
    let text = "[sweep]\nstrategies = [\"no-cache\"]\nverdict-on = [\"throughput\", \"response-p99\", \"hit_ratio\"]\n";
    insta::assert_snapshot!(resolve(text).unwrap_err().to_string(), @r#"
    w.toml:3: no verdict on response.p99: it is a figure of an open loop alone, and this is a closed one (give an offered load with rate (arrivals per second), or take service.p99)
    w.toml:3: no verdict on hit_ratio: it is a figure of what asks a cache, and no arm does (leave it out, or take an arm that does)
    "#);
    let overrides = Overrides {
        verdict_on: Some(vec!["through".into(), "errors".into(), "errors".into()]),
        ..Overrides::default()
    };
    let told = resolve_with(text, overrides).unwrap_err().to_string();
    insta::assert_snapshot!(told, @r###"
    --verdict-on: unknown figure `through` (did you mean `throughput`? docs/figures.md lists all)
    --verdict-on: figure `errors` is named twice (name it once)
    "###);
}

#[test]
fn verdicts_are_on_what_the_loop_says_unless_asked() {
    let names =
        |text: &str| -> Vec<&str> { resolve(text).unwrap().verdict_on.iter().map(|figure| figure.name).collect() };
    assert_eq!(names(""), ["throughput"]);
    assert_eq!(names("sweep.rate = 500"), ["response.p99"]);
    let asked = "sweep.verdict-on = [\"hit-ratio\", \"read_p99\"]\nsweep.pairs = true";
    assert_eq!(names(asked), ["hit_ratio", "read.p99"]);
    let definition = resolve(asked).unwrap();
    let again = resolve(&definition.to_toml()).unwrap();
    assert!(again.pairs && again.verdict_on == definition.verdict_on && again.hash() == definition.hash());
    assert!(!resolve("").unwrap().to_toml().contains("verdict-on"));
}

#[test]
fn flags_add_to_the_assertions_of_the_file() {
    let text = "assert = \"cache-aside.hit_ratio > 80 %\"\n";
    let overrides = Overrides {
        assertions: vec!["no-cache.errors<1".into(), "cache-aside.hit-ratio > 80%".into()],
        ..Overrides::default()
    };
    let definition = resolve_with(text, overrides).unwrap();
    let texts: Vec<_> = definition.assertions.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["cache-aside.hit_ratio > 80%", "no-cache.errors < 1"]);
    assert_eq!(resolve(&definition.to_toml()).unwrap().assertions, definition.assertions);
    assert_ne!(definition.hash(), resolve("").unwrap().hash());
}

#[test]
fn an_empty_definition_is_complete() {
    let definition = resolve("").unwrap();
    assert_eq!(definition.arms.len(), 2);
    assert_eq!(definition.reference, "no-cache");
    assert_eq!((definition.blocks, definition.driving.clients), (8, 8));
}

#[test]
fn printing_and_reading_again_gives_the_same() {
    let text = r#"
name = "x"
[workload]
keys = 77
distribution = "uniform"
read-ratio = 0.25
delete-ratio = 0.5
[sweep]
read-cost-us = [0, 1000]
store-workers = 3
instances = [1, 3]
reference = "cache-aside"
[run]
warm-up-scan = true
hop-times = true
[strategy.cache-aside]
ttl-ms = 5
on-write = "update"
"#;
    let printed = resolve(text).unwrap().to_toml();
    let again = resolve(&printed).unwrap();
    assert_eq!(again.store_workers, Some(3));
    assert_eq!(again.to_toml(), printed);
    assert_eq!(again.hash(), resolve(text).unwrap().hash());
}

#[test]
fn a_reference_that_a_flag_left_out_gives_way_to_the_first_asked_for() {
    let overrides = Overrides { strategies: Some(vec!["cache-aside".into()]), ..Overrides::default() };
    let definition = resolve_with("[sweep]\nreference = \"no-cache\"\n", overrides).unwrap();
    assert_eq!(definition.reference, "cache-aside");
}

/// What is said of a lifetime over a cache that counts in steps of 50 ms.
fn over_a_coarse_cache(ttl_ms: u64) -> Result<Definition, Mistakes> {
    let catalogue = Catalogue { ttl_step: |_| Some(std::time::Duration::from_millis(50)), ..CATALOGUE };
    let text = format!("[sweep]\nstrategies = [\"cache-aside\"]\n[strategy.cache-aside]\nttl-ms = {ttl_ms}\n");
    resolve_over(&text, Overrides::default(), &catalogue)
}

#[test]
fn a_lifetime_that_a_cache_cannot_keep_is_refused_where_it_stands() {
    insta::assert_snapshot!(over_a_coarse_cache(49).unwrap_err().to_string(), @"w.toml:4: ttl-ms = 49 may come below the step of in-process, which counts lifetimes in 50ms (in-process would keep such an entry for up to 100ms: take 50 or more, or leave in-process out)");
    assert!(over_a_coarse_cache(50).is_ok() && over_a_coarse_cache(0).is_ok());
}

#[test]
fn a_call_to_a_cache_has_a_part_of_the_operation_s_time() {
    let of = |text: &str| resolve(&format!("[run]\n{text}\n")).map(|made| made.driving.cache_timeout.as_millis());
    assert_eq!(of("").unwrap(), 250);
    assert_eq!(of("operation-timeout-ms = 300").unwrap(), 75);
    assert_eq!(of("operation-timeout-ms = 1").unwrap(), 1);
    assert_eq!(of("operation-timeout-ms = 300\ncache-timeout-ms = 300").unwrap(), 300);
    let refused = of("operation-timeout-ms = 300\ncache-timeout-ms = 301").unwrap_err().to_string();
    assert!(
        refused.starts_with("w.toml:3: a cache timeout of 301 ms is longer than an operation's 300 ms"),
        "{refused}"
    );
}

#[test]
fn there_are_as_many_lanes_as_operations_under_way() {
    let of = |text: &str| resolve(text).map(|made| made.stores[0].settings.integer("lanes"));
    assert_eq!(of("[run]\nclients = 8\n").unwrap(), 4);
    assert_eq!(of("[run]\nclients = 33\n").unwrap(), 17, "of two driver threads");
    assert_eq!(of("[run]\nclients = 64\ndriver-threads = 1\n").unwrap(), 64);
    assert_eq!(of("[sweep]\nrate = [100]\n").unwrap(), 32, "an open loop's bound");
    assert_eq!(of("[sweep]\nrate = [100]\n[run]\nmax-in-flight = 20\n").unwrap(), 10);
    assert_eq!(of("[run]\nclients = 33\n[store.sqlite]\nlanes = 2\n").unwrap(), 2, "what is asked for");
}

/// What a build leaves out is no unknown name: there is a build that has it.
#[test]
fn what_a_build_leaves_out_is_named_with_its_feature() {
    let catalogue = Catalogue { left_out: &[LeftOut { name: "valkey", feature: "servers" }], ..CATALOGUE };
    let text = "[sweep]\ncaches = [\"valkey\"]\n[cache.valkey]\nlanes = 1\n";
    let told = resolve_over(text, Overrides::default(), &catalogue).unwrap_err().to_string();
    let left_out = "valkey is not in this build: build cachemark with `--features servers`";
    assert_eq!(told.matches(left_out).count(), 2, "{told}");
    assert!(told.contains("w.toml:2") && told.contains("w.toml:3") && !told.contains("unknown"), "{told}");
}

#[test]
fn what_the_schema_does_not_see_is_named_where_editors_are_told_of() {
    let page = std::fs::read_to_string("../../workloads/README.md").unwrap();
    let section = page.split("## In an editor").nth(1).unwrap().split("\n## ").next().unwrap();
    let section = section.split_whitespace().collect::<Vec<_>>().join(" ");
    for (_, named) in schema::ONLY_CHECK {
        assert!(section.contains(named), "workloads/README.md does not name: {named}");
    }
}

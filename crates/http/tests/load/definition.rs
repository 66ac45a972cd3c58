//! Definitions: the presets' own form, every mistake at once, printed and read again.

use cachemark_http::LoadDefinition;
use cachemark_http::http::HitRule;
use cachemark_workload::KeyDistribution;

#[test]
fn assertions_are_kept_and_their_mistakes_told() {
    let definition = LoadDefinition::read("l.toml", b"assert = [\"ours.service.p99 < 20ms\"]\n").unwrap();
    assert_eq!(definition.assertions[0].to_string(), "ours.service.p99 < 20ms");
    let again = LoadDefinition::read("l.toml", definition.to_toml().as_bytes()).unwrap();
    assert_eq!(again.assertions, definition.assertions);
    let refused = LoadDefinition::read("l.toml", b"name = \"a\"\nassert = \"ours.p99 < 20ms\"\n").unwrap_err();
    assert!(refused.to_string().starts_with("l.toml:2: assert cannot be read: unknown figure `p99`"), "{refused}");
}

#[test]
fn a_sweep_definition_drives_a_load() {
    let text = r#"
name = "mine"
[workload]
keys = 500
distribution = "uniform"
read-ratio = 0.8
[sweep]
strategies = ["no-cache"]
seed = 9
blocks = 6
[run]
clients = 3
duration-ms = 2_000
warm-up-scan = true
hop-times = true
[cache.in-process]
capacity = 100
"#;
    let definition = LoadDefinition::read("mine.toml", text.as_bytes()).unwrap();
    assert_eq!((definition.keys, definition.distribution), (500, KeyDistribution::Uniform));
    assert_eq!((definition.seed, definition.blocks, definition.users), (9, 6, 3));
    assert_eq!(definition.interval.as_millis(), 100);
    assert_eq!(definition.http.hit, HitRule::CacheStatus);
}

#[test]
fn what_a_sweep_alone_takes_is_passed_over() {
    let text = r#"
[sweep]
strategies = ["no-cache"]
caches = ["redis"]
stores = ["postgres"]
read-cost-us = [0, 1000]
instances = [1]
reference = "no-cache"
control = true
[run]
phase = "cold"
warm-up-cap-ms = 5
arrivals = "poisson"
max-in-flight = 9
when-full = "shed"
warm-up-scan = true
hop-times = true
"#;
    assert_eq!(LoadDefinition::read("s.toml", text.as_bytes()).unwrap(), LoadDefinition::default());
}

#[test]
fn what_neither_takes_is_refused_and_so_is_a_rate() {
    let text = b"[sweep]\nsede = 9\nstratgies = \"no-cache\"\nrate = [500]\n[run]\nwarm-up-scna = true\n";
    let told = LoadDefinition::read("d.toml", text).unwrap_err().to_string();
    insta::assert_snapshot!(told, @r"
    d.toml:2: unknown field `sweep.sede` (did you mean `seed`?)
    d.toml:3: unknown field `sweep.stratgies` (did you mean `strategies`?)
    d.toml:4: sweep.rate is an offered load, and a load over HTTP is a closed loop of users: leave it out
    d.toml:6: unknown field `run.warm-up-scna` (did you mean `warm-up-scan`?)
    ");
}

#[test]
fn every_mistake_is_told_at_once() {
    let text = r#"nmae = "x"
[workload]
keys = 0
distribution = "zipff"
[run]
clients = "many"
hatch-per-sec = 3
[http.read]
path = "items/{key}"
method = "FETCH"
[http.write]
body = "{valeu}"
headers = { x-api-key = "1234", "bad name" = "x" }
[http.hit]
rule = "heder"
[http.value]
at = "data"
"#;
    let mistakes = LoadDefinition::read("d.toml", text.as_bytes()).unwrap_err();
    let told = mistakes.to_string();
    assert!(!told.contains("1234"), "{told}");
    insta::assert_snapshot!(told, @r"
    d.toml:1: unknown field `nmae` (did you mean `name`?)
    d.toml:3: workload.keys takes a number from 1 to 100000000
    d.toml:4: workload.distribution has no law `zipff`: did you mean `zipf`?
    d.toml:6: run.clients takes a number from 1 to 10000
    d.toml:7: unknown field `run.hatch-per-sec` (did you mean `hatch-per-s`?)
    d.toml:9: http.read.path must begin with a slash: the base URL goes before it
    d.toml:10: http.read.method takes one of GET, HEAD, POST, PUT, PATCH, DELETE, not `FETCH`
    d.toml:12: http.write.body has no place for {valeu}: there are {key}, {value}, {value:base64}, {value:hex}
    d.toml:13: the header `x-api-key` would stand in the record for all to read (write {env:NAME} in the place of the secret)
    d.toml:13: the header `bad name` is no name of a header
    d.toml:15: http.hit.rule has no rule `heder`: did you mean `header`?
    d.toml:17: http.value.at takes a JSON pointer, which begins with a slash
    ");
}

#[test]
fn a_printed_definition_reads_the_same() {
    let text = r#"
[run]
hatch-per-s = 2.5
[http.read]
headers = { authorization = "Bearer {env:TOKEN}" }
[http.hit]
rule = "json"
at = "/cached"
matches = "true"
"#;
    for text in ["", text] {
        let definition = LoadDefinition::read("d.toml", text.as_bytes()).unwrap();
        let printed = definition.to_toml();
        assert_eq!(LoadDefinition::read("p.toml", printed.as_bytes()).unwrap(), definition, "{printed}");
    }
}

#[test]
fn what_is_no_toml_has_a_line() {
    let told = LoadDefinition::read("d.toml", b"name = \"a\"\nkeys = = 3\n").unwrap_err().to_string();
    assert!(told.starts_with("d.toml:2: not TOML"), "{told}");
    assert!(LoadDefinition::read("d.toml", &[0xff]).unwrap_err().to_string().contains("not UTF-8 from byte 0"));
}

//! Definitions of loads: every mistake at once, what a sweep alone takes, printed and read again.

use crate::schema;
use cachemark_bench::definition::{Catalogue, Definition};
use cachemark_http::{BaseUrl, DESCRIPTOR, Service, Spoken, json_schema, spoken};
use std::time::Duration;

fn read(text: &str) -> Result<Spoken, String> {
    let service = Service { name: "ours".into(), base_url: BaseUrl::parse("http://127.0.0.1:1").unwrap() };
    let read = spoken("l.toml", text.as_bytes(), &[service], Default::default(), &["cachemark", "goose"]);
    read.map_err(|mistakes| {
        // The schema sees what is wrong in the file, or is known not to.
        let catalogue = Catalogue { strategies: &[DESCRIPTOR], drivers: &["cachemark", "goose"], ..Catalogue::NONE };
        schema::hold(&catalogue, json_schema(), &mistakes);
        mistakes.to_string()
    })
}

fn definition(text: &str) -> Definition {
    read(text).unwrap_or_else(|told| panic!("{told}")).definition
}

#[test]
fn what_is_left_out_is_as_the_table_of_defaults_has_it_for_services() {
    let definition = definition("");
    assert_eq!((definition.name.as_str(), definition.blocks, definition.control), ("load", 1, false));
    assert_eq!(definition.driving.duration, Duration::from_secs(10));
    assert_eq!(definition.driving.warm_up, Some(Duration::from_secs(2)));
    assert_eq!((definition.driver.as_str(), definition.keys, definition.driving.clients), ("cachemark", 10_000, 8));
    let services = definition.services.unwrap();
    assert_eq!((services.preload, services.hatch_per_s), (false, None));
}

#[test]
fn a_sweep_s_definition_drives_a_load_with_the_same_numbers() {
    let text = r#"
name = "mine"
assert = ["ours.service.p99 < 20ms"]
[workload]
keys = 500
distribution = "uniform"
read-ratio = 0.8
[sweep]
strategies = ["no-cache"]
caches = ["redis"]
stores = ["postgres"]
read-cost-us = [0, 1000]
instances = [1, 4]
reference = "no-cache"
rate = [100]
seed = 9
blocks = 6
[run]
clients = 3
duration-ms = 2_000
phase = "cold"
warm-up-scan = true
hop-times = true
[servers]
cache-memory-mib = 8
[cache.in-process]
capacity = 100
[[arm]]
strategy = "cache-aside"
"#;
    let definition = definition(text);
    assert_eq!((definition.seed, definition.blocks, definition.driving.clients), (9, 6, 3));
    assert_eq!((definition.driving.duration, definition.driving.interval.as_millis()), (Duration::from_secs(2), 100));
    assert_eq!((definition.arms.len(), definition.instances, definition.rates), (1, vec![1], vec![100.0]));
    assert_eq!(definition.assertions[0].to_string(), "ours.service.p99 < 20ms");
    assert_eq!(definition.driving.warm_up, Some(Duration::from_secs(2)), "a service is measured warm");
    assert_eq!(definition.services.unwrap().http["hit"]["rule"].as_str(), Some("cache-status"));
}

#[test]
fn services_may_be_arms_of_the_file() {
    let text = r#"
[[arm]]
name = "old"
strategy = "http"
url = "http://127.0.0.1:8080"
[[arm]]
name = "new"
strategy = "http"
url = "http://127.0.0.1:8081"
[[arm]]
strategy = "cache-aside"
"#;
    let definition = spoken("l.toml", text.as_bytes(), &[], Default::default(), &["cachemark"]).unwrap().definition;
    let arms: Vec<_> =
        definition.arms.iter().map(|arm| (arm.name.as_str(), arm.strategy.settings.text("url"))).collect();
    assert_eq!(arms, [("old", "http://127.0.0.1:8080"), ("new", "http://127.0.0.1:8081")]);
    assert_eq!((definition.reference.as_str(), definition.control), ("old", true));
}

#[test]
fn an_assertion_needs_a_service_and_a_figure_of_its_loop() {
    assert!(read("assert = \"theirs.errors < 1\"").unwrap_err().contains("theirs"));
    let told = read("assert = \"ours.response.p99 < 20ms\"").unwrap_err();
    assert!(told.starts_with("l.toml:1:") && told.contains("open loop"), "{told}");
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
driver = "gose"
[http.read]
path = "items/{key}"
method = "FETCH"
[http.write]
body = "{valeu}"
headers = { x-api-key = "1234", "bad name" = "x", x-two = "a\nb" }
shde = [503]
[ http.hit ]
rule = "heder"
[http.value]
at = "data"
encoding = "rot13"
"#;
    let told = read(text).unwrap_err();
    assert!(!told.contains("1234"), "{told}");
    insta::assert_snapshot!(told, @r"
    l.toml:1: unknown field `nmae` (did you mean `name`? There are: name, description, assert, workload, sweep, run, servers, arm, fault, http, strategy, cache, store)
    l.toml:3: workload.keys takes a whole number from 1 to 100000000
    l.toml:4: unknown distribution `zipff` (did you mean `zipf`? There are: uniform, zipf)
    l.toml:6: run.clients takes a whole number from 1 to 10000
    l.toml:7: unknown field of [run] `hatch-per-sec` (did you mean `hatch-per-s`? There are: clients, driver-threads, warm-up-ms, warm-up-cap-ms, phase, arrivals, max-in-flight, when-full, warm-up-scan, prewarm-keys, duration-ms, operation-timeout-ms, cache-timeout-ms, interval-ms, hop-times, oracle, audit-keys, driver, preload, hatch-per-s)
    l.toml:8: unknown driver `gose` (did you mean `goose`? There are: cachemark, goose)
    l.toml:10: http.read.path must begin with a slash: the base URL goes before it
    l.toml:11: http.read.method takes one of GET, HEAD, POST, PUT, PATCH, DELETE, not `FETCH`
    l.toml:13: http.write.body has no place for {valeu}: there are {key}, {value}, {value:base64}, {value:hex}
    l.toml:14: the header `x-api-key` would stand in the record for all to read (write {env:NAME} in the place of the secret)
    l.toml:14: the header `bad name` is no name of a header
    l.toml:14: the header `x-two` has characters that no header may have
    l.toml:15: unknown field of [http.write] `shde` (there are: method, path, body, headers, ok, absent)
    l.toml:17: unknown rule `heder` (did you mean `header`? There are: cache-status, header, json, none)
    l.toml:19: http.value.at takes a JSON pointer, which begins with a slash
    l.toml:20: unknown encoding `rot13` (there are: raw, base64, hex)
    ");
}

#[test]
fn a_dotted_key_is_read_as_a_table() {
    assert!(read("http.hit.rule = \"nosuch\"\n").unwrap_err().contains("unknown rule `nosuch`"));
}

#[test]
fn a_printed_definition_reads_the_same() {
    let text = r#"
[run]
hatch-per-s = 2.5
driver = "goose"
[http]
unknown = [502, 504]
[http.read]
headers = { authorization = "Bearer {env:TOKEN}" }
absent = [404, 410]
[http.hit]
rule = "json"
at = "/cached"
matches = "true"
"#;
    for text in ["", text] {
        let first = read(text).unwrap();
        let printed = first.definition.to_toml();
        let again = spoken("p.toml", printed.as_bytes(), &[], Default::default(), &["cachemark", "goose"]).unwrap();
        assert_eq!(again.definition.to_toml(), printed);
    }
}

#[test]
fn an_arm_s_url_is_an_address_without_a_login_for_a_definition_is_kept() {
    let arm = |name: &str, url: &str| format!("[[arm]]\nname = \"{name}\"\nstrategy = \"http\"\nurl = \"{url}\"\n");
    let text = arm("open", "http://ann:secret@127.0.0.1:1/") + &arm("none", "nowhere") + &arm("good", "http://h:80/");
    let refused = spoken("l.toml", text.as_bytes(), &[], Default::default(), &["cachemark"]).unwrap_err().to_string();
    assert!(
        refused.contains("the url of `open` holds a user or a password") && !refused.contains("secret"),
        "{refused}"
    );
    assert!(refused.contains("--target open=URL"), "{refused}");
    assert!(refused.contains("the url of `none`: ") && !refused.contains("`good`"), "{refused}");
}

#[test]
fn the_address_of_an_audit_is_one_without_a_login_too() {
    let refused = |audit: &str| {
        let text =
            format!("[[arm]]\nname = \"a\"\nstrategy = \"http\"\nurl = \"http://h/\"\naudit-url = \"{audit}\"\n");
        spoken("l.toml", text.as_bytes(), &[], Default::default(), &["cachemark"]).err().map(|error| error.to_string())
    };
    assert_eq!(refused("http://h:81/"), None);
    let told = refused("http://ann:secret@h:81/").unwrap();
    assert!(told.contains("the audit-url of `a` holds a user or a password") && !told.contains("secret"), "{told}");
    assert!(refused("nowhere").unwrap().contains("the audit-url of `a`: "));
}

#[test]
fn an_assertion_on_what_a_load_never_has_is_refused() {
    let told = read("assert = [\"ours.failed_sets < 1\", \"ours.hit_ratio > 0.1\", \"ours.response.p99 < 1s\"]\n")
        .unwrap_err();
    assert!(
        told.contains("no assertion on failed_sets: it is a figure of calls to a cache, and those of a service"),
        "{told}"
    );
    assert!(told.contains("no assertion on response.p99: it is a figure of an open loop alone"), "{told}");
    assert!(!told.contains("hit_ratio"), "{told}");
}

#[test]
fn a_service_may_have_a_driver_of_its_own() {
    let arm = |driver: &str| format!("[[arm]]\nstrategy = \"http\"\nurl = \"http://h\"\ndriver = \"{driver}\"\n");
    let read = |text: &str| spoken("l.toml", text.as_bytes(), &[], Default::default(), &["cachemark", "goose"]);
    assert!(read(&arm("goose")).is_ok());
    assert!(read(&arm("gose")).unwrap_err().to_string().contains("unknown driver `gose` (did you mean `goose`"));
}

#[test]
fn the_readme_shows_what_is_meant_by_an_http_table_that_is_left_out() {
    let readme = include_str!("../../../../workloads/README.md");
    let shown = readme.split("```toml\n").find(|block| block.starts_with("[http]\n")).unwrap();
    let http = |text: &str| definition(text).services.unwrap().http;
    let without_table = definition("").services.unwrap().http;
    assert_eq!(without_table["read"]["path"].as_str(), Some("/items/{key}"));
    assert_eq!(http(shown.split("```").next().unwrap()), without_table);
}

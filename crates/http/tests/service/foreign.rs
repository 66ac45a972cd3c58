//! A service that is not ours: other paths, JSON bodies, another header.

use crate::support::{Load, Manner, TestService, warned};

const DEFINITION: &str = r#"
[http.read]
path = "/v1/objects/{key}"
absent = [410]
[http.write]
method = "POST"
path = "/v1/objects"
body = '{"id": "{key}", "data": "{value:base64}"}'
headers = { content-type = "application/json", authorization = "Bearer {env:PATH}" }
ok = [201]
[http.value]
at = "/object/data"
encoding = "base64"
[http.hit]
rule = "header"
header = "x-cache"
matches = "^HIT"
"#;

#[test]
fn templates_speak_to_a_foreign_service() {
    let service = TestService::start(Manner::Foreign);
    let mut load = Load::on(&service.url).with("[workload]", "delete-ratio = 0.0");
    load.definition.push_str(DEFINITION);
    let trial = load.trial();
    assert_eq!(service.requests().keys().map(String::as_str).collect::<Vec<_>>(), ["GET", "POST"]);
    assert!(trial.totals.ok > 100 && trial.totals.absent > 0, "{:?}", trial.totals);
    assert_eq!((trial.totals.error, trial.totals.shed, trial.totals.unknown), (0, 0, 0));
    assert!(trial.hit_ratio.is_some_and(|ratio| ratio > 0.5), "{:?}", trial.hit_ratio);
    assert_eq!(trial.bad_stamps, 0);
    // The values are ours, found inside the JSON: none lacks its stamp.
    assert_eq!(warned(&trial, "unstamped"), None);
    let seen = service.seen.lock().unwrap();
    let expected = format!("Bearer {}", std::env::var("PATH").unwrap());
    assert_eq!(seen.authorization.iter().collect::<Vec<_>>(), [&expected]);
}

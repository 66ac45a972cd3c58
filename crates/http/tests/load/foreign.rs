//! A service that is not ours: other paths, JSON bodies, another header.

use crate::support::{Manner, Service, never, plan};
use cachemark_http::{LoadDefinition, Place, run_load};

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
    let service = Service::start(Manner::Foreign);
    let mut plan = plan(&service.url);
    plan.http = LoadDefinition::read("d.toml", DEFINITION.as_bytes()).unwrap().http;
    let mix = cachemark_workload::Mix::of_reads(0.7);
    plan.spec =
        cachemark_workload::WorkloadSpec::new(200, plan.spec.distribution(), mix, plan.spec.value_size()).unwrap();
    let outcome = run_load(&plan, &never()).unwrap();
    assert_eq!(outcome.goose.requests, outcome.requests());
    assert_eq!(outcome.requests().keys().map(String::as_str).collect::<Vec<_>>(), ["GET read", "POST write"]);
    let place = Place { cell: "foreign".into(), position: 0, started_utc: String::new() };
    let (trial, ..) = outcome.files(place);
    assert!(trial.totals.ok > 100 && trial.totals.absent > 0, "{:?}", trial.totals);
    assert_eq!((trial.totals.error, trial.totals.shed, trial.totals.unknown), (0, 0, 0));
    assert!(trial.hit_ratio.is_some_and(|ratio| ratio > 0.5), "{:?}", trial.hit_ratio);
    assert_eq!(trial.bad_stamps, 0);
    // The values are ours, found inside the JSON: none lacks its stamp.
    assert!(!trial.warnings.iter().any(|warning| warning.code == "unstamped"));
    let seen = service.seen.lock().unwrap();
    let expected = format!("Bearer {}", std::env::var("PATH").unwrap());
    assert_eq!(seen.authorization.iter().collect::<Vec<_>>(), [&expected]);
}

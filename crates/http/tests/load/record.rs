//! A load makes a record that the report renders, with no secret in it.

use crate::support::{Manner, Service, never};
use cachemark_http::{BaseUrl, Labels, Load, LoadDefinition, LoadEvent, Target};
use cachemark_results::{Environment, Run, Status, Tool};
use std::path::{Path, PathBuf};
use std::time::Duration;

fn environment() -> Environment {
    let tool =
        Tool { version: "0.0.0".into(), revision: None, rustc: None, profile: "release".into(), executable: None };
    Environment::capture(tool, Vec::new(), "client and service on one machine".into())
}

fn target(name: &str, service: &Service) -> Target {
    let url = service.url.replace("http://", "http://ann:hunter2-secret@");
    let base_url = BaseUrl::parse(&url).unwrap();
    Target { name: name.into(), base_url, cache: None, store: None, colour: None }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn definition() -> LoadDefinition {
    LoadDefinition {
        name: "two-services".into(),
        keys: 100,
        read_ratios: vec![0.9],
        users: 3,
        blocks: 2,
        preload: true,
        warm_up: Duration::from_millis(50),
        duration: Duration::from_millis(200),
        interval: Duration::from_millis(50),
        ..LoadDefinition::default()
    }
}

#[test]
fn a_record_of_two_services_is_rendered_and_tells_no_secret() {
    let services = [Service::start(Manner::Ours), Service::start(Manner::Ours)];
    let targets = [target("cache-aside", &services[0]), target("other service", &services[1])];
    let (out, definition, labels) = (tempfile::tempdir().unwrap(), definition(), Labels::default());
    let (environment, mut finished) = (environment(), 0);
    let load = Load {
        definition: &definition,
        targets: &targets,
        out: out.path(),
        environment: &environment,
        labels: &labels,
        key_prefix: "cm:",
        stop: never(),
    };
    let end = load.run(&mut |event| finished += usize::from(matches!(event, LoadEvent::TrialFinished(_)))).unwrap();
    assert_eq!((end.status, finished), (Status::Complete, 6));
    assert!(services[0].seen.lock().unwrap().authorization.iter().all(|value| value.starts_with("Basic ")));
    assert_eq!(services[0].seen.lock().unwrap().authorization.len(), 1);

    let run = Run::open(&end.folder).unwrap();
    assert_eq!((run.trials.len(), run.manifest.cells.len(), run.manifest.kind.as_str()), (6, 3, "load"));
    for trial in &run.trials {
        let whole = trial.host.expect("what others did is recorded").whole;
        assert_eq!(whole.steal.is_some(), cfg!(target_os = "linux"));
        assert_eq!(whole.others_cpu, None, "the service may be on this machine");
    }
    let again = LoadDefinition::read("definition.toml", run.definition().unwrap().as_bytes()).unwrap();
    assert_eq!(again, definition);
    let pages = cachemark_report::write_report(&run).unwrap();
    let page = std::fs::read_to_string(pages.html).unwrap();
    assert!(page.contains("cache-aside") && page.contains("other service"));

    let written = files(&end.folder);
    for ending in ["goose/0001.html", "goose/0006.json"] {
        assert!(written.iter().any(|path| path.ends_with(ending)), "{ending}");
    }
    for path in &written {
        let bytes = std::fs::read(path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["hunter2", "YW5uOmh1bnRlcjIt", "ann:"] {
            assert!(!text.contains(secret), "{secret} is in {}", path.display());
        }
        // Neither may goose tell where the record was when it was made.
        assert!(!text.contains(&*out.path().to_string_lossy()), "its own path is in {}", path.display());
    }
}

#[test]
fn one_service_alone_is_rendered_too() {
    let service = Service::start(Manner::Ours);
    let out = tempfile::tempdir().unwrap();
    let definition = LoadDefinition { read_ratios: vec![0.5, 0.9], blocks: 1, ..definition() };
    let load = Load {
        definition: &definition,
        targets: &[target("cache-aside", &service)],
        out: out.path(),
        environment: &environment(),
        labels: &Labels::default(),
        key_prefix: "cm:",
        stop: never(),
    };
    let end = load.run(&mut |_| {}).unwrap();
    let run = Run::open(&end.folder).unwrap();
    assert_eq!(run.manifest.cells.len(), 2, "without another target there is nothing to control for");
    cachemark_report::write_report(&run).unwrap();
}

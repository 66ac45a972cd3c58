//! A load makes a record that the report renders, with no secret in it.

use crate::support::{Load, Manner, TestService};
use cachemark_bench::DriverThreads;
use cachemark_http::spoken;
use cachemark_results::Status;
use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn load(services: &[(&str, &TestService)]) -> Load {
    let urls: Vec<_> = services
        .iter()
        .map(|(name, service)| (*name, service.url.replace("http://", "http://ann:hunter2-secret@")))
        .collect();
    let given: Vec<_> = urls.iter().map(|(name, url)| (*name, url.as_str())).collect();
    Load::of(&given)
        .with("[workload]", "delete-ratio = 0.0")
        .with("[workload]", "read-ratio = 0.9")
        .with("[sweep]", "blocks = 2")
        .with("[run]", "duration-ms = 200")
        .with("[run]", "preload = true")
}

#[test]
fn a_record_of_two_services_is_rendered_and_tells_no_secret() {
    let services = [TestService::start(Manner::Ours), TestService::start(Manner::Ours)];
    let load = load(&[("cache-aside", &services[0]), ("other", &services[1])]);
    let (_out, run) = load.run_by(&DriverThreads);
    assert!(services[0].seen.lock().unwrap().authorization.iter().all(|value| value.starts_with("Basic ")));
    assert_eq!(services[0].seen.lock().unwrap().authorization.len(), 1);

    let manifest = &run.manifest;
    assert_eq!((run.trials.len(), manifest.cells.len(), manifest.kind.as_str()), (6, 3, "load"));
    assert_eq!(manifest.status, Status::Complete);
    let arms: Vec<_> = manifest.cells.iter().map(|cell| (cell.arm.as_str(), cell.control)).collect();
    assert_eq!(arms, [("cache-aside", false), ("cache-aside", true), ("other", false)]);
    for trial in &run.trials {
        let whole = trial.host.expect("what others did is recorded").whole;
        assert_eq!(whole.steal.is_some(), cfg!(target_os = "linux"));
        assert_eq!(whole.others_cpu, None, "the service may be on this machine");
    }
    let pages = cachemark_report::write_report(&run).unwrap();
    let page = std::fs::read_to_string(pages.html).unwrap();
    assert!(page.contains("cache-aside") && page.contains("other"));
    for path in &files(&run.folder) {
        let bytes = std::fs::read(path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["hunter2", "YW5uOmh1bnRlcjIt", "ann:"] {
            assert!(!text.contains(secret), "{secret} is in {}", path.display());
        }
    }
}

#[test]
fn a_record_s_definition_names_its_services_and_reads_the_same() {
    let service = TestService::start(Manner::Ours);
    let (_out, run) = load(&[("ours", &service)]).run_by(&DriverThreads);
    let text = run.definition().unwrap();
    let again = spoken("definition.toml", text.as_bytes(), &[], Default::default(), &["cachemark"]).unwrap();
    assert_eq!((again.definition.to_toml(), again.definition.hash()), (text, run.manifest.definition_hash.clone()));
    let arm = &again.definition.arms[0];
    assert_eq!((arm.name.as_str(), arm.strategy.settings.text("url")), ("ours", service.url.as_str()));
}

#[test]
fn one_service_alone_is_rendered_too() {
    let service = TestService::start(Manner::Ours);
    let load = load(&[("cache-aside", &service)]).with("[workload]", "read-ratio = [0.5, 0.9]");
    let (_out, run) = load.with("[sweep]", "blocks = 1").run_by(&DriverThreads);
    assert_eq!(run.manifest.cells.len(), 2, "without another service there is nothing to control for");
    cachemark_report::write_report(&run).unwrap();
}

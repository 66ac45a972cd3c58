//! What a load tells of the freshness of a service's answers.

use crate::service::Service;
use crate::support::{cachemark, latest};
use cachemark_results::Freshness;
use std::fs;
use std::process::Command;
use tempfile::tempdir;

/// What was seen of the reads of half a second of load on a service of that strategy, both by one definition with more lines; and
/// the page.
fn seen(strategy: &str, driver: &str, more: &str) -> (Freshness, String) {
    let out = tempdir().unwrap();
    let workload = out.path().join("mixed.toml");
    fs::write(&workload, format!("[workload]\nkeys = 200\nread-ratio = 0.7\ndelete-ratio = 0.05\n{more}")).unwrap();
    let mut serve = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    serve.args(["serve", "--listen", "127.0.0.1:0", "--preload", "--strategy", strategy, "--workload"]).arg(&workload);
    let service = Service::launch(serve);
    let target = format!("served=http://{}", service.address);
    let mut command = cachemark(out.path());
    command.args(["load", "--target", &target, "--driver", driver, "--workload"]).arg(&workload);
    command.args(["--users", "4", "--warm-up", "100ms", "--duration", "500ms", "--blocks=1"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run = latest(out.path());
    let page = fs::read_to_string(run.folder.join("report.html")).unwrap();
    (run.trials[0].freshness.clone().unwrap(), page)
}

const NEVER_INVALIDATES: &str = "[strategy.cache-aside]\non-write = \"none\"\n";

#[test]
fn a_service_that_never_invalidates_is_seen_by_its_versions() {
    for driver in ["cachemark", "goose"] {
        let (told, page) = seen("cache-aside", driver, NEVER_INVALIDATES);
        assert_eq!((told.judged, told.without_version, told.phantoms), (told.reads, 0, 0), "{driver}");
        assert!(told.stale > told.judged / 4 && told.own_writes.violations > 0, "{driver}: {told:?}");
        // A deleted key is still served.
        assert!(told.resurrected > 0, "{driver}: {told:?}");
        assert!(page.contains("stale"));
    }
}

#[test]
fn a_service_without_a_cache_serves_nothing_stale() {
    for driver in ["cachemark", "goose"] {
        let (told, _) = seen("no-cache", driver, "");
        assert!(told.judged > 20 && told.judged == told.reads, "{driver}: {told:?}");
        let violations = told.own_writes.violations + told.own_reads.violations;
        assert_eq!(
            (told.stale, told.regressions, told.resurrected, told.phantoms, violations),
            (0, 0, 0, 0, 0),
            "{driver}"
        );
        assert!(told.own_writes.reads > 0, "{driver}: {told:?}");
    }
}

/// By the entity tag deletes and absent keys say nothing, so their reads are not judged; the others are.
#[test]
fn a_services_entity_tags_are_versions_where_the_definition_says_so() {
    let (told, _) =
        seen("cache-aside", "cachemark", &format!("{NEVER_INVALIDATES}[http.version]\nheader = \"etag\"\n"));
    assert!(told.stale > 0 && told.judged > told.without_version && told.without_version > 0, "{told:?}");
    assert_eq!(told.judged + told.without_version, told.reads);
}

#[test]
fn of_a_service_that_names_no_version_nothing_is_said() {
    let (told, page) = seen("cache-aside", "cachemark", "[http.version]\nheader = \"x-nothing\"\n");
    assert_eq!((told.judged, told.without_version), (0, told.reads));
    assert!(page.contains("No answer named its version"));
}

/// By the order of the client's own writes, as of a service that is not ours. Deletes overlap with writes here, and what does is not
/// judged.
#[test]
fn of_a_service_that_names_no_version_the_stamps_tell() {
    const STAMP: &str = "[http.version]\nrule = \"stamp\"\n";
    for driver in ["cachemark", "goose"] {
        let (never, _) = seen("cache-aside", driver, &format!("{NEVER_INVALIDATES}{STAMP}"));
        assert!(never.stale > never.judged / 4 && never.resurrected > 0, "{driver}: {never:?}");
        assert!(never.own_writes.violations > 0 && never.judged < never.reads, "{driver}: {never:?}");
        let (fresh, _) = seen("no-cache", driver, STAMP);
        let violations = fresh.own_writes.violations + fresh.own_reads.violations;
        assert!(fresh.judged > fresh.reads / 2, "{driver}: {fresh:?}");
        assert_eq!((fresh.stale, fresh.regressions, fresh.resurrected, violations), (0, 0, 0, 0), "{driver}");
    }
}

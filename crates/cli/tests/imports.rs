//! Who may import whom, under which licences, and what `cargo run` runs: held over `cargo metadata`.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};

/// The crates of ours that each crate may import. Dev-dependencies are free.
const ALLOWED: [(&str, &[&str]); 17] = [
    ("core", &[]),
    ("stats", &[]),
    ("workload", &["core"]),
    ("strategy", &["core"]),
    ("backend", &["core"]),
    ("stack", &["core"]),
    ("testkit", &["core"]),
    ("results", &["stats"]),
    ("bench", &["core", "workload", "stats", "results"]),
    ("report", &["results", "stats"]),
    ("service", &["core"]),
    ("stability", &["core", "workload", "strategy"]),
    ("http", &["core", "workload", "results", "bench"]),
    ("goose", &["core", "workload", "results", "bench", "http"]),
    ("example-foreign-service", &[]),
    ("example-library", &["core", "strategy", "backend"]),
    ("example-quotes", &["core", "strategy", "backend"]),
];

/// May import all of ours.
const FREE: [&str; 2] = ["cli", "benches"];

/// Licences that a binary under MIT or Apache-2.0 may be built with, one by one; deny.toml says the same.
const LICENCES: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
];

fn metadata() -> Metadata {
    MetadataCommand::new().other_options(["--locked".to_owned()]).exec().expect("cargo metadata")
}

/// The name of a crate of ours, without the project's.
fn ours(package: &str) -> Option<&str> {
    package.strip_prefix("cachemark-")
}

fn imports(package: &Package) -> BTreeSet<&str> {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind != DependencyKind::Development)
        .filter_map(|dependency| ours(&dependency.name))
        .collect()
}

#[test]
fn crates_import_only_what_is_allowed() {
    let metadata = metadata();
    let allowed: BTreeMap<_, _> = ALLOWED.into_iter().collect();
    for package in metadata.workspace_packages() {
        let name = ours(&package.name).expect("every crate is called cachemark-<name>");
        if FREE.contains(&name) {
            continue;
        }
        let may = allowed.get(name).unwrap_or_else(|| panic!("{name} has no list of what it may import: add one"));
        for import in imports(package) {
            assert!(may.contains(&import), "{name} must not import {import}");
        }
    }
}

/// CONTRIBUTING.md says of every crate what it may import.
#[test]
fn the_contributors_table_has_what_each_crate_may_import() {
    let page = include_str!("../../../CONTRIBUTING.md");
    let row = |name: &str| page.lines().find(|line| line.starts_with(&format!("| `crates/{name}` |")));
    let crates = ALLOWED.iter().filter(|(name, _)| !name.starts_with("example-"));
    for (name, may) in crates.copied().chain([("cli", &["all"][..])]) {
        let says = row(name).and_then(|row| row.trim_end_matches(" |").rsplit("| ").next());
        let right = if may.is_empty() { "none".to_owned() } else { may.join(", ") };
        assert_eq!(says, Some(right.as_str()), "CONTRIBUTING.md on crates/{name}");
    }
}

/// What a service gets that is made of our strategies, and what their crates bring with them.
#[test]
fn a_service_made_of_strategies_gets_no_bench_no_report_and_no_record() {
    let metadata = metadata();
    let by_name: BTreeMap<&str, &Package> =
        metadata.packages.iter().map(|package| (package.name.as_str(), package)).collect();
    for (root, ours_alone) in [("cachemark-core", &["core"][..]), ("cachemark-strategy", &["core", "strategy"])] {
        let (mut found, mut left) = (BTreeSet::new(), vec![root]);
        while let Some(name) = left.pop() {
            let Some(package) = by_name.get(name).filter(|_| found.insert(name)) else { continue };
            let built = package.dependencies.iter().filter(|needed| needed.kind == DependencyKind::Normal);
            left.extend(built.filter(|needed| !needed.optional).map(|needed| needed.name.as_str()));
        }
        let of_ours: Vec<_> = found.iter().filter_map(|name| ours(name)).collect();
        assert_eq!(of_ours, ours_alone, "{root}");
        for heavy in ["sqlx", "redis", "hdrhistogram", "plotters", "serde", "axum"] {
            assert!(!found.contains(heavy), "{root} brings {heavy} into a service");
        }
    }
}

/// What `cargo publish --workspace --dry-run` would find out in a minute. A registry knows no paths, so what is needed has a version; tests need
/// each other in circles, which no order of publishing has, so what they alone need has none and is left out.
#[test]
fn crates_can_be_published_in_an_order() {
    let metadata = metadata();
    let folder = metadata.workspace_root.join("crates");
    let (published, kept): (Vec<_>, Vec<_>) =
        metadata.workspace_packages().into_iter().partition(|package| package.manifest_path.starts_with(&folder));
    assert!(published.len() >= 15 && kept.iter().all(|package| package.publish.as_deref() == Some(&[])), "{kept:#?}");
    for package in published {
        assert!(
            package.publish.is_none() && package.description.is_some() && package.license.is_some(),
            "{}",
            package.name
        );
        for needed in package.dependencies.iter().filter(|needed| ours(&needed.name).is_some()) {
            let (is_of_tests, version) = (needed.kind == DependencyKind::Development, needed.req.to_string());
            let expected = if is_of_tests { "*".to_owned() } else { format!("={}", env!("CARGO_PKG_VERSION")) };
            assert_eq!(version, expected, "{} needs {}", package.name, needed.name);
        }
    }
}

#[test]
fn cargo_run_at_the_root_runs_cachemark() {
    let metadata = metadata();
    let members = metadata.workspace_default_packages();
    let runs: Vec<_> = members.iter().filter_map(|package| package.default_run.as_deref()).collect();
    assert_eq!(runs, ["cachemark"], "README's first command has to know which binary is meant");
}

#[test]
fn every_dependency_has_a_licence_that_we_may_use() {
    let metadata = metadata();
    let mut refused = Vec::new();
    for package in &metadata.packages {
        let licence = package.license.clone().unwrap_or_default().replace('/', " OR ");
        // One alternative of an OR is enough, every part of an AND is needed; exceptions only widen a licence.
        let fits = |term: &str| {
            let name = term.trim_matches(|c| " ()".contains(c)).split(" WITH ").next().unwrap_or_default();
            LICENCES.contains(&name)
        };
        let accepted = licence.split(" AND ").all(|part| part.split(" OR ").any(fits));
        if !accepted {
            refused.push(format!("{} {}: `{licence}`", package.name, package.version));
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

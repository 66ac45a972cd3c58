//! The table of faults in workloads/README.md is the list's.

use cachemark_bench::fault::{FaultKind, KINDS};
use std::fs;
use std::path::Path;

const HEAD: &str = "| kind | target | `for-s` | what is done | settings |\n|---|---|---|---|---|\n";

fn row(kind: &FaultKind) -> String {
    let targets: Vec<_> = kind.targets.iter().map(|target| target.name()).collect();
    let lasts = if kind.lasts { "yes" } else { "no" };
    let settings = kind.settings.iter().map(|setting| {
        let (name, default, help) = (setting.name, setting.default_value(), setting.told());
        format!("`{name}` ({}, `{default}` if left out): {help}", setting.kind)
    });
    let settings = settings.collect::<Vec<_>>().join(" ");
    format!("| `{}` | {} | {lasts} | {} | {settings} |\n", kind.name, targets.join(", "), kind.meaning)
}

#[test]
fn the_page_of_workloads_shows_every_fault() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workloads/README.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(HEAD).expect("the head of the table");
    let after =
        &rest[rest.lines().take_while(|line| line.starts_with('|')).map(|line| line.len() + 1).sum::<usize>()..];
    let rows: String = KINDS.iter().map(|kind| row(kind)).collect();
    let right = format!("{before}{HEAD}{rows}{after}");
    if std::env::var_os("CACHEMARK_BLESS").is_some() {
        fs::write(&path, &right).unwrap();
    }
    let page = fs::read_to_string(&path).unwrap();
    assert!(page == right, "workloads/README.md is not the list's: scripts/bless pages writes it anew");
}

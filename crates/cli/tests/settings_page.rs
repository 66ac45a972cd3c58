//! The page of settings is what the parts say of themselves.

#![cfg(feature = "servers")]

use assert_cmd::Command;
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::Path;

const HEAD: &str = "\
# Settings

What can be set of each strategy, cache and store, of the [policies](policies.md) around every one of them, and of the servers that
are started for a run: under `[strategy.x]`, `[cache.x]`, `[store.x]` and `[servers]` of a definition, in an `[[arm]]`, or with `--arm` and `--set`
([how](../workloads/README.md#arms)). `cachemark strategies NAME` prints the same. This page is made of it:
`scripts/bless pages` writes it anew.
";

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap()
}

fn page(parts: &[Value]) -> String {
    let mut page = HEAD.to_owned();
    for part in parts {
        let (kind, name) = (text(part, "kind"), text(part, "name"));
        let of = if kind == name { String::new() } else { format!(" ({kind})") };
        write!(page, "\n## {name}{of}\n\n{}\n", text(part, "summary")).unwrap();
        if part["on_request"] == true {
            page += "\nIt takes part only where it is named.\n";
        }
        let settings = part["settings"].as_array().unwrap();
        if settings.is_empty() {
            continue;
        }
        page += "\n| setting | takes | default | what it does |\n|---|---|---|---|\n";
        for setting in settings {
            let [name, takes, default, help] = ["name", "takes", "default", "help"].map(|field| text(setting, field));
            writeln!(page, "| `{name}` | {takes} | `{default}` | {help} |").unwrap();
        }
    }
    page
}

#[test]
fn the_page_of_settings_is_what_the_parts_say() {
    let output = Command::cargo_bin("cachemark").unwrap().args(["strategies", "--json"]).output().unwrap();
    let parts: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let right = page(&parts);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.md");
    if std::env::var_os("CACHEMARK_BLESS").is_some() {
        fs::write(&path, &right).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap();
    assert!(found == right, "docs/settings.md is not what the parts say: scripts/bless pages writes it anew");
}

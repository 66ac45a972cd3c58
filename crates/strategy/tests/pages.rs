//! The pages of strategies are what their descriptors say. `scripts/bless pages` writes them anew.

use cachemark_core::{Calls, Descriptor, Step};
use cachemark_strategy::strategies;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn page(strategy: &Descriptor) -> String {
    let mut page = format!("# {}\n\n{}\n", strategy.name, strategy.summary);
    if strategy.on_request {
        page += "\nIt takes part in a sweep only where it is named.\n";
    }
    page += "\n## What it needs, promises and costs\n\nAs it is set by default.\n\n";
    writeln!(page, "- **Needs** of a cache: {}.", strategy.needs_in_words()).unwrap();
    for promise in strategy.freshness_in_words() {
        writeln!(page, "- **Freshness**: {promise}.").unwrap();
    }
    writeln!(page, "- **Durability**: {}.", strategy.durability_in_words()).unwrap();
    page += &costs(strategy);
    for (head, text) in [("Theory", strategy.formula), ("Source", strategy.source)] {
        if !text.is_empty() {
            write!(page, "\n## {head}\n\n{text}\n").unwrap();
        }
    }
    page + &settings(strategy) + &anomalies(strategy) + &diagram(strategy)
}

fn costs(strategy: &Descriptor) -> String {
    let mut table = String::new();
    for (operation, steps) in strategy.protocol.operations() {
        let Calls { store, cache } = Calls::of(steps);
        writeln!(table, "| {operation} | {store} | {cache} | {} |", Step::in_words(steps)).unwrap();
    }
    match table.is_empty() {
        true => table,
        false => format!("\n| operation | calls to the store | to the cache | in order |\n|---|---|---|---|\n{table}"),
    }
}

fn settings(strategy: &Descriptor) -> String {
    if strategy.settings.is_empty() {
        return "\n## Settings\n\nNone.\n".into();
    }
    let mut table = "\n## Settings\n\n| setting | takes | default | what it does |\n|---|---|---|---|\n".to_owned();
    for setting in strategy.settings {
        let (default, told) = (setting.default_value(), setting.told());
        writeln!(table, "| `{}` | {} | `{default}` | {told} |", setting.name, setting.kind).unwrap();
    }
    table
}

fn anomalies(strategy: &Descriptor) -> String {
    let declared = strategy.anomalies_in_words();
    if declared.is_empty() {
        return "\n## Anomalies\n\nNone.\n".into();
    }
    let mut table =
        "\n## Anomalies\n\nWhat each is: [anomalies](../anomalies.md).\n\n| anomaly | where and when |\n|---|---|\n"
            .to_owned();
    for (anomaly, circumstances) in declared {
        let when = if circumstances.is_empty() { "always" } else { &circumstances };
        writeln!(table, "| `{}`: {} | {when} |", anomaly.name, anomaly.title).unwrap();
    }
    table
}

/// Every operation one below the other, as a sequence diagram that GitHub draws.
fn diagram(strategy: &Descriptor) -> String {
    let mut lines = String::new();
    for (operation, steps) in strategy.protocol.operations() {
        let (asked, heading) = match operation {
            "hit" => ("read", "a read that hits"),
            "miss" if strategy.asks_cache() => ("read", "a read that misses"),
            "miss" => ("read", "a read"),
            other => (other, if other == "write" { "a write" } else { "a delete" }),
        };
        write!(lines, "    Note over client,store: {heading}\n    client->>strategy: {asked}\n").unwrap();
        steps.iter().for_each(|step| match step {
            Step::Cache(call) => writeln!(lines, "    strategy->>cache: {call}").unwrap(),
            Step::Store(call) => writeln!(lines, "    strategy->>store: {call}").unwrap(),
            Step::Own(what) => writeln!(lines, "    strategy->>strategy: {what}").unwrap(),
            Step::Answer => writeln!(lines, "    strategy-->>client: answer").unwrap(),
        });
    }
    let cache = if strategy.asks_cache() { "    participant cache\n" } else { "" };
    let who = format!(
        "    participant client\n    participant strategy as {}\n{cache}    participant store\n",
        strategy.name
    );
    match lines.is_empty() {
        true => lines,
        false => format!("\n## Steps\n\n```mermaid\nsequenceDiagram\n{who}{lines}```\n"),
    }
}

/// The list of the pages.
fn index() -> String {
    let mut page = "\
# Strategies

What each strategy needs, promises and costs, what theory says of it, where it comes from, its settings, its anomalies and its steps. These
pages are made of what the strategies say of themselves: `cachemark strategies NAME` prints the same, `scripts/bless pages` writes
them anew. How often an anomaly happens, and what a strategy is worth, is what a sweep measures.

Calls to the store + to the cache, and where answers may be stale though nothing has failed, are those of the defaults. The store has a
write at once, before it is acknowledged; later, and not at all if its process dies before; or never.

| strategy | what it does | hit | miss | write | delete | stale from | durable |
|---|---|---|---|---|---|---|---|
"
    .to_owned();
    for strategy in strategies() {
        let steps = strategy.protocol;
        let calls = [steps.hit, steps.miss, steps.write, steps.delete].map(|steps| {
            let Calls { store, cache } = Calls::of(steps);
            if steps.is_empty() { "–".to_owned() } else { format!("{store}+{cache}") }
        });
        let stale = strategy.stale_from().map_or("nowhere", |deployment| deployment.name());
        let (name, summary) = (strategy.name, strategy.summary);
        let durable = strategy.durable().name();
        writeln!(page, "| [{name}]({name}.md) | {summary} | {} | {stale} | {durable} |", calls.join(" | ")).unwrap();
    }
    page
}

#[test]
fn the_page_of_each_strategy_is_what_its_descriptor_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/strategies");
    let mut right: Vec<(PathBuf, String)> = vec![(folder.join("README.md"), index())];
    right.extend(strategies().iter().map(|strategy| (folder.join(format!("{}.md", strategy.name)), page(strategy))));
    let there = || fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    if std::env::var_os("CACHEMARK_BLESS").is_some() {
        fs::create_dir_all(&folder).unwrap();
        there().for_each(|path| fs::remove_file(path).unwrap());
        right.iter().for_each(|(path, text)| fs::write(path, text).unwrap());
    }
    for (path, text) in &right {
        let found = fs::read_to_string(path).unwrap_or_default();
        assert!(
            found == *text,
            "{} is not what the strategies say: scripts/bless pages writes it anew",
            path.display()
        );
    }
    let mut named: Vec<_> = right.into_iter().map(|(path, _)| path).collect();
    let mut found: Vec<_> = there().collect();
    named.sort();
    found.sort();
    assert_eq!(found, named, "a page of no strategy");
}

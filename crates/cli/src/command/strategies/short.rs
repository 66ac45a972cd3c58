//! Every part in a line or two, and what strategies cost and promise as a table.

use super::Shared;
use crate::output::{say, say_wrapped, show};
use cachemark_core::{Calls, Deployment, Descriptor, PartKind, Step};
use cachemark_report::sheet::{Column, Group, Sheet};
use cachemark_report::{Emphasis, Row};

const NOTE: &str = "Calls to the store + to the cache with the defaults, where nothing fails. Stale from: where answers may be older \
                    than what was acknowledged though nothing has failed: in one process, in several over one cache, or in \
                    several with a cache each. Durable: whether the store has a write before it is acknowledged (at once), some \
                    time after (later: lost if its process dies before), or never.";

pub(super) fn print(parts: &[Descriptor], groups: &[Shared]) {
    let names = parts.iter().map(|part| part.name.len()).chain(groups.iter().map(|group| group.name.len()));
    let width = names.max().unwrap_or(0);
    for (kind, heading) in
        [(PartKind::Strategy, "strategies"), (PartKind::Cache, "caches"), (PartKind::Store, "stores")]
    {
        say(&format!("{heading}:"));
        for part in parts.iter().filter(|part| part.kind == kind) {
            say_wrapped(&format!("  {:<width$}  ", part.name), part.summary);
        }
    }
    say("settings of several:");
    for group in groups {
        say_wrapped(&format!("  {:<width$}  ", group.name), group.summary);
    }
    say("");
    show(&costs(parts));
}

/// Which strategies a sweep has that names none.
fn by_default(parts: &[Descriptor]) -> String {
    let strategies = parts.iter().filter(|part| part.kind == PartKind::Strategy && !part.on_request);
    let names: Vec<_> = strategies.map(|part| part.name).collect();
    format!("A sweep that names no strategies has {}; others take part only where they are named.", names.join(", "))
}

fn costs(parts: &[Descriptor]) -> Sheet {
    let strategies = parts.iter().filter(|part| part.kind == PartKind::Strategy);
    let rows = strategies.map(|part| Row { cells: cells(part), emphasis: Emphasis::Plain, begins_group: false });
    let figures =
        [("hit", 20), ("miss", 10), ("write", 15), ("delete", 30)].map(|(name, rank)| Column::figures(name, rank));
    let mut columns = vec![Column::names("strategy", 0)];
    columns.extend(figures);
    columns.extend(["stale from", "durable"].map(|name| Column::names(name, 0)));
    Sheet {
        columns,
        groups: vec![Group { heading: "what they cost and promise".into(), rows: rows.collect() }],
        footnotes: vec![
            NOTE.into(),
            by_default(parts),
            "cachemark strategies NAME says all of one: what it needs, promises and costs, its steps, settings and \
             anomalies."
                .into(),
        ],
        ..Sheet::default()
    }
}

fn cells(strategy: &Descriptor) -> Vec<String> {
    let steps = strategy.protocol;
    let mut cells = vec![strategy.name.to_owned()];
    cells.extend([steps.hit, steps.miss, steps.write, steps.delete].map(calls));
    cells.extend([stale_from(strategy), strategy.durable().name()].map(str::to_owned));
    cells
}

fn calls(steps: &[Step]) -> String {
    let Calls { store, cache } = Calls::of(steps);
    if steps.is_empty() { "–".to_owned() } else { format!("{store}+{cache}") }
}

fn stale_from(strategy: &Descriptor) -> &'static str {
    match strategy.stale_from() {
        None => "nowhere",
        Some(Deployment::OneProcess) => "one process",
        Some(Deployment::SharedCache) => "one cache",
        Some(Deployment::OwnCaches) => "own caches",
        Some(Deployment::Replica) => "a replica",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A terminal of 60 columns has 58 to write in.
    #[test]
    fn no_terminal_is_too_narrow_for_what_they_cost() {
        for width in [58, 78, 118] {
            let shown = costs(cachemark_strategy::strategies()).render(width, false);
            let widest = shown.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(width), "{widest:?} at {width}\n{shown}");
            assert_eq!(shown.contains("Not shown for want of room"), width < 70, "{shown}");
        }
    }
}

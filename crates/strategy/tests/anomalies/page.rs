//! The page of anomalies is the list's, and what the strategies declare.

use cachemark_core::{ANOMALIES, Anomaly, Condition, Descriptor, SettingKind};
use cachemark_results::StaleCause;
use cachemark_strategy::strategies;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Ends what is written by hand.
const MARK: &str = "<!-- Below: made of the list. -->\n";

/// Everything but what measures the harness alone.
fn shown() -> impl Iterator<Item = &'static Descriptor> {
    strategies().iter().filter(|strategy| strategy.name != cachemark_strategy::null::DESCRIPTOR.name)
}

fn cell(strategy: &Descriptor, anomaly: &Anomaly) -> String {
    let declared = strategy.anomalies_in_words();
    match declared.iter().find(|(has, _)| *has == anomaly) {
        None => "–".to_owned(),
        Some((_, circumstances)) if circumstances.is_empty() => "always".to_owned(),
        Some((_, circumstances)) => circumstances.clone(),
    }
}

fn tables() -> String {
    let mut page =
        "\n## The list\n\n| no. | anomaly | processes | what happens | described by |\n|---|---|---|---|---|\n"
            .to_owned();
    for Anomaly { name, title, meaning, number, source, processes } in ANOMALIES {
        let processes = if *processes == 1 { "one" } else { "two" };
        writeln!(page, "| {number} | `{name}`: {title} | {processes} | {meaning} | {source} |").unwrap();
    }
    page += "\n## Who has which\n\n| anomaly |";
    shown().for_each(|strategy| write!(page, " {} |", strategy.name).unwrap());
    page += "\n|---|";
    shown().for_each(|_| page += "---|");
    page += "\n";
    for anomaly in ANOMALIES {
        write!(page, "| `{}` |", anomaly.name).unwrap();
        shown().for_each(|strategy| write!(page, " {} |", cell(strategy, anomaly)).unwrap());
        page += "\n";
    }
    page + &causes()
}

/// The causes that the oracle tells stale reads by, each with the anomalies that bring it about.
fn causes() -> String {
    let mut page = "\n## Causes of stale reads\n\n| cause | what it means | anomalies |\n|---|---|---|\n".to_owned();
    for cause in StaleCause::ALL {
        let anomalies = cause.anomalies().iter().map(|name| {
            let known = ANOMALIES.iter().find(|anomaly| anomaly.name == *name).expect("an anomaly of the list");
            format!("`{}`", known.name)
        });
        let anomalies = anomalies.collect::<Vec<_>>().join(", ");
        let anomalies = if anomalies.is_empty() { "–".to_owned() } else { anomalies };
        writeln!(page, "| {} | {} | {anomalies} |", cause.title(), cause.meaning()).unwrap();
    }
    page
}

#[test]
fn the_page_of_anomalies_shows_the_list_and_what_strategies_declare() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/anomalies.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, _) = page.split_once(MARK).expect("the mark before the tables");
    let right = format!("{before}{MARK}{}", tables());
    if std::env::var_os("CACHEMARK_BLESS").is_some() {
        fs::write(&path, &right).unwrap();
    }
    let page = fs::read_to_string(&path).unwrap();
    assert!(page == right, "docs/anomalies.md is not the list's: scripts/bless pages writes it anew");
}

#[test]
fn conditions_name_settings_that_the_strategy_has_and_values_that_they_take() {
    for strategy in strategies() {
        for condition in strategy.anomalies.iter().flat_map(|declared| declared.when) {
            let setting = strategy.setting(condition.setting()).expect("a setting of the strategy");
            let fits = match (condition, setting.kind) {
                (Condition::Is(_, named), SettingKind::Choice(words)) => named.iter().all(|word| words.contains(word)),
                (Condition::Above0(_) | Condition::Is0(_), SettingKind::Integer { min, .. }) => min == 0,
                (Condition::Is0(_), SettingKind::Ratio) | (Condition::Off(_), SettingKind::Flag) => true,
                _ => false,
            };
            assert!(fits, "{}: {condition}", strategy.name);
        }
    }
}

#[test]
fn anomalies_that_need_two_processes_are_declared_of_no_single_one() {
    for strategy in strategies() {
        for declared in strategy.anomalies {
            assert!(declared.deployment.processes() >= declared.anomaly.processes, "{} {declared:?}", strategy.name);
        }
    }
}

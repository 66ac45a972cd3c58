//! `cachemark doctor`: what on this machine would limit or spoil a measurement.

use crate::args::DoctorArgs;
use crate::doctor::{Finding, Ground, Level, examine};
use crate::exit::{Exit, Failure};
use crate::output::{say, show};
use cachemark_report::{Emphasis, Row, Table};
use serde_json::{Value, json};

/// The version of the JSON's form, which docs/doctor.md describes.
const FORM: u32 = 1;

pub(crate) fn run(args: &DoctorArgs) -> Result<Exit, Failure> {
    let findings = examine(&Ground::survey(&args.out));
    let worst = findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok);
    if args.json {
        let checks: Vec<Value> = findings.iter().map(Finding::to_json).collect();
        say(&format!("{:#}", json!({ "form": FORM, "result": worst.name(), "checks": checks })));
    } else {
        show(&table(&findings));
    }
    Ok(if worst == Level::Fail { Exit::Backend } else { Exit::Pass })
}

fn table(findings: &[Finding]) -> Table {
    let rows = findings.iter().map(|finding| Row {
        cells: vec![
            finding.check.to_owned(),
            finding.level.name().to_owned(),
            finding.seen.clone(),
            finding.advice.clone().unwrap_or_default(),
        ],
        emphasis: match finding.level {
            Level::Warn | Level::Fail => Emphasis::Reference,
            Level::Unknown => Emphasis::Missing,
            Level::Ok => Emphasis::Plain,
        },
        begins_group: true,
    });
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    let counts = [Level::Ok, Level::Warn, Level::Fail, Level::Unknown].map(|level| (count(level), level.name()));
    let told: Vec<String> = counts.iter().map(|(count, name)| format!("{count} {name}")).collect();
    Table {
        title: String::new(),
        headers: ["check", "result", "seen", "what to do"].map(str::to_owned).to_vec(),
        numeric: vec![false; 4],
        rows: rows.collect(),
        footnotes: vec![format!("{}.", told.join(", "))],
    }
}

//! `cachemark doctor`: what on this machine would limit or spoil a measurement.

use crate::args::DoctorArgs;
use crate::doctor::{Finding, Ground, Level, examine};
use crate::exit::{Exit, Failure};
use crate::output::{say, show};
use cachemark_report::sheet::{Column, Group, Sheet};
use cachemark_report::{Emphasis, Row};
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
        show(&sheet(&findings));
    }
    Ok(if worst == Level::Fail { Exit::Backend } else { Exit::Pass })
}

fn sheet(findings: &[Finding]) -> Sheet {
    let row = |finding: &Finding| {
        let advice = finding.advice.iter().map(|advice| format!("\nto do: {advice}"));
        let seen = finding.seen.clone() + &advice.collect::<String>();
        let emphasis = match finding.level {
            Level::Warn | Level::Fail => Emphasis::Reference,
            Level::Unknown => Emphasis::Missing,
            Level::Ok => Emphasis::Plain,
        };
        Row {
            cells: vec![finding.check.to_owned(), finding.level.name().to_owned(), seen],
            emphasis,
            begins_group: false,
        }
    };
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    let counts = [Level::Ok, Level::Warn, Level::Fail, Level::Unknown].map(|level| (count(level), level.name()));
    let told: Vec<String> = counts.iter().map(|(count, name)| format!("{count} {name}")).collect();
    Sheet {
        columns: vec![Column::names("check", 0), Column::names("result", 0), Column::prose("seen, and what to do", 0)],
        groups: vec![Group { heading: String::new(), rows: findings.iter().map(row).collect() }],
        footnotes: vec![format!("{}.", told.join(", "))],
        ..Sheet::default()
    }
}

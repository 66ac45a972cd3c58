//! What can be explained. All of it comes from the lists that pages, docs and checks are made from.

use crate::output::{say, say_wrapped};
use cachemark_core::anomaly::{ANOMALIES, Anomaly};
use cachemark_results::Figure;
use cachemark_results::figure::FIGURES;
use cachemark_results::warning::{Gravity, OF_RUNS, OF_TRIALS, WarningKind};
use cachemark_strategy::strategies;
use serde_json::{Map, Value, json};

/// What topics are, in the order of the list.
pub(super) const KINDS: [&str; 3] = ["figure", "warning", "anomaly"];

/// One of them.
pub(super) enum Topic {
    Figure(&'static Figure),
    Warning { kind: WarningKind, of_run: bool },
    Anomaly(&'static Anomaly),
}

/// All of them.
pub(super) fn topics() -> Vec<Topic> {
    let figures = FIGURES.iter().map(|figure| Topic::Figure(figure));
    let warning = |of_run| move |kind: &WarningKind| Topic::Warning { kind: *kind, of_run };
    let warnings = OF_TRIALS.iter().map(warning(false)).chain(OF_RUNS.iter().map(warning(true)));
    figures.chain(warnings).chain(ANOMALIES.iter().map(Topic::Anomaly)).collect()
}

impl Topic {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Figure(_) => KINDS[0],
            Self::Warning { .. } => KINDS[1],
            Self::Anomaly(_) => KINDS[2],
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Figure(figure) => figure.name,
            Self::Warning { kind, .. } => kind.code,
            Self::Anomaly(anomaly) => anomaly.name,
        }
    }

    /// Whether that is its name: of a figure however it is spelt in CSV, in records and on the command line.
    pub(super) fn is_called(&self, name: &str) -> bool {
        match self {
            Self::Figure(figure) => Figure::named(name) == Some(*figure) || figure.column() == name,
            _ => self.name() == name,
        }
    }

    pub(super) fn in_short(&self) -> &'static str {
        match self {
            Self::Figure(figure) => figure.title,
            Self::Warning { kind, .. } => kind.meaning,
            Self::Anomaly(anomaly) => anomaly.title,
        }
    }

    fn meaning(&self) -> String {
        match self {
            Self::Figure(figure) => format!("{}.", figure.meaning),
            Self::Warning { kind, .. } => kind.meaning.to_owned(),
            Self::Anomaly(anomaly) => anomaly.meaning.to_owned(),
        }
    }

    /// What else there is to say, by what it is.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let facts = match self {
            Self::Figure(figure) => of_figure(figure),
            Self::Warning { kind, of_run } => of_warning(*kind, *of_run),
            Self::Anomaly(anomaly) => of_anomaly(anomaly),
        };
        facts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
    }

    /// What it is, then a line for each fact.
    pub(super) fn heading_and_facts(&self) {
        let title = match self {
            Self::Warning { .. } => String::new(),
            _ => format!(" ({})", self.in_short()),
        };
        say(&format!("{} {}{title}", self.kind(), self.name()));
        say_wrapped("  ", &self.meaning());
        let facts = self.facts();
        let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, text) in facts {
            say_wrapped(&format!("  {name:<width$}  "), &text);
        }
    }

    pub(super) fn as_json(&self) -> Value {
        let mut object = Map::new();
        for (name, value) in [("kind", self.kind()), ("name", self.name())] {
            object.insert(name.into(), value.into());
        }
        object.insert("meaning".into(), self.meaning().into());
        let facts = self.facts().into_iter().map(|(name, text)| (name.replace(' ', "_"), json!(text)));
        object.extend(facts);
        Value::Object(object)
    }
}

fn of_figure(figure: &'static Figure) -> Vec<(&'static str, String)> {
    let predicted = figure.prediction().map_or(String::new(), |_| "by theory, where a formula covers the cell".into());
    vec![
        ("unit", figure.unit.in_words().into()),
        ("better", figure.better_in_words().into()),
        ("needs", figure.needs.in_words()),
        ("predicted", predicted),
        ("in CSV and JSON", figure.column()),
        ("a bound of it", format!("--assert '*.{} <= BOUND', the bound {}", figure.name, figure.unit.bound_in_words())),
        ("verdicts on it", format!("--verdict-on {}", figure.name)),
    ]
}

fn of_warning(kind: WarningKind, of_run: bool) -> Vec<(&'static str, String)> {
    let says = match kind.gravity {
        Gravity::Label => "the figures stand; a reader should know of it",
        Gravity::Doubt => {
            "the figures stand, but perhaps not for what they are said to stand for: with --strict the exit code is 3"
        }
        Gravity::Grave => "the run is not to be trusted: the exit code is 3",
    };
    let load = if kind.of_load { "too great a load can bring it about by itself" } else { "" };
    vec![
        ("of", if of_run { "the run as a whole" } else { "a trial" }.into()),
        ("gravity", format!("{}: {says}", kind.gravity.name())),
        ("load", load.into()),
    ]
}

fn of_anomaly(anomaly: &'static Anomaly) -> Vec<(&'static str, String)> {
    let has = |declared: &&cachemark_core::Descriptor| declared.anomalies.iter().any(|of| of.anomaly == *anomaly);
    let strategies = strategies();
    let who: Vec<&str> = strategies.iter().filter(has).map(|strategy| strategy.name).collect();
    vec![
        ("takes", format!("{} process{}", anomaly.processes, if anomaly.processes == 1 { "" } else { "es" })),
        ("declared by", if who.is_empty() { "no strategy".into() } else { who.join(", ") }),
        ("source", anomaly.source.into()),
    ]
}

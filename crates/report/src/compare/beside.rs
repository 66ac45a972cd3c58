//! What both sides were made of, side by side: machine, build, servers, and definition.

use crate::table::{Emphasis, Table};
use crate::tables;
use cachemark_results::Run;
use std::collections::BTreeMap;

/// What the first run of each side was made on, with, and by.
#[derive(Debug, Clone)]
pub(super) struct Beside {
    /// Machine, build, servers, placement.
    pub(super) environments: Table,
    /// The two definitions; one where both are the same.
    pub(super) definitions: Vec<(&'static str, String)>,
}

/// A line of an environment: of what, what, value.
type Line = [String; 3];

impl Beside {
    pub(super) fn of(baseline: &Run, compared: &Run) -> Self {
        let definition = |run: &Run| run.definition().unwrap_or_else(|error| format!("not readable: {error}"));
        let (one, other) = (definition(baseline), definition(compared));
        let definitions = if one == other {
            vec![("both sides", one)]
        } else {
            vec![("the baseline", one), ("the compared side", other)]
        };
        Self { environments: environments(&lines(baseline), &lines(compared)), definitions }
    }
}

fn lines(run: &Run) -> Vec<Line> {
    let mut lines = vec![["run".to_owned(), "begun".to_owned(), run.manifest.started_utc.clone()]];
    let rows = run.environment.as_ref().map(|environment| tables::environment(environment).rows).unwrap_or_default();
    lines.extend(rows.into_iter().filter_map(|row| Line::try_from(row.cells).ok()));
    lines
}

/// In the baseline's order, then what the other side has alone; where they differ the line stands out.
fn environments(baseline: &[Line], compared: &[Line]) -> Table {
    let mut table = Table::new("Machines and builds", &["of", "what", "baseline", "compared"]);
    let key = |[of, what, _]: &Line| (of.clone(), what.clone());
    let there: BTreeMap<_, &str> = compared.iter().map(|line| (key(line), line[2].as_str())).collect();
    let here: BTreeMap<_, &str> = baseline.iter().map(|line| (key(line), line[2].as_str())).collect();
    let alone = compared.iter().filter(|line| !here.contains_key(&key(line)));
    for line in baseline.iter().chain(alone) {
        let [of, what, _] = line;
        let value = |side: &BTreeMap<_, &str>| side.get(&key(line)).map_or("not recorded", |value| *value).to_owned();
        let (one, other) = (value(&here), value(&there));
        let begins = table.rows.last().is_none_or(|row| row.cells[0] != *of);
        let differs = one != other && of != "run";
        let emphasis = if differs { Emphasis::Reference } else { Emphasis::Plain };
        table.push(vec![of.clone(), what.clone(), one, other], emphasis, begins);
    }
    table.footnotes.push("Of the first run of each side; what is not the same stands out.".to_owned());
    table
}

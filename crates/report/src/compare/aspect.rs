//! In what records differ that are to be compared, and which of it has to be said first.
//!
//! A comparison answers for one thing that was changed. Where machine or definition differ too, nobody can tell what made the difference.
//! The build is what is usually changed, so two sides may be of two revisions without a word, but not of two compilers or
//! profiles; and all runs of one side are of one build.

use super::definition;
use cachemark_results::{DataDisk, Difference, Environment, Run, Server};

/// In what records may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// The machine, its servers and disks, and where they ran.
    Machine,
    /// The program.
    Build,
    /// What was asked.
    Definition,
}

impl Aspect {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Machine, Self::Build, Self::Definition];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Build => "build",
            Self::Definition => "definition",
        }
    }
}

/// A difference between two records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AspectDifference {
    /// In what they differ.
    pub aspect: Aspect,
    /// How.
    pub difference: Difference,
    /// The folder of the one record, as it was given.
    pub then: String,
    /// That of the other.
    pub now: String,
    /// Whether it is what such a comparison is made for, and needs no word: another revision on the other side.
    pub expected: bool,
}

impl AspectDifference {
    /// Whether it may be where these aspects may differ.
    #[must_use]
    pub fn is_allowed(&self, across: &[Aspect]) -> bool {
        self.expected || across.contains(&self.aspect)
    }

    /// It in words, without the folders.
    #[must_use]
    pub fn in_words(&self) -> String {
        let Difference { what, then, now } = &self.difference;
        format!("{what}: {then} against {now}")
    }

    /// The same with the folders.
    #[must_use]
    pub fn line(&self) -> String {
        let Difference { what, then, now } = &self.difference;
        format!("{}: {what}: {then} in {}, {now} in {}", self.aspect.name(), self.then, self.now)
    }
}

/// Every difference between the first run of the baseline and the others, and within the other side; each is told once.
pub(crate) fn differences(baseline: &[Run], compared: &[Run]) -> Vec<AspectDifference> {
    let mut found: Vec<AspectDifference> = Vec::new();
    let (Some(first), Some(other)) = (baseline.first(), compared.first()) else { return found };
    let mut add = |one: &Run, other: &Run, aspect, expected, differences: Vec<Difference>| {
        for difference in differences {
            let known = |known: &AspectDifference| {
                (known.aspect, known.expected, &known.difference) == (aspect, expected, &difference)
            };
            if found.iter().any(known) {
                continue;
            }
            let [then, now] = [one, other].map(|run| run.folder.display().to_string());
            found.push(AspectDifference { aspect, difference, then, now, expected });
        }
    };
    for run in baseline.iter().chain(compared).skip(1) {
        add(first, run, Aspect::Machine, false, of_machines(first, run));
        add(first, run, Aspect::Definition, false, definition::differences(first, run));
    }
    let (sources, toolchains) = of_builds(first, other);
    add(first, other, Aspect::Build, false, toolchains);
    add(first, other, Aspect::Build, true, sources);
    for side in [baseline, compared] {
        for run in &side[1..] {
            let (sources, toolchains) = of_builds(&side[0], run);
            add(&side[0], run, Aspect::Build, false, [toolchains, sources].concat());
        }
    }
    found
}

/// Whether two records were made on one machine, over the same servers and disks.
#[must_use]
pub fn is_same_machine(one: &Run, other: &Run) -> bool {
    of_machines(one, other).is_empty()
}

fn of_machines(one: &Run, other: &Run) -> Vec<Difference> {
    let Some((then, now)) = environments(one, other) else { return vec![unknown("environment.json", one, other)] };
    let mut found = then.host.differences(&now.host);
    found.extend(Server::differences(&then.servers, &now.servers));
    found.extend(DataDisk::differences(&then.data_disks, &now.data_disks));
    if then.placement != now.placement {
        let quoted = |text: &str| format!("`{text}`");
        found.push(Difference { what: "placement".into(), then: quoted(&then.placement), now: quoted(&now.placement) });
    }
    found
}

/// In what the builds were made from, and in how they were made.
fn of_builds(one: &Run, other: &Run) -> (Vec<Difference>, Vec<Difference>) {
    match environments(one, other) {
        Some((then, now)) => (then.tool.source_differences(&now.tool), then.tool.toolchain_differences(&now.tool)),
        None => (Vec::new(), vec![unknown("the build", one, other)]),
    }
}

fn environments<'a>(one: &'a Run, other: &'a Run) -> Option<(&'a Environment, &'a Environment)> {
    Some((one.environment.as_ref()?, other.environment.as_ref()?))
}

fn unknown(what: &str, one: &Run, other: &Run) -> Difference {
    let known = |run: &Run| if run.environment.is_some() { "known" } else { "not known" }.to_owned();
    Difference { what: what.to_owned(), then: known(one), now: known(other) }
}

//! `cachemark sweep --ab A B`: two builds of this program, in interleaved blocks of one run.

mod child;
mod power;

use self::child::Child;
pub(super) use self::child::PROTOCOL;
pub(super) use self::power::{PILOT_BLOCKS, Sought};
use super::measure::Run;
use super::report::{Output, publish};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::provenance;
use crate::stack::StackKind;
use cachemark_bench::definition::Definition;
use cachemark_bench::{Ab, Labels, Plan, StopFlag, SweepEnd};
use cachemark_report::analysis::analyse;
use cachemark_report::answer::power_in_words;
use cachemark_results::{Power, Status};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

const COMMAND: &str = "sweep";

/// What is run by two builds.
pub(super) struct Job<'a> {
    pub(super) builds: &'a [PathBuf],
    pub(super) definition: &'a Definition,
    pub(super) plan: &'a Plan,
    pub(super) stack: StackKind,
    pub(super) out: &'a Path,
    pub(super) title: Option<&'a str>,
    pub(super) notes: String,
    pub(super) sought: &'a Sought,
    /// What is known of it already, by another record.
    pub(super) power: Vec<Power>,
}

pub(super) fn run(job: Job<'_>, quiet: bool, output: Output<'_>) -> Result<Exit, Failure> {
    let [a, b] = job.builds else {
        return Err(Failure::Usage("--ab takes two programs: --ab BINARY_A BINARY_B".into()));
    };
    let mut children = [Child::of(a)?, Child::of(b)?];
    // It is not resumed, so nothing is said of how.
    let run = Run::begin(&Progress::new(COMMAND, true), Vec::new(), || ())?;
    let mut power = job.power.clone();
    if job.sought.takes_pilot() {
        let pilot = pilot(&job, &mut children, &run.stop, Progress::new(COMMAND, quiet))?;
        if pilot.status == Status::Interrupted {
            return Ok(Exit::Interrupted);
        }
        power = job.sought.reckon(job.definition, &cachemark_results::Run::open(&pilot.folder)?, true)?;
    }
    let mut progress = Progress::new(COMMAND, quiet);
    tell(&job, &power, &progress);
    let definition = Definition { blocks: blocks(job.definition, job.sought, &power), ..job.definition.clone() };
    let labels = labels(&job);
    let ab = of(&job, &definition, &labels, power, &run.stop);
    let end = ab.run(|build, cell| children[build as usize].run(cell, job.stack, &run.stop), &mut progress);
    progress.finish();
    let end = end?;
    let exit = publish(&end.folder, output)?;
    match end.status {
        Status::Interrupted => Ok(Exit::Interrupted),
        _ if exit == Exit::Pass => regressions(&end.folder),
        _ => Ok(exit),
    }
}

/// The first build beside itself, for the noise.
fn pilot(
    job: &Job<'_>,
    children: &mut [Child; 2],
    stop: &StopFlag,
    mut progress: Progress,
) -> Result<SweepEnd, Failure> {
    progress.say(&format!("a pilot first: {PILOT_BLOCKS} A/A blocks tell the noise, and so how many blocks it takes"));
    let definition = Definition { blocks: PILOT_BLOCKS, ..job.definition.clone() };
    let labels = labels(job);
    let ab = Ab { is_pilot: true, ..of(job, &definition, &labels, Vec::new(), stop) };
    let end = ab.run(|build, cell| children[build as usize].run(cell, job.stack, stop), &mut progress);
    progress.finish();
    end
}

fn of<'a>(
    job: &Job<'a>,
    definition: &'a Definition,
    labels: &'a Labels,
    power: Vec<Power>,
    stop: &'a StopFlag,
) -> Ab<'a> {
    Ab { definition, plan: job.plan, out: job.out, labels, power, is_pilot: false, stop }
}

/// The blocks of the run.
pub(super) fn blocks(definition: &Definition, sought: &Sought, power: &[Power]) -> u32 {
    sought.blocks.or_else(|| power.iter().map(|power| power.blocks).max()).unwrap_or(definition.blocks)
}

/// What the blocks find, before they are run.
fn tell(job: &Job<'_>, power: &[Power], progress: &Progress) {
    for power in power {
        let mark = if power.is_enough() { "" } else { "warning: " };
        progress.say(&format!("{mark}{}", power_in_words(power)));
    }
    if power.is_empty() {
        let blocks = blocks(job.definition, job.sought, power);
        progress.say(&format!(
            "which difference {blocks} blocks find can't be told beforehand: --find 10% runs a pilot for it, --like RUN takes an earlier \
             record's noise"
        ));
    }
    if let Some(warning) = Ab::short_of_blocks(blocks(job.definition, job.sought, power)) {
        progress.say(&format!("warning: {warning}"));
    }
}

fn labels(job: &Job<'_>) -> Labels {
    let parameters = BTreeMap::from([("stack".to_owned(), job.stack.name().into())]);
    let title = job.title.unwrap_or_default().to_owned();
    let (command, notes) = (provenance::command(), job.notes.clone());
    Labels { command, title, notes, parameters, parts: Vec::new() }
}

/// [`Exit::AssertionFailed`] if b is worse than a somewhere, which is said on stderr.
fn regressions(folder: &Path) -> Result<Exit, Failure> {
    let run = cachemark_results::Run::open(folder)?;
    let analysis = analyse(&run);
    let mut exit = Exit::Pass;
    for family in &analysis.families {
        for row in family.rows.iter().filter(|row| row.is_worse()) {
            exit = Exit::AssertionFailed;
            let text = format!("{}: b is worse: {} ({})", analysis.name_of(family), row.ratio(), row.interval());
            // Nobody is left to tell if stderr is gone.
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }
    Ok(exit)
}

//! `cachemark sweep --ab A B`: two builds of this program, in interleaved blocks of one run.

mod child;

use self::child::Child;
pub(super) use self::child::PROTOCOL;
use super::measure::Run;
use super::report::{Output, publish};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::provenance;
use crate::stack::StackKind;
use cachemark_bench::definition::Definition;
use cachemark_bench::{Ab, Labels, Plan};
use cachemark_report::analysis::analyse;
use cachemark_results::Status;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What is run by two builds.
pub(super) struct Job<'a> {
    pub(super) builds: &'a [PathBuf],
    pub(super) definition: &'a Definition,
    pub(super) plan: &'a Plan,
    pub(super) stack: StackKind,
    pub(super) out: &'a Path,
    pub(super) title: Option<&'a str>,
}

pub(super) fn run(job: &Job<'_>, mut progress: Progress, output: Output<'_>) -> Result<Exit, Failure> {
    let [a, b] = job.builds else {
        return Err(Failure::Usage("--ab takes two programs: --ab BINARY_A BINARY_B".into()));
    };
    let mut children = [Child::of(a)?, Child::of(b)?];
    let run = Run::begin(&progress, Vec::new(), || ())?;
    let parameters = BTreeMap::from([("stack".to_owned(), job.stack.name().into())]);
    let labels = Labels {
        command: provenance::command(),
        title: job.title.unwrap_or_default().to_owned(),
        parameters,
        parts: Vec::new(),
    };
    let (definition, plan, out, stop) = (job.definition, job.plan, job.out, &run.stop);
    let ab = Ab { definition, plan, out, labels: &labels, stop };
    let end = ab.run(|build, cell| children[build as usize].run(cell, job.stack, stop), &mut progress);
    progress.finish();
    let end = end?;
    let exit = publish(&end.folder, output)?;
    match end.status {
        Status::Interrupted => Ok(Exit::Interrupted),
        _ if exit == Exit::Pass => regressions(&end.folder),
        _ => Ok(exit),
    }
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

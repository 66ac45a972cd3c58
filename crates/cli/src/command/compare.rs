//! `cachemark compare`: records against a baseline.

mod history;

use super::report::complain;
use crate::args::CompareArgs;
use crate::asked_file::AskedFile;
use crate::exit::{Exit, Failure};
use crate::output::{say, show};
use cachemark_report::compare::{
    Request, RunComparison, compare, comparisons_as_html, comparisons_as_json, comparisons_as_junit,
    is_judged_by_stored,
};
use cachemark_report::sheet::printable;
use cachemark_results::Run;
use history::History;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &CompareArgs) -> Result<Exit, Failure> {
    let markdown = args.markdown.as_deref().map(|file| AskedFile::new("--markdown", file));
    let junit = args.junit.as_deref().map(|file| AskedFile::new("--junit", file));
    let html = args.html.as_deref().map(|file| AskedFile::new("--html", file));
    markdown.iter().chain(&junit).chain(&html).try_for_each(AskedFile::check)?;
    let comparisons = all(args)?;
    if args.json {
        say(&format!("{:#}", comparisons_as_json(&comparisons)));
    } else {
        comparisons.iter().for_each(|comparison| show(&comparison.sheet()));
    }
    if let Some(file) = markdown {
        let texts: Vec<String> = comparisons.iter().map(RunComparison::markdown).collect();
        file.write(&texts.join("\n"))?;
    }
    if let Some(file) = html {
        file.write(&comparisons_as_html(&comparisons)?)?;
    }
    if let Some(file) = junit {
        file.write(&comparisons_as_junit(&comparisons)?)?;
    }
    Ok(conclude(&comparisons))
}

/// Says on stderr what is worse and what is not to be trusted, and gives the exit code.
fn conclude(comparisons: &[RunComparison]) -> Exit {
    let mut exit = Exit::Pass;
    for line in comparisons.iter().flat_map(|comparison| &comparison.untrusted) {
        complain(line);
        exit = Exit::Untrusted;
    }
    for comparison in comparisons.iter().filter(|comparison| comparison.regressions().next().is_some()) {
        // Nobody is left to tell if stderr is gone; the exit code says it too.
        let _ = writeln!(std::io::stderr().lock(), "error: {}", printable(&comparison.conclusion()));
        exit = Exit::AssertionFailed;
    }
    exit
}

/// One comparison of two sides, or one for each record behind the baseline's.
fn all(args: &CompareArgs) -> Result<Vec<RunComparison>, Failure> {
    let baseline = open(&args.records)?;
    if !args.with.is_empty() {
        return Ok(vec![one(args, &baseline, &open(&args.with)?)?]);
    }
    let (baseline, others) = baseline.split_at(1);
    if others.is_empty() {
        return Err(Failure::Usage(
            "there is nothing to compare with the baseline: give a second record, or several behind --with".into(),
        ));
    }
    others.iter().map(|other| one(args, baseline, std::slice::from_ref(other))).collect()
}

fn open(folders: &[PathBuf]) -> Result<Vec<Run>, Failure> {
    let open = |folder: &PathBuf| Run::open(folder).map_err(Failure::from);
    folders.iter().map(open).collect()
}

fn one(args: &CompareArgs, baseline: &[Run], compared: &[Run]) -> Result<RunComparison, Failure> {
    let place = |run: &Run| run.folder.canonicalize().ok();
    if let Some(twice) = compared.iter().find(|run| baseline.iter().any(|other| place(other) == place(run))) {
        let folder = printable(&twice.folder.display().to_string());
        // Nobody is left to tell if stderr is gone.
        let _ = writeln!(std::io::stderr().lock(), "warning: {folder} is on both sides: nothing can differ");
    }
    let given: Vec<&Path> = baseline.iter().chain(compared).map(|run| run.folder.as_path()).collect();
    let stored = match baseline.first() {
        Some(first) if is_judged_by_stored(baseline.len(), compared.len()) => {
            History { folder: &args.history, given: &given }.like(first)
        }
        _ => Vec::new(),
    };
    let request = Request {
        baseline,
        compared,
        stored: &stored,
        figures: &args.figure,
        margin: args.margin,
        across: &args.across,
    };
    Ok(compare(&request)?)
}

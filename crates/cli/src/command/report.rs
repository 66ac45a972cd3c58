//! `cachemark report`: a record's pages, made again from its folder.

use crate::args::{ExportFormat, ReportArgs};
use crate::exit::{Exit, Failure};
use crate::output::{say, show, talk};
use crate::{assertions, browser, notes};
use cachemark_report::analysis::{Trust, analyse};
use cachemark_report::assertions::check_assertions;
use cachemark_report::sheet::printable;
use cachemark_report::{Format, Pictures, stability_sheet, write_stability};
use cachemark_results::figure::UnknownFigure;
use cachemark_results::{Figure, Run, Stability, latest_in, set_notes, set_title};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The page of a record, in its folder.
const PAGE: &str = "report.html";
/// What a record has, and the folder of a simulation has not.
const MANIFEST: &str = "manifest.json";

pub(crate) fn run(args: &ReportArgs) -> Result<Exit, Failure> {
    let folder = folder_of(args.folder.as_deref(), &args.out)?;
    if !folder.join(MANIFEST).exists()
        && let Some(found) = Stability::read(&folder)?
    {
        write_stability(&folder, &found)?;
        show(&stability_sheet(&found));
        return Ok(Exit::Pass);
    }
    if let Some(file) = &args.notes {
        set_notes(&folder, &notes::read(Some(file))?)?;
    }
    if let Some(title) = &args.title {
        set_title(&folder, title)?;
    }
    if let Some(format) = args.export {
        return export(&folder, format, &args.figure);
    }
    let pictures = args.png.as_deref().map_or(Pictures::All, Pictures::Png);
    let output = Output { json: args.json, strict: args.strict, junit: args.junit.as_deref(), pictures };
    let exit = publish(&folder, output)?;
    if args.open {
        open(&folder.join(PAGE));
    }
    // The record's assertions are judged again. Else, without being asked, a report judges the making of pages, not what is
    // on them: that its figures are not to be trusted was told when it was made.
    Ok(if args.strict || exit == Exit::AssertionFailed { exit } else { Exit::Pass })
}

/// Opens a page that was made. Where it can't be, its path is said: the page was asked for, and is there.
fn open(page: &Path) {
    if let Err(why) = browser::show(page) {
        let text = format!("the page was not opened: {why}; it is {}", page.display());
        // Talk that nobody can hear is no error.
        let _ = writeln!(std::io::stderr().lock(), "{}", talk(&text));
    }
}

/// Prints the record as another tool takes it.
fn export(folder: &Path, format: ExportFormat, names: &[String]) -> Result<Exit, Failure> {
    let format = match format {
        ExportFormat::Bmf => Format::Bmf,
        ExportFormat::GithubActionBenchmark => Format::GithubActionBenchmark,
        ExportFormat::Otava => Format::Otava,
    };
    let figure = |name: &String| {
        Figure::named(name).ok_or_else(|| {
            let unknown = UnknownFigure { given: name.clone() };
            Failure::Usage(format!("--figure: {unknown}; {}", unknown.help()))
        })
    };
    let figures = names.iter().map(figure).collect::<Result<Vec<_>, _>>()?;
    let text = cachemark_report::export(&Run::open(folder)?, format, &figures);
    say(&text.map_err(|error| Failure::Usage(error.to_string()))?);
    Ok(Exit::Pass)
}

/// The folder of a record: the one that was given, or else the latest in `out`.
pub(super) fn folder_of(given: Option<&Path>, out: &Path) -> Result<PathBuf, Failure> {
    let none = || Failure::Usage(format!("there is no record in {}; run `cachemark sweep` first", out.display()));
    given.map_or_else(|| latest_in(out).ok_or_else(none), |folder| Ok(folder.to_owned()))
}

/// How a record is told of, besides its pages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output<'a> {
    pub(crate) json: bool,
    pub(crate) strict: bool,
    /// Where the assertions' results go as JUnit XML.
    pub(crate) junit: Option<&'a Path>,
    pub(crate) pictures: Pictures<'a>,
}

/// Writes the pages of the record in `folder`, prints its table, and the path of its page last.
/// [`Exit::AssertionFailed`] if an assertion of it does not hold, else [`Exit::Untrusted`] if its figures are not to be
/// trusted; a strict publisher looks closer. Why is said on stderr.
pub(crate) fn publish(folder: &Path, output: Output<'_>) -> Result<Exit, Failure> {
    let Output { json: as_json, strict, junit, pictures } = output;
    let run = Run::open(folder)?;
    assertions::check_junit(junit, run.manifest.assertions.len())?;
    let checked = check_assertions(&run);
    let pages = cachemark_report::write_report_with(&run, pictures)?;
    if as_json {
        let mut told = cachemark_report::as_json(&run);
        let status = serde_json::to_value(run.manifest.status).unwrap_or_default();
        told.insert("folder".into(), json!(folder.to_string_lossy()));
        told.insert("status".into(), status);
        told.insert("report".into(), json!(pages.html.to_string_lossy()));
        told.insert("capacities".into(), json!(run.manifest.capacities));
        told.insert("assertions".into(), assertions::as_json(&checked));
        say(&format!("{:#}", Value::Object(told)));
    } else {
        show(&cachemark_report::terminal_sheet(&run));
        assertions::tell(&checked);
        say(&pages.html.display().to_string());
    }
    let trust = Trust::of(&run, &analyse(&run));
    let refused: Vec<_> = trust.reasons.iter().chain(trust.doubts.iter().filter(|_| strict)).collect();
    refused.iter().for_each(|reason| complain(&reason.line()));
    assertions::write_junit(junit, &run, &checked)?;
    if let Some(exit) = assertions::conclude(&checked) {
        return Ok(exit);
    }
    Ok(if refused.is_empty() { Exit::Pass } else { Exit::Untrusted })
}

/// Says on stderr why the exit code is not 0, whatever the log shows. It may be in a server's words, or a stranger's.
pub(super) fn complain(reason: &str) {
    // Nobody is left to tell if stderr is gone.
    let _ = writeln!(std::io::stderr().lock(), "not to be trusted: {}", printable(reason));
}

//! `cachemark confirm`: a published record's definition, run again here, and each of its rows held against what comes of it.

use super::report::complain;
use super::resume::named_stack;
use super::sweep::{self, Job, Over, Told};
use crate::args::ConfirmArgs;
use crate::catalogue::capabilities;
use crate::exit::{Exit, Failure};
use crate::output::{say, show};
use crate::progress::Progress;
use crate::{presets, provenance, stack};
use cachemark_bench::Plan;
use cachemark_bench::definition::Overrides;
use cachemark_report::Pictures;
use cachemark_report::confirm::{Confirmation, Shortened, check_published, confirm, confirmation_json};
use cachemark_report::sheet::printable;
use cachemark_results::{Run, Status, write_whole};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

const COMMAND: &str = "confirm";
/// The report, in the folder of the new record.
const REPORT: &str = "CONFIRMATION.md";
/// What the new record says of the one that it is to confirm.
const CONFIRMS: &str = "confirms";

pub(crate) fn run(args: &ConfirmArgs, quiet: bool) -> Result<Exit, Failure> {
    let folder = folder(&args.published);
    let published = Run::open(folder)?;
    check_published(&published)?;
    let here = match &args.with {
        Some(with) => with.clone(),
        None => {
            let job = job(args, folder, &published)?;
            tell_costs(&job, &published, quiet);
            if args.dry_run {
                sweep::describe(&job.definition, &job.plan, false);
                return Ok(Exit::Pass);
            }
            match measure(args, job, folder, quiet)? {
                Some(made) => made,
                None => return Ok(Exit::Interrupted),
            }
        }
    };
    let run = Run::open(&here)?;
    if args.with.is_none() {
        cachemark_report::write_report_with(&run, Pictures::All)?;
    }
    tell(&confirm(&published, &run)?, &here, args.json)
}

/// The folder of a record, of which a file may be given.
fn folder(given: &Path) -> &Path {
    match given.parent() {
        Some(parent) if given.is_file() => {
            if parent.as_os_str().is_empty() {
                Path::new(".")
            } else {
                parent
            }
        }
        _ => given,
    }
}

/// The published definition as it is run here.
fn job(args: &ConfirmArgs, folder: &Path, published: &Run) -> Result<Job, Failure> {
    let stack = args.stack.or_else(|| named_stack(&published.manifest)).ok_or_else(|| {
        Failure::Usage(format!(
            "the manifest of {} names no stack that this cachemark knows: say with --stack where caches and stores are to run",
            folder.display()
        ))
    })?;
    let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let overrides = Overrides { blocks: args.blocks, duration_ms: args.duration.map(millis), ..Overrides::default() };
    let definition = presets::recorded_with(folder, overrides, stack)?;
    sweep::check(&definition, stack)?;
    let plan = Plan::lay_out(&definition, capabilities);
    Ok(Job { definition, plan, stack, slo: None, resume: None })
}

/// Says before the run what is shorter than it was published, and what that costs.
fn tell_costs(job: &Job, published: &Run, quiet: bool) {
    let shortened = Shortened {
        blocks: [published.manifest.blocks.len(), job.plan.blocks.len()],
        window_s: [Shortened::window(published), Some(job.definition.driving.duration.as_secs_f64())],
    };
    let in_turn = stack::in_turn(job.stack, &job.definition);
    for line in shortened.costs().into_iter().chain(in_turn) {
        Progress::new(COMMAND, quiet).say(&format!("warning: {line}"));
    }
}

/// Runs it; the folder of the record, or none if it was stopped.
fn measure(args: &ConfirmArgs, job: Job, folder: &Path, quiet: bool) -> Result<Option<PathBuf>, Failure> {
    let name = name(folder);
    let told = Told {
        addresses: &args.addresses,
        out: &args.out,
        title: format!("Confirmation of {name}"),
        notes: String::new(),
        command: command(args, &name),
        parameters: BTreeMap::from([(CONFIRMS.to_owned(), name.into())]),
        folder: None,
        metrics: None,
    };
    let Over { run, end, lost } = sweep::run_through(job, told, quiet)?;
    let end = run.conclude_record(end, &lost)?;
    if end.status == Status::Interrupted {
        let (published, made) = (args.published.display(), end.folder.display());
        let text = format!("then: cachemark confirm {published} --with {made}");
        // Nobody is left to tell if stderr is gone.
        let _ = writeln!(std::io::stderr().lock(), "{}", printable(&text));
        return Ok(None);
    }
    Ok(Some(end.folder))
}

/// The name of the folder, without where it is: a record that is sent in has no path of this machine.
fn name(folder: &Path) -> String {
    let real = folder.canonicalize().ok();
    let name = real.as_deref().unwrap_or(folder).file_name();
    name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The command, without paths.
fn command(args: &ConfirmArgs, name: &str) -> String {
    let mut command = format!("cachemark confirm {}", provenance::quoted(name));
    if let Some(blocks) = args.blocks {
        command += &format!(" --blocks {blocks}");
    }
    if let Some(duration) = args.duration {
        command += &format!(" --duration {}ms", duration.as_millis());
    }
    if let Some(stack) = args.stack {
        command += &format!(" --stack {}", stack.name());
    }
    command
}

/// Prints it, writes the report that can be sent in, and gives the exit code.
fn tell(found: &Confirmation, here: &Path, as_json: bool) -> Result<Exit, Failure> {
    let report = here.join(REPORT);
    write_whole(&report, found.markdown().as_bytes())?;
    if as_json {
        let mut told = confirmation_json(found);
        told.insert("folder".into(), json!(here.to_string_lossy()));
        told.insert("report".into(), json!(report.to_string_lossy()));
        say(&format!("{:#}", Value::Object(told)));
    } else {
        show(&found.sheet());
        say(&report.display().to_string());
    }
    Ok(conclude(found))
}

/// Says on stderr what differs and what is not to be trusted.
fn conclude(found: &Confirmation) -> Exit {
    found.untrusted.iter().for_each(|line| complain(line));
    if found.is_contradicted() {
        // Nobody is left to tell if stderr is gone; the exit code says it too.
        let _ = writeln!(std::io::stderr().lock(), "error: {}", printable(&found.conclusion()));
        return Exit::AssertionFailed;
    }
    match found.untrusted.is_empty() && found.different().next().is_none() {
        true => Exit::Pass,
        false => Exit::Untrusted,
    }
}

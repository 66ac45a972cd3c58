//! `cachemark load`: load over HTTP, ours or anyone's service, as a record like any other.

use super::report::Output;
use crate::args::LoadArgs;
use crate::exit::{Exit, Failure};
use crate::{assertions, presets, provenance};
use cachemark_bench::definition::{Mistake, Mistakes, Origin};
use cachemark_core::PartKind;
use cachemark_http::{BaseUrl, Labels, Load, LoadDefinition, LoadEvent, Target};
use cachemark_report::Pictures;
use cachemark_results::{Environment, Status};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

pub(crate) fn run(args: &LoadArgs, quiet: bool) -> Result<Exit, Failure> {
    let mut definition = definition(args)?;
    let targets = args.target.iter().map(|text| target(text)).collect::<Result<Vec<_>, _>>()?;
    assert(&mut definition, &args.assertions, &targets)?;
    assertions::check_junit(args.junit.as_deref(), definition.assertions.len())?;
    refuse_few_files(definition.users)?;
    let placement = "over HTTP: where the service, its cache and its store run is not known to the client".into();
    let environment = Environment::capture(provenance::tool(), Vec::new(), placement);
    let parameters = BTreeMap::from([("stack".to_owned(), "a service over HTTP".into())]);
    let load = Load {
        definition: &definition,
        targets: &targets,
        out: &args.out,
        environment: &environment,
        labels: &Labels { command: provenance::command(), parameters },
        key_prefix: super::sweep::KEY_PREFIX,
        stop: Arc::new(|| false),
    };
    let mut trials = 0;
    let end = load.run(&mut |event| match event {
        LoadEvent::Started { folder, trials: count } => {
            trials = count;
            talk(quiet, &format!("{count} trials into {}", folder.display()));
        }
        LoadEvent::TrialStarted { number, cell } => talk(quiet, &format!("trial {number} of {trials}: {cell}")),
        LoadEvent::TrialFinished(trial) => {
            trial.warnings.iter().for_each(|warning| talk(quiet, &format!("warning: {}", warning.text)));
        }
    })?;
    let output = Output { json: args.json, strict: args.strict, junit: args.junit.as_deref(), pictures: Pictures::All };
    let exit = super::report::publish(&end.folder, output)?;
    Ok(if end.status == Status::Interrupted { Exit::Interrupted } else { exit })
}

/// What a load opens besides its connections: the record, the runtime's own, and some to spare.
const OTHER_FILES: u64 = 64;

/// Each user holds a connection, and a connection is an open file: too low a limit shows only when some users are connected.
fn refuse_few_files(users: u32) -> Result<(), Failure> {
    let needed = u64::from(users) + OTHER_FILES;
    match rustix::process::getrlimit(rustix::process::Resource::Nofile).current {
        Some(limit) if limit < needed => Err(Failure::Preflight(format!(
            "{users} users need about {needed} open files, and the limit of this shell is {limit}; raise it with `ulimit -n \
             {needed}`, or give fewer --users"
        ))),
        _ => Ok(()),
    }
}

fn talk(quiet: bool, text: &str) {
    if !quiet {
        // Talk that nobody can hear is no error.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

/// Reads the preset or file called `workload`, as a load takes it.
fn read(workload: &str) -> Result<LoadDefinition, Failure> {
    parsed(&presets::text(workload)?)
}

/// The same of a text that was read.
pub(super) fn parsed((name, bytes): &(String, Vec<u8>)) -> Result<LoadDefinition, Failure> {
    LoadDefinition::read(name, bytes).map_err(mistakes)
}

fn definition(args: &LoadArgs) -> Result<LoadDefinition, Failure> {
    let mut definition = read(&args.workload)?;
    definition.users = args.users.unwrap_or(definition.users);
    definition.read_ratios = args.read_ratio.clone().unwrap_or(definition.read_ratios);
    definition.duration = args.duration.unwrap_or(definition.duration);
    definition.warm_up = args.warm_up.unwrap_or(definition.warm_up);
    definition.interval = definition.interval.min(definition.duration);
    definition.blocks = args.blocks.unwrap_or(definition.blocks);
    definition.seed = args.seed.unwrap_or(definition.seed);
    definition.preload |= args.preload;
    if let Some(ratio) = definition.read_ratios.iter().find(|ratio| !(0.0..=1.0).contains(*ratio)) {
        return Err(Failure::Usage(format!("--read-ratio: {ratio} is not between 0 and 1")));
    }
    if definition.users == 0 || definition.blocks == 0 {
        return Err(Failure::Usage("--users and --blocks take whole numbers from 1".into()));
    }
    Ok(definition)
}

/// Adds the assertions of flags to the definition's. One about a service that is not asked would never be measured.
fn assert(definition: &mut LoadDefinition, given: &[String], targets: &[Target]) -> Result<(), Failure> {
    let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
    for text in given {
        let refuse = |what: String| Failure::Usage(format!("--assert: {what}"));
        let selector = &definition.assert(text).map_err(refuse)?.selector;
        if let Some(name) = selector.arm.as_deref().filter(|name| !names.contains(name)) {
            return Err(refuse(format!("no target is called {name} (there are: {})", names.join(", "))));
        }
    }
    Ok(())
}

/// The load's mistakes in the form in which all are shown.
fn mistakes(found: cachemark_http::Mistakes) -> Failure {
    let list = found.list.into_iter().map(|mistake| Mistake {
        origin: mistake.at.map_or(Origin::Default, |at| Origin::File(at..at + 1)),
        message: mistake.message,
        help: mistake.help,
    });
    Mistakes { list: list.collect(), name: found.name, text: found.text }.into()
}

/// `NAME=URL`, or a URL alone. A name that is a strategy's takes its colour.
fn target(text: &str) -> Result<Target, Failure> {
    let (name, url) = match text.split_once('=') {
        Some((name, url)) if !name.contains("://") => (name, url),
        _ => ("service", text),
    };
    let base_url = BaseUrl::parse(url)?;
    let ours =
        cachemark_strategy::strategies().iter().find(|part| part.kind == PartKind::Strategy && part.name == name);
    let colour = ours.map(|part| part.colour);
    Ok(Target { name: name.to_owned(), base_url, cache: None, store: None, colour })
}

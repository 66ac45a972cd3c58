//! `cachemark load`: a sweep whose arms are services behind HTTP, ours or anyone's.

use super::measure::{self, KEY_PREFIX, Run};
use super::report::Output;
use super::resume::{self, Resume};
use super::search;
use super::sweep::{refuse_idle_assertions, short_trials};
use crate::args::LoadArgs;
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::services;
use crate::{assertions, notes, presets, provenance};
use cachemark_bench::definition::{Definition, Overrides};
use cachemark_bench::{Driver, DriverThreads, Labels, Plan, Sweep};
use cachemark_core::{Capabilities, UnseenServers};
use cachemark_http::{BaseUrl, HttpAssembler, HttpTarget, HttpTemplates, Service, Spoken};
use cachemark_report::Pictures;
use cachemark_results::Environment;
use cachemark_results::assertion::Assertion;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const COMMAND: &str = "load";

/// What is to be run.
struct Job {
    definition: Definition,
    plan: Plan,
    templates: HttpTemplates,
    services: Vec<Service>,
    /// What is searched for; none if nothing is.
    slo: Option<Assertion>,
    /// The record that it is resumed, if it isn't new.
    resume: Option<Resume>,
}

pub(crate) fn run(args: &LoadArgs, quiet: bool) -> Result<Exit, Failure> {
    let given = args.target.iter().map(|text| target(text)).collect::<Result<Vec<_>, _>>()?;
    let job = match &args.resume {
        None => Some(begun(args, given, quiet)?),
        Some(folder) => resumed(args, folder, given)?,
    };
    let Some(job) = job else {
        Progress::new(COMMAND, quiet).say("the load is complete: nothing is missing");
        return super::report::publish(args.resume.as_deref().unwrap_or(&args.out), output(args));
    };
    measure(job, args, quiet)
}

/// The preset that a load asks by if nothing is said.
const DEFAULT: &str = "default";

/// `NAME=URL`, or a URL alone.
fn target(text: &str) -> Result<Service, Failure> {
    let (name, url) = match text.split_once('=') {
        Some((name, url)) if !name.contains("://") => (name, url),
        _ => ("service", text),
    };
    Ok(Service { name: name.to_owned(), base_url: BaseUrl::parse(url)? })
}

fn begun(args: &LoadArgs, given: Vec<Service>, quiet: bool) -> Result<Job, Failure> {
    resume::refuse_idle_force(args.force)?;
    let mut laid_over = overrides(args);
    // The preset's blocks compare strategies: one service has nothing to be compared with.
    let is_default = args.workload == DEFAULT;
    if is_default && given.len() == 1 {
        laid_over.blocks = laid_over.blocks.or(Some(1));
    }
    let Spoken { mut definition, templates } =
        services::definition(&presets::text(&args.workload)?, &given, laid_over)?;
    if is_default {
        // What it says of itself is of a cache that the service may not have.
        definition.description = "The keys, values and mix of the preset default, asked of services.".to_owned();
    }
    let slo = search::objective(args.slo.as_deref())?;
    if let (Some(slo), None) = (&slo, args.duration) {
        search::lengthen(&mut definition, slo);
    }
    let plan = match &slo {
        Some(_) => Plan::lay_out(&search::searched(&definition), |_| Capabilities::NONE),
        None => Plan::lay_out(&definition, |_| Capabilities::NONE),
    };
    if slo.is_none() {
        refuse_idle_assertions(&definition, &plan)?;
        // One block is what a load has unless more are asked for: then it compares.
        let blocks = plan.short_of_blocks(&definition).filter(|_| definition.blocks > 1);
        for warning in short_trials(&definition).into_iter().chain(blocks) {
            Progress::new(COMMAND, quiet).say(&format!("warning: {warning}"));
        }
    }
    let services = services::of(&definition, &given)?;
    Ok(Job { definition, plan, templates, services, slo, resume: None })
}

/// None if nothing is missing.
fn resumed(args: &LoadArgs, folder: &Path, given: Vec<Service>) -> Result<Option<Job>, Failure> {
    let Some(record) = resume::take(COMMAND, folder)? else { return Ok(None) };
    let Spoken { definition, templates } =
        services::definition(&presets::recorded_text(folder)?, &[], Overrides::default())?;
    let slo = search::recorded_objective(record.manifest(), folder)?;
    let plan = match &slo {
        Some(_) => Plan::lay_out(&search::searched(&definition), |_| Capabilities::NONE),
        None => record.recorded_order(Plan::lay_out(&definition, |_| Capabilities::NONE))?,
    };
    let services = services::of(&definition, &given)?;
    services::refuse_lost_logins(record.manifest(), &services)?;
    let moved = services::moved(&definition, &services);
    let resume = Resume::of(record, args.force, &definition, moved, folder)?;
    Ok(Some(Job { definition, plan, templates, services, slo, resume: Some(resume) }))
}

fn measure(job: Job, args: &LoadArgs, quiet: bool) -> Result<Exit, Failure> {
    let notes = notes::read(args.notes.as_deref())?;
    let mut progress = Progress::new(COMMAND, quiet);
    progress.go_on_after(job.resume.as_ref().map_or(0, Resume::trials_before));
    #[cfg(feature = "goose")]
    if let Some(hatch) = services::goose(&job.definition)? {
        let hint = progress.resume_hint();
        let reports = move || hint.folder().map(|folder| folder.join("goose"));
        let goose = cachemark_goose::GooseDriver::new(hatch, reports);
        let each = services::EachByItsOwn { of_run: job.definition.driver.clone(), goose };
        return measure_by(&each, job, args, notes, progress);
    }
    measure_by(&DriverThreads, job, args, notes, progress)
}

fn measure_by(
    driver: &impl Driver<HttpTarget>,
    job: Job,
    args: &LoadArgs,
    notes: String,
    mut progress: Progress,
) -> Result<Exit, Failure> {
    let Job { definition, plan, templates, services, slo, resume } = job;
    let assertions = if slo.is_some() { 0 } else { definition.assertions.len() };
    assertions::check_junit(args.junit.as_deref(), assertions)?;
    let driving = &definition.driving;
    let sessions = if definition.rates.is_empty() { driving.clients } else { driving.open_loop.max_in_flight };
    crate::open_files::raise(sessions as usize);
    services::refuse_few_files(sessions, definition.rates.is_empty())?;
    // Before the record is made: without a header's variable, or a service, there is nothing to record.
    let templates = templates.with_environment()?;
    services.iter().try_for_each(Service::reach)?;
    let again = if services.iter().any(|service| service.base_url.has_login()) { vec!["--target"] } else { Vec::new() };
    let mut run = Run::begin(&progress, again, || {})?;
    run.give_metrics(&args.metrics, &mut progress)?;
    let placement = "over HTTP: where the service, its cache and its store run is not known to the client".into();
    let environment = Environment::capture(provenance::tool(), Vec::new(), placement);
    let labels = Labels {
        command: provenance::command(),
        title: args.title.clone().unwrap_or_default(),
        notes,
        parameters: services::parameters(&definition, &templates, &services),
        parts: services::parts(&services),
    };
    let assembler = HttpAssembler {
        services,
        templates: Arc::new(templates),
        sessions,
        timeout: driving.operation_timeout,
        preload: definition.services.as_ref().is_some_and(|services| services.preload),
        stop: run.stop.clone(),
    };
    let sweep = Sweep {
        definition: &definition,
        plan: &plan,
        assembler: &assembler,
        driver,
        out: &args.out,
        environment: &environment,
        labels: &labels,
        key_prefix: KEY_PREFIX,
        servers: &UnseenServers,
        background: run.background.handle(),
        stop: &run.stop,
    };
    let end = measure::measure(&sweep, resume, slo.as_ref(), &mut progress);
    run.conclude(end, &[], output(args))
}

fn output(args: &LoadArgs) -> Output<'_> {
    Output { json: args.json, strict: args.strict, junit: args.junit.as_deref(), pictures: Pictures::All }
}

fn overrides(args: &LoadArgs) -> Overrides {
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    Overrides {
        assertions: args.assertions.clone(),
        read_ratios: args.read_ratio.clone(),
        // A search is an open loop from the first rate on.
        rates: args.rate.clone().or_else(|| args.find_max.then(|| vec![search::FIRST_RATE])),
        arrivals: args.arrivals.clone(),
        max_in_flight: args.max_in_flight,
        when_full: args.when_full.clone(),
        users: args.users,
        duration_ms: args.duration.map(millis),
        warm_up_ms: args.warm_up.map(millis),
        verdict_on: args.verdict_on.clone(),
        pairs: args.pairs.then_some(true),
        blocks: args.blocks,
        seed: args.seed,
        // Without the flag the definition decides.
        preload: args.preload.then_some(true),
        driver: args.driver.clone(),
        ..Overrides::default()
    }
}

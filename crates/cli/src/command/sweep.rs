//! `cachemark sweep`: every cell of a definition, in blocks.

use super::ab;
use super::measure::{self, KEY_PREFIX, Run};
use super::report::Output;
use super::resume::{self, Resume};
use super::search;
use crate::args::{AddressArgs, MetricsArgs, SweepArgs};
use crate::assemble::Assembly;
use crate::catalogue::capabilities;
use crate::exit::{Exit, Failure};
use crate::output::say;
use crate::progress::Progress;
use crate::servers::Claims;
use crate::stack::{self, Stack, StackKind};
use crate::{addresses, assertions, notes, presets, provenance};
use cachemark_bench::definition::{Definition, Mistake, Origin, Overrides};
use cachemark_bench::{CellPlan, DriverThreads, Labels, Plan, Sweep, SweepEnd, SweepError};
use cachemark_core::SettingValue;
use cachemark_report::Pictures;
use cachemark_report::answer::power_in_words;
use cachemark_results::assertion::Assertion;
use cachemark_results::{DataDisk, Environment, Power};
use cachemark_stats::power::MOST_BLOCKS;
use cachemark_stats::{ALPHA, blocks_needed};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

const COMMAND: &str = "sweep";
/// What an operation of the warm-up takes, of many clients at once: a guess between a cache's and a store's.
const SOME_OPERATION: Duration = Duration::from_micros(30);
/// What a trial takes besides warm-up and window: emptying, preloading, draining, writing.
const OVERHEAD: Duration = Duration::from_millis(120);

/// What the audit takes for a key, in store and cache: the median of our published runs over servers on loopback.
const AUDIT_OF_A_KEY: Duration = Duration::from_micros(10);

/// What is to be run.
pub(super) struct Job {
    pub(super) definition: Definition,
    pub(super) plan: Plan,
    pub(super) stack: StackKind,
    /// What is searched for; none if nothing is.
    pub(super) slo: Option<Assertion>,
    /// The record that it is resumed, if it isn't new.
    pub(super) resume: Option<Resume>,
}

/// Where a run's servers are, where its record goes, and what that says of itself.
pub(super) struct Told<'a> {
    pub(super) addresses: &'a AddressArgs,
    pub(super) out: &'a Path,
    pub(super) title: String,
    pub(super) notes: String,
    pub(super) command: String,
    /// What the record has among its parameters, besides what the run adds.
    pub(super) parameters: BTreeMap<String, serde_json::Value>,
    /// The folder of the record that is resumed, if it isn't new.
    pub(super) folder: Option<&'a Path>,
    /// Where its metrics are asked for, if they may be.
    pub(super) metrics: Option<&'a MetricsArgs>,
}

/// A run that is over, as it is concluded.
pub(super) struct Over {
    pub(super) run: Run,
    pub(super) end: Result<SweepEnd, SweepError>,
    /// What was taken from the run meanwhile, a line each.
    pub(super) lost: Vec<String>,
}

pub(crate) fn run(args: &SweepArgs, quiet: bool) -> Result<Exit, Failure> {
    let Some(folder) = &args.resume else {
        resume::refuse_idle_force(args.force)?;
        let mut definition = presets::definition(&args.workload, overrides(args), args.stack)?;
        let slo = search::objective(args.slo.as_deref())?;
        if let (Some(slo), None) = (&slo, args.duration) {
            search::lengthen(&mut definition, slo);
        }
        let plan = plan(&definition, slo.is_some());
        check(&definition, args.stack)?;
        addresses::resolve(args.stack, &definition, args.addresses.given())?;
        if let Some(builds) = &args.ab {
            return compare_builds(builds, &definition, &plan, args, quiet);
        }
        if slo.is_none() {
            refuse_idle_assertions(&definition, &plan)?;
        }
        let warnings = short_trials(&definition)
            .into_iter()
            .chain(plan.short_of_blocks(&definition))
            .chain(definition.figures_without_verdict());
        let in_turn = stack::in_turn(args.stack, &definition);
        for warning in warnings.filter(|_| slo.is_none()).chain(in_turn) {
            Progress::new(COMMAND, quiet).say(&format!("warning: {warning}"));
        }
        if args.dry_run {
            describe(&definition, &plan, slo.is_some());
            return Ok(Exit::Pass);
        }
        return measure(Job { definition, plan, stack: args.stack, slo, resume: None }, args, quiet);
    };
    match resume::open(folder, args.force)? {
        Some(resume::Opened { definition, plan, stack, slo, resume }) => {
            measure(Job { definition, plan, stack, slo, resume: Some(resume) }, args, quiet)
        }
        None => {
            Progress::new(COMMAND, quiet).say("the sweep is complete: nothing is missing");
            super::report::publish(folder, output(args))
        }
    }
}

/// Runs each cell by two builds. A cell is a family of one comparison, so what a sweep's families would need does not count.
fn compare_builds(
    builds: &[PathBuf],
    definition: &Definition,
    plan: &Plan,
    args: &SweepArgs,
    quiet: bool,
) -> Result<Exit, Failure> {
    let flags = args.addresses.flags();
    if !flags.is_empty() {
        let flags = flags.join(", ");
        return Err(Failure::Usage(format!(
            "{flags}: --ab hands no addresses to the builds; put them in the environment"
        )));
    }
    let given = args.blocks.map(|_| definition.blocks);
    let sought = ab::Sought::of(args.find, args.like.as_deref(), given, definition.equivalence_margin)?;
    let power = sought.by_record(definition)?;
    let notes = notes::read(args.notes.as_deref())?;
    if args.dry_run {
        describe_builds(definition, plan, &sought, &power);
        return Ok(Exit::Pass);
    }
    let (title, out) = (args.title.as_deref(), args.out.as_path());
    let job = ab::Job { builds, definition, plan, stack: args.stack, out, title, notes, sought: &sought, power };
    ab::run(job, quiet, output(args))
}

fn describe_builds(definition: &Definition, plan: &Plan, sought: &ab::Sought, power: &[Power]) {
    let cells = plan.cells.iter().filter(|cell| !cell.control && cell.unsupported.is_none());
    let cells: Vec<&CellPlan> = cells.collect();
    let seconds: f64 = cells.iter().map(|cell| predicted_time(definition, cell)).sum();
    cells.iter().for_each(|cell| say(&cell.id));
    let cells = cells.len();
    let of = |blocks: u32, runs: u32| {
        let (trials, seconds) = (cells * (runs * blocks) as usize, f64::from(runs * blocks) * seconds);
        format!("{cells} cells x {runs} runs x {blocks} blocks = {trials} trials, about {seconds:.0} s")
    };
    power.iter().for_each(|power| say(&power_in_words(power)));
    if sought.takes_pilot() {
        say(&format!("a pilot: {}", of(ab::PILOT_BLOCKS, 2)));
    }
    match sought.blocks.or_else(|| power.iter().map(|power| power.blocks).max()) {
        Some(blocks) => say(&of(blocks, 3)),
        None => {
            let fewest = blocks_needed(1, ALPHA).unwrap_or(MOST_BLOCKS);
            say(&format!(
                "then as many blocks as it asks for: at least {}; at most {}",
                of(fewest, 3),
                of(MOST_BLOCKS, 3)
            ));
        }
    }
}

fn measure(job: Job, args: &SweepArgs, quiet: bool) -> Result<Exit, Failure> {
    let assertions = if job.slo.is_some() { 0 } else { job.definition.assertions.len() };
    assertions::check_junit(args.junit.as_deref(), assertions)?;
    let told = Told {
        addresses: &args.addresses,
        out: &args.out,
        title: args.title.clone().unwrap_or_default(),
        notes: notes::read(args.notes.as_deref())?,
        command: provenance::command(),
        parameters: BTreeMap::new(),
        folder: args.resume.as_deref(),
        metrics: Some(&args.metrics),
    };
    let Over { run, end, lost } = run_through(job, told, quiet)?;
    if args.record_only {
        return Run::conclude_without_pages(end, &lost);
    }
    run.conclude(end, &lost, output(args))
}

/// Brings the stack up, runs the job and takes the stack down again.
pub(super) fn run_through(job: Job, told: Told<'_>, quiet: bool) -> Result<Over, Failure> {
    let Job { definition, plan, stack, slo, mut resume } = job;
    let Told { addresses: given, out, title, notes, command, mut parameters, folder, metrics } = told;
    check(&definition, stack)?;
    let addresses = addresses::resolve(stack, &definition, given.given())?;
    let mut progress = Progress::new(COMMAND, quiet);
    progress.go_on_after(resume.as_ref().map_or(0, Resume::trials_before));
    // Before the servers are started: a Ctrl-C from then on must not leave them behind.
    let started = Arc::new(OnceLock::<Stack>::new());
    let at_once = Arc::clone(&started);
    let mut run = Run::begin(&progress, given.flags(), move || at_once.get().into_iter().for_each(Stack::down))?;
    if let Some(metrics) = metrics {
        run.give_metrics(metrics, &mut progress)?;
    }
    let stack = Stack::up(stack, &definition, addresses)?;
    let stack = started.get_or_init(|| stack);
    let assembly = Assembly::over(stack, &definition)?;
    let servers = run.background.block_on(assembly.servers(&definition))?;
    let data_disks = assembly.data_disks(&definition);
    if let (Some(resume), Some(folder)) = (&mut resume, folder) {
        resume.check_servers(&servers, &data_disks, folder)?;
    }
    // Last of what can fail: a claim that is not given back keeps others out for as long as a server holds it.
    let claims = run.background.block_on(Claims::take(&assembly, &definition))?;
    for warning in memory_warnings(&data_disks, &definition) {
        progress.say(&format!("warning: {warning}"));
    }
    let environment =
        Environment { data_disks, ..Environment::capture(provenance::tool(), servers, stack.placement()) };
    parameters.insert("stack".to_owned(), stack.kind.name().into());
    if stack.runs_in_turn() {
        parameters.insert("servers of arms".to_owned(), "each runs in its own trials alone, started anew".into());
    }
    let labels = Labels { command, title, notes, parameters, parts: Vec::new() };
    let sweep = Sweep {
        definition: &definition,
        plan: &plan,
        assembler: &assembly,
        driver: &DriverThreads,
        out,
        environment: &environment,
        labels: &labels,
        key_prefix: KEY_PREFIX,
        servers: stack.control(),
        background: run.background.handle(),
        stop: &run.stop,
    };
    let end = measure::measure(&sweep, resume, slo.as_ref(), &mut progress);
    let lost = run.background.block_on(claims.give_back());
    stack.down();
    Ok(Over { run, end, lost })
}

/// What makes writes faster than any disk does: told before the sweep, not only on its page.
fn memory_warnings(disks: &[DataDisk], definition: &Definition) -> Vec<String> {
    let writes = definition.read_ratios.iter().any(|ratio| *ratio < 1.0);
    let warning = |disk: &DataDisk| {
        let (store, kind) = (&disk.store, disk.file_system.as_deref().unwrap_or_default());
        format!(
            "the data of {store} lie on {kind}, which is memory: writes wait for no disk; TMPDIR names another folder"
        )
    };
    disks.iter().filter(|disk| writes && disk.in_memory()).map(warning).collect()
}

/// Verdicts of an open loop are on a percentile unless others are asked for, and short trials at low rates do not have it.
pub(super) fn short_trials(definition: &Definition) -> Option<String> {
    let least = definition.rates.iter().copied().reduce(f64::min)?;
    let figure = definition.verdict_on.iter().max_by_key(|figure| figure.needs.samples())?;
    let (needed, seconds) = (figure.needs.samples() as f64, definition.driving.duration.as_secs_f64());
    (least * seconds < needed).then(|| {
        let (few, enough) = (least * seconds, (1.2 * needed / least).ceil());
        format!(
            "{least} arrivals/s for {seconds} s are {few:.0} operations a trial, and {}, which verdicts are on, takes {needed}: \
             make --duration {enough}s",
            figure.name
        )
    })
}

/// The plan; of a capacity search, that of what it searches.
fn plan(definition: &Definition, search: bool) -> Plan {
    match search {
        true => Plan::lay_out(&search::searched(definition), capabilities),
        false => Plan::lay_out(definition, capabilities),
    }
}

fn output(args: &SweepArgs) -> Output<'_> {
    Output { json: args.json, strict: args.strict, junit: args.junit.as_deref(), pictures: Pictures::All }
}

/// What can be known of a run before its servers are up: a dry run refuses it as the run does.
pub(super) fn check(definition: &Definition, kind: StackKind) -> Result<(), Failure> {
    stack::check(kind, definition)?;
    refuse_uneven_costs(definition)?;
    refuse_idle_workers(definition)
}

/// An assertion that fits no cell cannot hold: better told before the run than after it.
pub(super) fn refuse_idle_assertions(definition: &Definition, plan: &Plan) -> Result<(), Failure> {
    let cells = plan.recorded_cells();
    let idle = |assertion: &&Assertion| !cells.iter().any(|cell| assertion.selector.selects(cell));
    let Some(assertion) = definition.assertions.iter().find(idle) else { return Ok(()) };
    let mut arms: Vec<&str> = definition.arms.iter().map(|arm| arm.group.as_str()).collect();
    arms.dedup();
    let why = match assertion.selector.arm.as_deref().filter(|arm| !arms.contains(arm)) {
        Some(arm) => {
            let Mistake { message, help, .. } = Mistake::unknown(Origin::Default, "arm", arm, &arms);
            format!(": {message} ({})", help.unwrap_or_default())
        }
        None => {
            let ids = cells.iter().filter(|cell| !cell.control).map(|cell| cell.id.as_str());
            format!("; there are: {}", ids.collect::<Vec<_>>().join(", "))
        }
    };
    Err(Failure::Usage(format!("the assertion `{assertion}` fits no cell of this run{why}")))
}

/// Postgres sleeps whole milliseconds: another cost would be charted under a name that is not its own.
fn refuse_uneven_costs(definition: &Definition) -> Result<(), Failure> {
    let sleeps = definition.stores.iter().any(|store| store.descriptor.name == "postgres");
    let uneven = definition.read_costs.iter().find(|cost| sleeps && cost.subsec_micros() % 1000 != 0);
    match uneven {
        Some(cost) => Err(Failure::Usage(format!(
            "a read cost of {cost:?}: Postgres adds whole milliseconds; give a multiple of 1ms"
        ))),
        None => Ok(()),
    }
}

/// A worker that waits for a connection does no work: the capacity would be another than what the record says. All reads may come from
/// one driver thread.
fn refuse_idle_workers(definition: &Definition) -> Result<(), Failure> {
    let Some(workers) = definition.store_workers.map(u64::from) else { return Ok(()) };
    for store in &definition.stores {
        for settings in definition.settings_of(store) {
            let lanes = settings.iter().find_map(|(name, value)| match value {
                SettingValue::Integer(lanes) if name.ends_with("lanes") => Some((name, *lanes)),
                _ => None,
            });
            if let Some((name, lanes)) = lanes.filter(|(_, lanes)| *lanes < workers) {
                return Err(Failure::Usage(format!(
                    "store-workers = {workers}, and {} has {lanes} connections for each driver thread: give [store.{}] {name} = {workers}",
                    store.descriptor.name, store.descriptor.name
                )));
            }
        }
    }
    Ok(())
}

fn overrides(args: &SweepArgs) -> Overrides {
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let micros = |time: &Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    Overrides {
        assertions: args.assertions.clone(),
        strategies: args.strategy.clone(),
        arms: args.arms.clone(),
        sets: args.sets.clone(),
        reference: args.reference.clone(),
        caches: args.cache.clone(),
        stores: args.store.clone(),
        read_ratios: args.read_ratio.clone(),
        read_costs_us: args.read_cost.as_ref().map(|costs| costs.iter().map(micros).collect()),
        instances: args.instances.clone(),
        // A search is an open loop from the first rate on.
        rates: args.rate.clone().or_else(|| args.find_max.then(|| vec![search::FIRST_RATE])),
        arrivals: args.arrivals.clone(),
        max_in_flight: args.max_in_flight,
        when_full: args.when_full.clone(),
        phase: args.phase.clone(),
        keys: args.keys,
        value_bytes: args.value_bytes,
        clients: args.clients,
        duration_ms: args.duration.map(millis),
        warm_up_ms: args.warm_up.map(millis),
        cache_timeout_ms: args.cache_timeout.map(millis),
        // Without the flag the definition decides.
        hop_times: args.hop_times.then_some(true),
        oracle: args.oracle,
        audit_keys: args.audit_keys,
        verdict_on: args.verdict_on.clone(),
        pairs: args.pairs.then_some(true),
        blocks: args.blocks,
        seed: args.seed,
        ..Overrides::default()
    }
}

/// How long a trial of `cell` takes, in seconds, as far as can be said before its speed is known.
fn predicted_time(definition: &Definition, cell: &CellPlan) -> f64 {
    let driving = &definition.driving;
    let lead_in = driving.warm_up.unwrap_or(if cell.rate.is_some() { Duration::from_secs(1) } else { Duration::ZERO });
    // Put in over one lifetime, and seen through another.
    let lifetimes = cell.warm_up.spread_over(driving.warm_up_cap).map_or(Duration::ZERO, |lifetime| 2 * lifetime);
    // Reads that cost more at the store are waited for by as many clients at once, of whom as many are served as it has workers.
    let at_once = driving.clients.min(cell.composition.store_workers.unwrap_or(u32::MAX));
    let of_store = cell.composition.read_cost.as_secs_f64() * cell.read_ratio / f64::from(at_once);
    let operation = of_store.max(SOME_OPERATION.as_secs_f64());
    let warm_up = operation * cell.warm_up.total(definition.keys) as f64;
    let audit = AUDIT_OF_A_KEY.as_secs_f64() * definition.keys.min(driving.audit_keys) as f64;
    let beside = audit + warm_up.min(driving.warm_up_cap.as_secs_f64());
    (lead_in + lifetimes + driving.duration + OVERHEAD).as_secs_f64() + beside
}

pub(super) fn describe(definition: &Definition, plan: &Plan, search: bool) {
    for cell in &plan.cells {
        match &cell.unsupported {
            Some(reason) => say(&format!("{}: unsupported, {reason}", cell.id)),
            None => say(&cell.id),
        }
    }
    for fault in &definition.faults {
        say(&format!("fault {}", fault.told()));
    }
    if search {
        return say(&search::in_words(definition));
    }
    let seconds: f64 = plan.blocks.iter().flatten().map(|&cell| predicted_time(definition, &plan.cells[cell])).sum();
    say(&format!(
        "{} cells x {} blocks = {} trials, about {seconds:.0} s",
        plan.blocks.first().map_or(0, Vec::len),
        plan.blocks.len(),
        plan.trials(),
    ));
}

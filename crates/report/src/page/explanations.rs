//! The verdict in words, the definitions of the words used, and what the figures cannot say.

use crate::analysis::{Analysis, CellFigures, Compared, Family, FamilyRow, Role, Subject};
use crate::tables::counted;
use crate::units;
use cachemark_results::figure::{STORE_LOAD, THROUGHPUT};
use cachemark_results::{Capacity, Figure, Run};
use cachemark_stats::{Summary, Verdict};
use std::collections::BTreeMap;

/// One sentence a family.
pub(crate) fn verdict_sentences(run: &Run, analysis: &Analysis<'_>) -> Vec<String> {
    if run.trials.is_empty() {
        return vec!["No trial was finished, so there is nothing to judge.".into()];
    }
    if !run.manifest.capacities.is_empty() {
        return run.manifest.capacities.iter().map(capacity).collect();
    }
    if analysis.families.is_empty() {
        return vec!["No cell of this run is compared with another; the figures stand by themselves.".into()];
    }
    analysis.families.iter().map(|family| sentence(analysis, family)).collect()
}

fn capacity(found: &Capacity) -> String {
    let Capacity { cell, objective, answer_per_s, at_least_per_s, note, .. } = found;
    if let (Some(note), Some(rate)) = (note, at_least_per_s) {
        return format!(
            "{cell} met `{objective}` at {} arrivals per second, and maybe at more: {note}.",
            units::count(*rate)
        );
    }
    if let Some(note) = note {
        return format!("{cell}: `{objective}` could not be measured. {note}.");
    }
    match answer_per_s {
        Some(rate) => {
            let met = format!("{cell} met `{objective}` up to {} arrivals per second", units::count(*rate));
            match found.limited_by_client_at() {
                Some(at) => format!("{met}; a lower bound, for at {} the client was the limit.", units::count(at)),
                None => format!("{met}."),
            }
        }
        None => format!("{cell} met `{objective}` at no load that was tried, or was not searched to the end."),
    }
}

fn sentence(analysis: &Analysis<'_>, family: &Family) -> String {
    let figure = family.figure.unwrap_or_else(|| analysis.shown_first()).title;
    let compared: Vec<&FamilyRow> = family.rows.iter().filter(|row| row.role == Role::Compared).collect();
    let mut others: Vec<usize> = Vec::new();
    for row in &compared {
        if !others.contains(&row.against) {
            others.push(row.against);
        }
    }
    let mut parts = Vec::new();
    for against in others {
        let rows: Vec<&FamilyRow> = compared.iter().copied().filter(|row| row.against == against).collect();
        parts.extend(found_against(analysis, against, &rows));
    }
    let open = compared.iter().filter(|row| row.verdict().starts_with("not judged")).count();
    if open > 0 && open == family.size && family.blocks < family.blocks_needed {
        let are = if family.blocks == 1 { "is" } else { "are" };
        let have = counted(family.blocks as usize, "block");
        let needed = family.blocks_needed;
        parts.push(format!("no verdicts, since {have} with figures of both cells {are} too few ({needed} needed)"));
    } else if open > 0 {
        parts.push(format!("{} not judged", counted(open, "cell")));
    }
    let unsupported = compared.iter().filter(|row| row.unsupported.is_some()).count();
    if unsupported > 0 {
        parts.push(format!("{} unsupported", counted(unsupported, "cell")));
    }
    if compared.is_empty() {
        parts.push("only the reference cell and its control".into());
    }
    format!("{}, by {figure}: {}.", family.name, parts.join("; "))
}

/// What was found against one cell, verdict by verdict.
fn found_against(analysis: &Analysis<'_>, against: usize, rows: &[&FamilyRow]) -> Vec<String> {
    let name = analysis.label(&analysis.cells[against]);
    let of = |(verdict, words): (Verdict, &str)| {
        let named: Vec<String> = rows.iter().filter(|row| row.is(verdict)).map(|row| named(analysis, row)).collect();
        (!named.is_empty()).then(|| format!("{words} {name}: {}", named.join(", ")))
    };
    let verdicts = [
        (Verdict::Better, "better than"),
        (Verdict::Equivalent, "equivalent to"),
        (Verdict::Worse, "worse than"),
        (Verdict::Inconclusive, "inconclusive against"),
    ];
    verdicts.into_iter().filter_map(of).collect()
}

fn named(analysis: &Analysis<'_>, row: &FamilyRow) -> String {
    // A pair's label names both.
    let label = row.label.split_once(" vs ").map_or(row.label.as_str(), |_| analysis.label(&analysis.cells[row.cell]));
    let effect = row.primary.as_ref().map_or_else(String::new, Compared::effect_in_words);
    match row.staleness() {
        none if none.is_empty() => format!("{label} ({effect})"),
        staleness => format!("{label} ({effect}; {staleness})"),
    }
}

/// Where all is said of a strategy of ours. A page is read anywhere, so it names the file of the repository and the command.
pub(super) fn page_of(strategy: &str) -> String {
    format!(" What it needs, promises and costs: docs/strategies/{strategy}.md (cachemark strategies {strategy}).")
}

/// What could not be kept the same, and what the figures cannot say.
pub(super) fn limits(run: &Run, analysis: &Analysis<'_>) -> Vec<String> {
    let mut limits = Vec::new();
    if let Some(environment) = &run.environment {
        limits.push(format!("Placement: {}.", environment.placement.trim_end_matches('.')));
        if environment.host.virtual_machine == Some(true) {
            limits.push(
                "A virtual machine: at low load, times measure how fast a sleeping thread is woken, and other guests may \
                 have taken time from this one."
                    .into(),
            );
        }
    }
    if analysis.subject == Subject::Service {
        limits.extend(OVER_HTTP.map(str::to_owned));
    } else {
        limits.push(read_cost(run));
        limits.extend(store_workers(run));
    }
    if run.manifest.parameters.get("oracle").is_some_and(|oracle| oracle == "off") {
        limits.push("The oracle was left out: nothing is known of how fresh the answers were.".into());
    }
    if run.manifest.parameters.get("audit").is_some_and(|audit| audit == "off") {
        limits.push("The audit was left out: nothing is known of what store and cache held in the end.".into());
    }
    let watched: Vec<_> = run.trials.iter().filter_map(|trial| trial.freshness.as_ref()).collect();
    if watched.iter().any(|told| told.without_version > 0) && watched.iter().all(|told| told.judged == 0) {
        limits.push("No answer named its version: nothing is known of how fresh the answers were.".into());
    }
    limits.extend((!analysis.pairs).then(|| {
        format!(
            "Each {name} is compared with the reference cell, not with the others: two that are both better than it have \
             not been ranked.",
            name = analysis.subject.name()
        )
    }));
    let bound = analysis.cells.iter().flat_map(CellFigures::finished);
    let busiest = bound.filter_map(|trial| trial.client_cpu).reduce(f64::max);
    if let Some(busiest) = busiest {
        let cpu = units::percent(busiest);
        limits.push(processors(analysis));
        limits.push(format!("The client's driver threads were busy for up to {cpu} of a window; near 100 % the client, not the stack, sets the throughput."));
    }
    limits.extend(neighbours(analysis));
    limits.extend(left_out(run));
    limits
}

/// What a slim copy of the record lacks.
fn left_out(run: &Run) -> Option<String> {
    let left_out = &run.manifest.packed.as_ref()?.left_out;
    (!left_out.is_empty()).then(|| format!("This copy of the record is slim. It leaves out {}.", left_out.join("; ")))
}

/// What others took of the machine, where it is known.
fn neighbours(analysis: &Analysis<'_>) -> Option<String> {
    let windows = || analysis.cells.iter().flat_map(CellFigures::finished).filter_map(|trial| Some(trial.host?.window));
    let others: Vec<f64> = windows().filter_map(|window| window.others_cpu).collect();
    let summary = Summary::of(&others).ok()?;
    let (median, most) = (units::percent(summary.median), units::percent(summary.max));
    let mut text =
        format!("Other programs used {median} of the machine's processors (median over trials), {most} at most.");
    if let Some(steal) = windows().filter_map(|window| window.steal).reduce(f64::max).filter(|steal| *steal > 0.0) {
        text += &format!(" The hypervisor gave up to {} of their time to other guests.", units::percent(steal));
    }
    Some(text)
}

/// What a client cannot know of services.
const OVER_HTTP: [&str; 2] = [
    "What stands behind a service is not known to the client: its cache, its store, their settings, a read cost that was \
     added to the store. Whoever compares services must have kept these the same.",
    "Nothing is reset between trials: a service's cache and store are as the trials before left them, so the first trials \
     may have met a colder cache.",
];

/// What the store's reads cost.
fn read_cost(run: &Run) -> String {
    let costs: Vec<u64> = run.manifest.cells.iter().map(|cell| cell.read_cost_us).filter(|cost| *cost > 0).collect();
    if costs.is_empty() {
        "The store has no added read cost: a lookup by key in a store nearby is nearly as fast as a cache. A production \
         store is slower, and a cache then gains more."
            .into()
    } else {
        "Where a read cost is given, it was added to every read at the store to stand for a slower one; it is not a store's \
         own time."
            .into()
    }
}

/// How the store's capacity was bounded, if it was.
fn store_workers(run: &Run) -> Option<String> {
    let workers = run.manifest.cells.iter().find_map(|cell| cell.store_workers)?;
    Some(format!(
        "The store's capacity is emulated: {workers} workers did its reads, first come first served, and went on with those that their \
         callers had given up. Line and workers ran in the client's process; store times and the store's load are seen from before the \
         line. Writes went straight to the store."
    ))
}

/// The processors that client and servers used, by the median over trials: who had to share with whom.
fn processors(analysis: &Analysis<'_>) -> String {
    let trials = || analysis.cells.iter().flat_map(CellFigures::finished);
    let median = |shares: Vec<f64>| Summary::of(&shares).map_or(0.0, |summary| summary.median);
    let client = median(trials().filter_map(|trial| trial.client_cpu).collect());
    let mut servers: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (name, share) in trials().flat_map(|trial| &trial.server_cpu) {
        // A server that the cell does not ask idles: it says nothing of those that it asks.
        if *share >= 0.01 {
            servers.entry(name).or_default().push(*share);
        }
    }
    let servers = servers.into_iter().map(|(name, shares)| format!(", {name} {:.2}", median(shares)));
    format!(
        "Processors used, where 1 is one busy all the time (median over the trials that asked for it): each driver thread \
         {client:.2}{}.",
        servers.collect::<String>()
    )
}

/// What must be true for a comparison to be worth anything, and is.
pub(super) fn fairness(subject: Subject) -> &'static str {
    match subject {
        Subject::Strategy | Subject::Arm => {
            "A comparison is worth what was kept the same. Every trial starts from the same stored rows, and a block runs all \
             cells close together in an order drawn by seed."
        }
        Subject::Service => {
            "A comparison is worth what was kept the same. Every service is asked the same operations, and a block runs all \
             cells close together in an order drawn by seed."
        }
    }
}

/// Where no setting differed between cells.
pub(super) fn no_difference(subject: Subject) -> &'static str {
    match subject {
        Subject::Strategy | Subject::Arm => "No setting of a strategy, cache or store differed between cells.",
        Subject::Service => "The settings of the services are not known to the client.",
    }
}

/// The words of the page, one meaning each: what is compared, the figures, and how they were judged.
pub(super) fn definitions(analysis: &Analysis<'_>) -> Vec<(&'static str, String)> {
    let words = |words: &[(&'static str, &str)]| -> Vec<_> {
        words.iter().map(|(word, meaning)| (*word, (*meaning).to_owned())).collect()
    };
    let figures = analysis.shown.iter().filter(|figure| !figure.is_time() && **figure != THROUGHPUT);
    let meaning = |figure: &&'static Figure| (figure.title, meaning(analysis.subject, figure));
    let times = if analysis.open_loop {
        words(&OPEN_LOOP)
    } else {
        [vec![meaning(&THROUGHPUT)], words(&[SERVICE_TIME, PERCENTILES])].concat()
    };
    [words(&of_subject(analysis.subject)), times, figures.map(meaning).collect(), words(&JUDGED)].concat()
}

/// What a figure is, as a sentence.
fn meaning(subject: Subject, figure: &Figure) -> String {
    if subject == Subject::Service && figure == STORE_LOAD {
        return "Store operations for each operation asked, reckoned from the answers: reads that the cache did not answer, \
                writes and deletes. Offload is 1 - store load."
            .into();
    }
    format!("{}.", figure.meaning)
}

/// What an open loop has in place of the throughput, [`SERVICE_TIME`] and [`PERCENTILES`].
const OPEN_LOOP: [(&str, &str); 6] = [
    (
        "offered load",
        "Arrivals per second, on a schedule fixed before the run, which never waits for an answer: an open loop.",
    ),
    (
        "achieved throughput",
        "Operations answered within the window, per second of it. A stack that keeps up achieves what it is offered.",
    ),
    (
        "response time",
        "Completion - intended start: what a user who came on schedule waited, the wait before the operation was sent included.",
    ),
    ("service time", "Completion - actual start: what the operation itself took, once it was sent."),
    (
        "schedule lag",
        "Actual start - intended start: how late operations were sent. It is the response time less the service time.",
    ),
    (
        "p50, p99",
        "The time that 50 % or 99 % of answered operations did not exceed. None is given from too few samples (p50 takes 20, p99 takes 1,000), and percentiles are never averaged: \"the median over trials of each trial's p99\" is just that.",
    ),
];

const SERVICE_TIME: (&str, &str) = (
    "service time",
    "From the actual start of an operation to its completion. A closed loop, in which each client waits for its answer before it asks again, has no intended start, so it reports service time only, and a slow stack slows down the asking: these are not the response times of users who come when they like.",
);

const PERCENTILES: (&str, &str) = (
    "p50, p99",
    "The time that 50 % or 99 % of reads did not exceed. None is given from too few samples (p50 takes 20, p99 takes 1,000), and percentiles are never averaged: \"the median over trials of each trial's p99\" is just that.",
);

const ARM: (&str, &str) = (
    "arm",
    "What is compared: a strategy with its settings, those of its cache and store, and how their servers are set. A list of \
     values makes an arm of each, which bears its value in its name.",
);

fn of_subject(subject: Subject) -> Vec<(&'static str, &'static str)> {
    let of_services = |word: (&'static str, &'static str)| match word.0 {
        "strategy" => {
            ("service", "What answers over HTTP: the strategy's name if it is cachemark's own, else a name for it.")
        }
        "stack" => ("stack", "One running cache and store; behind a service it is not seen."),
        "cell" => ("cell", "One workload with one service and set of parameters."),
        "trial" => (
            "trial",
            "One run of one cell: users start, then warm-up, window, drain. The service stays as it is. The unit of comparison.",
        ),
        _ => word,
    };
    match subject {
        Subject::Strategy => DEFINITIONS.to_vec(),
        Subject::Arm => [ARM].into_iter().chain(DEFINITIONS).collect(),
        Subject::Service => DEFINITIONS.into_iter().map(of_services).collect(),
    }
}

/// What is compared.
const DEFINITIONS: [(&str, &str); 9] = [
    ("store", "The system of record, such as Postgres or SQLite."),
    ("cache", "A faster place for copies, such as Redis, Memcached or the memory of the process."),
    ("strategy", "The rule that joins cache and store: what is asked when, and what is written where."),
    ("stack", "One running cache and store."),
    ("cell", "One workload with one strategy, cache, store and set of parameters."),
    (
        "trial",
        "One run of one cell, from a fresh start: reset, preload, warm-up, window, drain, audit. The unit of comparison.",
    ),
    (
        "block",
        "Every cell once, in random order. Trials of one block ran close together, so their ratio cancels the machine's drift.",
    ),
    ("reference cell", "The cell that the others of its family are compared with."),
    (
        "A/A control",
        "The reference cell, run a second time in each block as if it were another. Its ratio should be 1; how far it strays is the noise floor.",
    ),
];

/// How figures were compared and judged.
const JUDGED: [(&str, &str); 2] = [
    (
        "95 % interval",
        "Of this run alone: if its blocks were run again and again on the same machine with the same definition and seed, 95 of 100 such intervals would hold the ratio that they have there. It says nothing of another machine, day, seed or version. It is exact (signed ranks over blocks) and not adjusted for the number of comparisons.",
    ),
    (
        "better, worse, equivalent, inconclusive",
        "Better and worse: the ratio differs from 1, by Holm's test over the whole family at 5 %. Equivalent: the whole interval lies within the declared margin. Inconclusive: not enough blocks to tell, which is not \"no difference\".",
    ),
];

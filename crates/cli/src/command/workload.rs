//! `cachemark workload`: the presets, and what a definition comes to.

use crate::args::{WorkloadAction, WorkloadArgs};
use crate::catalogue::of_any_stack;
use crate::exit::{Exit, Failure};
use crate::output::{say, say_wrapped};
use crate::presets::built_in::PRESETS;
use crate::presets::{resolved, text, without_assertions};
use cachemark_bench::definition::{Definition, Mistake, Mistakes, Origin, Overrides};

pub(crate) fn run(args: &WorkloadArgs) -> Result<Exit, Failure> {
    match &args.action {
        WorkloadAction::List => {
            let width = PRESETS.iter().map(|preset| preset.name.len()).max().unwrap_or(0);
            for preset in PRESETS {
                let definition = resolved(&text(preset.name)?, Overrides::default(), &of_any_stack())?;
                say_wrapped(&format!("{:<width$} ", preset.name), &definition.description);
            }
        }
        WorkloadAction::Show { workload } => {
            let read = text(workload)?;
            let shown = match as_load(&read) {
                Some(load) => load?,
                None => resolved(&read, Overrides::default(), &of_any_stack())?,
            };
            say(shown.to_toml().trim_end());
        }
        WorkloadAction::Check { workload } => {
            let read = text(workload)?;
            match checked_as_load(&read) {
                Some(load) => say(&format!("{workload}: good, for cachemark {}", check_both(load, &read)?)),
                None => {
                    let definition = resolved(&read, Overrides::default(), &of_any_stack())?;
                    say(&format!("{workload}: good (hash {})", definition.hash()));
                }
            }
        }
    }
    Ok(Exit::Pass)
}

/// The definition as a load takes it; none if it has nothing that loads alone take.
#[cfg(feature = "http")]
fn as_load(read: &(String, Vec<u8>)) -> Option<Result<Definition, Failure>> {
    crate::services::speaks_http(read).then(|| crate::services::unasked(read))
}

/// The same for a check, which looks at whatever loads alone take.
#[cfg(feature = "http")]
fn checked_as_load(read: &(String, Vec<u8>)) -> Option<Result<Definition, Failure>> {
    crate::services::concerns_load(read).then(|| crate::services::unasked(read))
}

/// Of a program that knows no services.
#[cfg(not(feature = "http"))]
fn checked_as_load(_: &(String, Vec<u8>)) -> Option<Result<Definition, Failure>> {
    None
}

/// Of a program that knows no services.
#[cfg(not(feature = "http"))]
fn as_load(_: &(String, Vec<u8>)) -> Option<Result<Definition, Failure>> {
    None
}

/// What a file that speaks HTTP is good for: `cachemark load`, and a sweep where its assertions and its arms are no services.
/// One that a sweep could not read for another reason has mistakes, since a load passes over what it does not take.
fn check_both(load: Result<Definition, Failure>, read: &(String, Vec<u8>)) -> Result<&'static str, Failure> {
    // Services that are arms of the file are none of a sweep's.
    if load.as_ref().is_ok_and(|load| !load.arms.is_empty()) {
        return Ok("load");
    }
    match (load, without_assertions(read, &of_any_stack())) {
        (Ok(_), Ok(_)) => {}
        (Err(Failure::Definition(load)), Err(Failure::Definition(sweep))) => return Err(merged(*load, *sweep).into()),
        (Err(failure), _) | (_, Err(failure)) => return Err(failure),
    }
    let sweep = resolved(read, Overrides::default(), &of_any_stack());
    Ok(if sweep.is_ok() { "load and sweep" } else { "load; its assertions fit no sweep" })
}

/// The mistakes of both readings in the order of their places; where both found one, the sweep's, which says more.
fn merged(load: Mistakes, sweep: Mistakes) -> Mistakes {
    let told: Vec<_> = sweep.list.iter().map(place).collect();
    let new = load.list.into_iter().filter(|mistake| !told.contains(&place(mistake)));
    let mut list: Vec<_> = sweep.list.into_iter().chain(new).collect();
    list.sort_by_key(place);
    Mistakes { list, name: sweep.name, text: sweep.text }
}

/// Where a mistake begins; what has no place goes last.
fn place(mistake: &Mistake) -> usize {
    match &mistake.origin {
        Origin::File(span) => span.start,
        Origin::Flag(_) | Origin::Default => usize::MAX,
    }
}

//! The capacity search: what it searches for, and where it begins.

use crate::exit::Failure;
use crate::progress::Progress;
use cachemark_bench::definition::Definition;
use cachemark_bench::{Assembler, Driver, Objective, Sweep, SweepEnd, SweepError};
use cachemark_report::assertions::{holds_in, why_absent};
use cachemark_results::Trial;
use cachemark_results::assertion::{Assertion, Relation, Selector};
use cachemark_results::figure;
use std::time::Duration;

/// Where a capacity search begins, in arrivals per second.
pub(super) const FIRST_RATE: f64 = 1_000.0;
/// A trial of a search has so many times as many arrivals as its figure takes.
const AMPLE: f64 = 2.0;
/// The longest trial of a search that was not asked for.
const LONGEST_UNASKED: Duration = Duration::from_secs(60);

/// The objective of a capacity search, checked. It speaks of any cell: which ones are searched, other flags say.
pub(super) fn objective(slo: Option<&str>) -> Result<Option<Assertion>, Failure> {
    let Some(text) = slo else { return Ok(None) };
    let slo: Assertion =
        text.parse().map_err(|error| Failure::Usage(format!("--slo: {error}; write it as in 'response.p99 < 2ms'")))?;
    if slo.selector != Selector::default() {
        return Err(Failure::Usage(
            "--slo: name no cell, as in 'response.p99 < 2ms'; --strategy and the like do".into(),
        ));
    }
    if !matches!(slo.relation, Relation::Below | Relation::AtMost) {
        let text = "--slo: it has to hold at little load and fail at much: write < or <=, as in 'response.p99 < 2ms'";
        return Err(Failure::Usage(text.into()));
    }
    Ok(Some(slo))
}

/// A search begins where its first trial has the figure, and goes on to lower rates if it must.
pub(super) fn lengthen(definition: &mut Definition, slo: &Assertion) {
    let enough = Duration::try_from_secs_f64(AMPLE * slo.figure.needs.samples() as f64 / first_rate(definition));
    let enough = enough.unwrap_or(LONGEST_UNASKED).min(LONGEST_UNASKED);
    definition.driving.duration = definition.driving.duration.max(enough);
}

/// What a search lays its plan out by: the cells without rates and without an A/A control.
pub(super) fn searched(definition: &Definition) -> Result<Definition, Failure> {
    if definition.rates.len() > 1 {
        return Err(Failure::Usage("--find-max begins with one rate: give --rate one number".into()));
    }
    Ok(Definition { rates: Vec::new(), control: false, ..definition.clone() })
}

fn first_rate(definition: &Definition) -> f64 {
    definition.rates.first().copied().unwrap_or(FIRST_RATE)
}

pub(super) fn find_max<A: Assembler, D: Driver<A::Strategy>>(
    sweep: &Sweep<'_, A, D>,
    slo: &Assertion,
    progress: &mut Progress,
) -> Result<SweepEnd, SweepError> {
    let holds = |trial: &Trial| holds_in(slo, trial);
    let text = slo.to_string();
    let objective = Objective {
        text: text.trim_start_matches("*."),
        holds: &holds,
        why_absent: &why_absent(slo.figure),
        allows_failures: [figure::ERRORS, figure::ERROR_RATIO].contains(&slo.figure),
        first_rate: first_rate(sweep.definition),
    };
    sweep.find_max(&objective, progress)
}

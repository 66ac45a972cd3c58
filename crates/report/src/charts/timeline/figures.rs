//! The timeline as a table: what each arm was like before, during and after.

use super::super::Source;
use super::arm::Arm;
use crate::table::{Emphasis, Table};
use crate::units;
use cachemark_results::{Recovery, RecoveryPhase as Phase, Trial};
use cachemark_stats::Summary;

/// A phase: its name, and where it is.
type Part = (&'static str, fn(&Recovery) -> &Phase);

const PARTS: [Part; 3] = [("before", |it| &it.before), ("during", |it| &it.during), ("after", |it| &it.after)];

/// A figure of a phase: its heading, how it is found and how it is told.
type Column = (&'static str, fn(&Phase) -> Option<f64>, fn(f64) -> String);

const COLUMNS: [Column; 9] = [
    ("#goodput, ops/s", |phase| Some(phase.goodput_ops_per_s), units::count),
    ("#p99, usual window", |phase| phase.usual_p99_ns.map(|ns| ns as f64), units::time),
    ("#p99, worst window", |phase| phase.worst_p99_ns.map(|ns| ns as f64), units::time),
    ("#hit ratio", |phase| phase.hit_ratio, units::share),
    ("#store operations/s", |phase| phase.store_ops_per_s, units::count),
    ("#most of them in a window", |phase| phase.store_peak_ops_per_s, units::count),
    ("#errors", |phase| Some(phase.errors.values().sum::<u64>() as f64), units::count),
    ("#shed", |phase| Some(phase.shed as f64), units::count),
    ("#stale reads", |phase| phase.stale_reads.map(|count| count as f64), units::count),
];

pub(super) fn table(source: Source<'_>, arms: &[Arm], of: &str) -> Table {
    let headers: Vec<&str> =
        [source.analysis.subject.name(), "phase"].into_iter().chain(COLUMNS.map(|it| it.0)).collect();
    let mut table = Table::new(format!("Before, during and after{of}"), &headers);
    for arm in arms {
        let trials = &source.analysis.cells[arm.cell].trials;
        for (place, (name, part)) in PARTS.iter().enumerate() {
            let label = if place == 0 { arm.label.clone() } else { String::new() };
            let mut cells = vec![label, (*name).to_owned()];
            cells.extend(COLUMNS.map(|(_, figure, told)| units::or_none(median(trials, *part, figure), told)));
            table.push(cells, Emphasis::Plain, place == 0);
        }
    }
    table.footnotes.push(
        "Medians over blocks. Before: up to the first fault; during: while one was in place, of a fault of a moment the window in \
         which it was done; after: from the end of the last on, recovered or not."
            .into(),
    );
    table
}

fn median(trials: &[&Trial], part: fn(&Recovery) -> &Phase, figure: fn(&Phase) -> Option<f64>) -> Option<f64> {
    let of = |trial: &&Trial| {
        let phase = part(trial.recovery.as_ref()?);
        (phase.end_ns > phase.start_ns).then(|| figure(phase))?
    };
    let values: Vec<f64> = trials.iter().filter_map(of).collect();
    Summary::of(&values).ok().map(|summary| summary.median)
}

//! Whether the schedule of an open loop was kept.

use super::figures::place;
use super::{emphasis_of, spread_of};
use crate::analysis::{Analysis, Schedule};
use crate::table::Table;
use crate::units;
use cachemark_results::MANY;
use cachemark_stats::Summary;

/// What schedule lag means.
pub(crate) const LAG: &str = "Schedule lag = actual start - intended start: how late an operation was sent. It is the client's \
    own delay and the time for which an arrival waited for one in flight to end; the response time counts it, the service time \
    does not. A client that is busy all the time sends late by itself, and then the times speak of the client.";

/// One row a cell: schedule lag, and what became of the arrivals. It has no rows in a closed loop.
pub(crate) fn schedule(analysis: &Analysis<'_>) -> Table {
    let any_invalid = analysis.cells.iter().any(|figures| !figures.invalid.is_empty());
    let mut headers = vec![
        "stack",
        "#read ratio",
        "#offered load, arrivals/s",
        analysis.subject.name(),
        "#schedule lag p50",
        "#schedule lag p99",
        "#schedule lag max",
        "#late",
        "#turned away",
        "#unsent",
        "#overloaded",
        "#client CPU",
    ];
    headers.extend(any_invalid.then_some("#invalid"));
    let mut table = Table::new("Was the schedule kept?", &headers);
    for stack in &analysis.stacks {
        let mut shown = None;
        for point in &analysis.points {
            for variant in 0..analysis.variants.len() {
                let Some(figures) = analysis.at(stack, variant, *point) else { continue };
                let Some(schedule) = figures.whole_schedule() else { continue };
                let begins = shown != Some(*point);
                let mut cells = vec![if shown.is_none() { stack.label.clone() } else { String::new() }];
                cells.extend(place(analysis, shown, figures));
                cells.push(analysis.label(figures).to_owned());
                cells.extend(lag(&schedule));
                cells.extend([schedule.late, schedule.shed, schedule.unsent].map(|count| share(count, &schedule)));
                let finished = figures.finished().count();
                cells.push(format!("{} of {finished}", schedule.overloaded));
                let busy: Vec<f64> = figures.finished().filter_map(|trial| trial.client_cpu).collect();
                // The spread would make the table wider than the page.
                cells.push(units::or_none(Summary::of(&busy).ok().map(|busy| busy.median), units::percent));
                cells.extend(any_invalid.then(|| format!("{} of {finished}", figures.invalid.len())));
                table.push(cells, emphasis_of(analysis, figures), begins);
                shown = Some(*point);
            }
        }
    }
    table.footnotes.push(format!(
        "Schedule lag p50 and p99: the median over trials of each trial's percentile (least to greatest); max: of all trials; \
         client CPU: the median over trials. \
         Late (sent after waiting for one in flight to end), turned away (not sent, since as many were in flight as may be by the \
         client's own bound, `max-in-flight`) and unsent (still waiting at the end): arrivals of all trials, and their share of all. \
         What an arm's policies shed was sent, and is among the failed operations. Overloaded: more than {} of a trial's arrivals \
         were turned away or unsent.{}",
        units::percent(MANY),
        if any_invalid { " Invalid trials are in this table, and in no chart or comparison." } else { "" }
    ));
    table
}

fn lag(schedule: &Schedule) -> [String; 3] {
    [
        spread_of(schedule.lag_p50, units::time),
        spread_of(schedule.lag_p99, units::time),
        units::or_none(schedule.lag_max_ns.map(|ns| ns as f64), units::time),
    ]
}

/// A count of arrivals, with its share of all where there is any.
fn share(count: u64, schedule: &Schedule) -> String {
    match count {
        0 => "0".to_owned(),
        _ => format!(
            "{} ({})",
            units::count(count as f64),
            units::small_percent(count as f64 / schedule.offered.max(1) as f64)
        ),
    }
}

//! Where the operations' time went.

use super::emphasis_of;
use super::figures::place;
use crate::analysis::{Analysis, CellFigures, HopGroup, HopParts};
use crate::table::Table;
use crate::units;

/// What the parts mean, and which may be added.
const PARTS: &str = "Means of the service time of answered operations, in which an operation without the hop counts as 0; the \
    median over trials, so parts may miss the whole by a little. Service time = cache + store + rest. Cache and store are \
    whole calls, with the way to a server and back, and with waiting for a lane (a free connection, or one to be made): \
    that is contained in them, and not to be added. The rest is the strategy's own (waiting for its locks included) and the \
    client's; of a miss that joined a load it is the wait for that load. Calls that run at once are counted each, and then \
    the rest may fall below 0.";

/// One row a cell and sort of operation. It has no rows where hops were not timed.
pub(crate) fn hops(analysis: &Analysis<'_>) -> Table {
    let mut headers = vec!["stack", "#read ratio"];
    headers.extend(analysis.open_loop.then_some("#offered load, arrivals/s"));
    headers.extend([analysis.subject.name(), "operation", "#count", "#service time, mean"]);
    headers.extend(["#cache", "#store", "#rest", "#waiting for a lane, of cache and store"]);
    let mut table = Table::new("Where does the time go?", &headers);
    for stack in &analysis.stacks {
        let mut shown = None;
        for point in &analysis.points {
            for variant in 0..analysis.variants.len() {
                let Some(figures) = analysis.at(stack, variant, *point) else { continue };
                for (index, (group, parts)) in groups(figures).into_iter().enumerate() {
                    let mut cells = vec![if shown.is_none() { stack.label.clone() } else { String::new() }];
                    cells.extend(place(analysis, shown, figures));
                    cells.push(if index == 0 { analysis.label(figures).to_owned() } else { String::new() });
                    cells.push(group.name().to_owned());
                    cells.extend(told(&parts));
                    table.push(cells, emphasis_of(analysis, figures), shown != Some(*point));
                    shown = Some(*point);
                }
            }
        }
    }
    table.footnotes.push(PARTS.into());
    table
}

fn groups(figures: &CellFigures<'_>) -> Vec<(HopGroup, HopParts)> {
    HopGroup::ALL.into_iter().filter_map(|group| Some((group, figures.hops(group)?))).collect()
}

fn told(parts: &HopParts) -> Vec<String> {
    let HopParts { operations, service, cache, store, queue, rest } = parts;
    // A part that no operation has is no time; a rest may be below it.
    let of = |ns: f64| match ns {
        0.0 => "0".to_owned(),
        below if below < 0.0 => format!("−{}", units::time(-below)),
        ns => units::time(ns),
    };
    let mut cells = vec![units::count(*operations as f64)];
    cells.extend([service, cache, store, rest, queue].map(|part| of(part.median)));
    cells
}

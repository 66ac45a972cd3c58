//! How long caches took to fill, of records that begin cold.

use super::{emphasis_of, spread_of};
use crate::analysis::Analysis;
use crate::table::Table;
use crate::units;

/// One row a cell with a cold start. It has no rows where every trial warmed up first.
pub(crate) fn cold_start(analysis: &Analysis<'_>) -> Table {
    let headers = [
        "stack",
        "workload",
        analysis.subject.name(),
        "#trials",
        "#time to 95 % of the steady hit ratio",
        "#steady hit ratio",
    ];
    let mut table = Table::new("How long did the cache take to fill?", &headers);
    for stack in &analysis.stacks {
        let mut shown = None;
        for point in &analysis.points {
            for variant in 0..analysis.variants.len() {
                let Some(figures) = analysis.at(stack, variant, *point) else { continue };
                let cold = figures.summary_of(|trial| Some(trial.cold_start?.to_95_percent_ns as f64));
                let Some(cold) = cold else { continue };
                let begins = shown != Some(*point);
                table.push(
                    vec![
                        if shown.is_none() { stack.label.clone() } else { String::new() },
                        if begins { point.label() } else { String::new() },
                        analysis.label(figures).to_owned(),
                        format!("{} of {}", cold.count, figures.planned),
                        spread_of(Some(cold), units::time),
                        spread_of(figures.summary_of(|trial| Some(trial.cold_start?.steady_hit_ratio)), units::share),
                    ],
                    emphasis_of(analysis, figures),
                    begins,
                );
                shown = Some(*point);
            }
        }
    }
    table.footnotes.push(
        "From the first operation on an empty cache to the end of the first interval from which on the hit ratio, counted \
         from its beginning, is never below 95 % of the steady one, so no finer than an interval; the steady hit ratio is that of the window's last quarter. Median over blocks \
         (least to greatest). A window that ended on the way gives no figure: the last quarter must be level with the \
         one before, and within 2 points of what theory gives, where it gives anything."
            .into(),
    );
    table
}

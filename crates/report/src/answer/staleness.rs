//! How stale the reads of an arm were, beside its name or as a price.

use super::point::OfFigure;
use crate::analysis::{Analysis, CellFigures, NOT_WATCHED, Staleness};
use crate::units;

const MILLION: f64 = 1e6;

/// The name, with the share of stale reads where there were any.
pub(super) fn beside(analysis: &Analysis<'_>, figures: &[OfFigure<'_>], name: &str) -> String {
    let cells = cells_of(analysis, figures, name);
    let stale: Vec<Staleness> =
        cells.iter().filter_map(|cell| cell.staleness()).filter(|stale| stale.is_some()).collect();
    match stale.as_slice() {
        [] => name.to_owned(),
        [one] if cells.len() == 1 => format!("{name} ({} of reads stale)", one.in_words()),
        many => {
            let of_cell = |stale: &Staleness| if stale.median > 0.0 { stale.median } else { stale.greatest };
            let most = many.iter().map(of_cell).fold(0.0, f64::max);
            format!("{name} (up to {} of reads stale)", units::tiny_share(most))
        }
    }
}

/// What there is to say where no read was stale: how many were judged, or that nobody watched. None where one was stale.
pub(super) fn none_seen(analysis: &Analysis<'_>, figures: &[OfFigure<'_>], names: &[&str]) -> Option<String> {
    let mut judged = 0;
    for name in names {
        let cells = cells_of(analysis, figures, name);
        for trial in cells.iter().flat_map(|cell| &cell.trials) {
            let told = trial.freshness.as_ref().map_or((0, 0), |told| (told.judged, told.stale));
            if told.1 > 0 {
                return None;
            }
            judged += told.0;
        }
    }
    if is_read_only(analysis, figures, names) {
        return Some("nothing was written, so no read could be stale".to_owned());
    }
    Some(if judged == 0 { format!("staleness {NOT_WATCHED}") } else { format!("no stale read in {}", large(judged)) })
}

fn is_read_only(analysis: &Analysis<'_>, figures: &[OfFigure<'_>], names: &[&str]) -> bool {
    const READS_ALONE: f64 = 1.0;
    let mut cells = names.iter().flat_map(|name| cells_of(analysis, figures, name));
    cells.all(|figures| figures.cell.read_ratio >= READS_ALONE)
}

fn large(count: u64) -> String {
    let count = count as f64;
    if count < MILLION { units::count(count) } else { format!("{:.1} million", count / MILLION) }
}

/// The cells of an arm that verdicts are on.
fn cells_of<'s, 'a>(analysis: &'s Analysis<'a>, figures: &[OfFigure<'_>], name: &str) -> Vec<&'s CellFigures<'a>> {
    let mut cells: Vec<usize> = Vec::new();
    for point in figures.iter().flat_map(|of_figure| &of_figure.points) {
        cells.extend(point.standing(name).map(|standing| standing.row.cell));
    }
    cells.sort_unstable();
    cells.dedup();
    cells.into_iter().map(|cell| &analysis.cells[cell]).collect()
}

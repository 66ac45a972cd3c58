//! Which arm is as before sooner, block by block.

use super::super::verdicts::emphasis;
use crate::analysis::{Analysis, Family, FamilyRow, Role, TO_RECOVER};
use crate::table::Table;
use crate::units;
use cachemark_stats::ALPHA;

const TEST: &str = "Compared by the sign test: in how many blocks it was better and worse, the others being ties, which say nothing and are \
     dropped. A recovery that was not seen counts as the time from the fault's declared end to the window's, and none that was seen is longer. \
     Difference: \
     the median over blocks, with the exact 95 % interval, not adjusted; \"<\" and \">\" where one of the two was not seen, n/a where neither was. \
     Verdicts are adjusted (Holm, within each family).";

/// One row a comparison; without rows where nothing is compared.
pub(super) fn compared(analysis: &Analysis<'_>) -> Table {
    let headers = [
        "comparison",
        analysis.subject.name(),
        "by",
        "#better",
        "#worse",
        "#ties",
        "#difference",
        "#95 % interval",
        "#p (Holm)",
        "verdict",
    ];
    let mut table = Table::new("How they compare when it breaks", &headers);
    for family in &analysis.recoveries {
        let rows = family.rows.iter().filter(|row| row.role != Role::Reference);
        for (place, row) in rows.enumerate() {
            let by = family.figure.map_or("", |figure| figure.title);
            let name = if place == 0 { family.name.clone() } else { String::new() };
            let mut cells = vec![name, row.label.clone(), if place == 0 { by.to_owned() } else { String::new() }];
            cells.extend(counts(analysis, family, row));
            cells.extend([row.ratio(), row.interval()]);
            let p = row.judgement.as_ref().and_then(|judgement| judgement.adjusted_p);
            cells.push(p.map_or_else(|| units::NOT_AVAILABLE.to_owned(), |p| format!("{p:.3}")));
            cells.push(row.verdict());
            table.push(cells, emphasis(row), place == 0);
        }
    }
    if !table.rows.is_empty() {
        table.footnotes.push(TEST.to_owned());
        table.footnotes.push(ties(analysis));
        table.footnotes.extend(powers(analysis));
    }
    table
}

fn ties(analysis: &Analysis<'_>) -> String {
    let [window, kept] = [analysis.ties_of(TO_RECOVER), analysis.ties_of(crate::analysis::KEPT)];
    format!(
        "Ties: times to recover that differ by no more than a window ({}), and goodput kept that differs by no more than {} of that before.",
        units::time(window),
        units::percent(kept)
    )
}

fn counts(analysis: &Analysis<'_>, family: &Family, row: &FamilyRow) -> [String; 3] {
    let signs = analysis.signs(family, row);
    signs.map_or_else(
        || [units::NOT_AVAILABLE; 3].map(str::to_owned),
        |signs| [signs.better, signs.worse, signs.ties].map(|count| units::count(count as f64)),
    )
}

/// What so many blocks can see, once for each size of a family.
fn powers(analysis: &Analysis<'_>) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for family in analysis.recoveries.iter().filter(|family| family.size > 0) {
        let sentence = units::capital(&power(family)) + ".";
        if !told.contains(&sentence) {
            told.push(sentence);
        }
    }
    told
}

/// `with 7 blocks and 2 comparisons only 7 of 7 can tell`.
pub(crate) fn power(family: &Family) -> String {
    let (blocks, size) = (family.blocks, family.size);
    let of = format!(
        "with {} and {}",
        crate::tables::counted(blocks as usize, "block"),
        crate::tables::counted(size, "comparison")
    );
    match cachemark_stats::signs_needed(blocks as usize, size, ALPHA) {
        None => format!("{of} nothing can tell: it takes {} blocks", family.blocks_needed),
        Some(needed) if needed == blocks as usize => format!("{of} only {needed} of {blocks} can tell"),
        Some(needed) => format!("{of} it takes {needed} of {blocks} to tell, without ties"),
    }
}

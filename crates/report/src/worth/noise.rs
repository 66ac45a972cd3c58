//! How far blocks stray in a run, for what is reckoned of runs to come.

use crate::analysis::{Analysis, Compared, FamilyRow, Role};
use cachemark_results::Figure;
use cachemark_stats::BlockNoise;

/// The noise of that figure: of the A/A control that strays most; without any, of the comparison that does. None where none has blocks
/// enough with a ratio.
#[must_use]
pub fn block_noise(analysis: &Analysis<'_>, figure: &Figure) -> Option<BlockNoise> {
    let of = |role: Role| {
        let rows = analysis.families.iter().flat_map(|family| &family.rows);
        let rows = rows.filter(|row| row.role == role).filter_map(|row| compared(row, figure));
        rows.filter_map(noise).max_by(|one, other| one.deviation.total_cmp(&other.deviation))
    };
    of(Role::Control).or_else(|| of(Role::Compared))
}

fn compared<'a>(row: &'a FamilyRow, figure: &Figure) -> Option<&'a Compared> {
    row.primary.iter().chain(&row.exploratory).find(|compared| compared.figure == figure)
}

fn noise(compared: &Compared) -> Option<BlockNoise> {
    let ratios: Vec<f64> = compared.comparison.block_ratios.iter().copied().flatten().collect();
    BlockNoise::of(&ratios).ok().flatten()
}

//! From the manifest's cells to families with their comparisons and verdicts.

use super::super::{CellFigures, Variant};
use super::{Compared, Family, FamilyRow, Role};
use cachemark_results::Figure;
use cachemark_results::figure::THROUGHPUT;
use cachemark_stats::{ALPHA, Comparison, FamilyRule, NotJudged, Verdict, blocks_needed, compare, judge_family};

/// All families of the cells, by the primary figure and with those of `shown` beside it.
pub(in crate::analysis) fn families(
    cells: &[CellFigures<'_>],
    variants: &[Variant],
    (primary, shown): (Option<&'static Figure>, &[&'static Figure]),
    margin: f64,
    blocks: usize,
) -> Vec<Family> {
    let builder = Builder { cells, variants, primary, shown, margin, blocks };
    let mut known: Vec<(&str, usize)> = Vec::new();
    // Compared cells first: a control alone makes a family only if nothing else is compared with its reference.
    for control in [false, true] {
        for figures in cells.iter().filter(|figures| figures.cell.control == control) {
            let Some(reference) = reference_of(cells, figures) else { continue };
            let key = (figures.cell.family.as_str(), reference);
            let there = known.iter().any(|other| if control { other.1 == key.1 } else { *other == key });
            if !there {
                known.push(key);
            }
        }
    }
    known.into_iter().map(|(name, reference)| builder.family(name, reference)).collect()
}

fn reference_of(cells: &[CellFigures<'_>], figures: &CellFigures<'_>) -> Option<usize> {
    let id = figures.cell.reference.as_deref()?;
    cells.iter().position(|other| other.cell.id == id)
}

struct Builder<'a> {
    cells: &'a [CellFigures<'a>],
    variants: &'a [Variant],
    primary: Option<&'static Figure>,
    shown: &'a [&'static Figure],
    margin: f64,
    blocks: usize,
}

impl Builder<'_> {
    fn family(&self, name: &str, reference: usize) -> Family {
        let with_reference =
            |(_, figures): &(usize, &CellFigures<'_>)| reference_of(self.cells, figures) == Some(reference);
        let (controls, compared): (Vec<_>, Vec<_>) =
            self.cells.iter().enumerate().filter(with_reference).partition(|(_, figures)| figures.cell.control);
        let mut rows = vec![self.row(reference, reference, Role::Reference)];
        rows.extend(controls.iter().map(|(cell, _)| self.row(*cell, reference, Role::Control)));
        let members = compared.iter().filter(|(_, figures)| figures.cell.family == name);
        rows.extend(members.map(|(cell, _)| self.row(*cell, reference, Role::Compared)));
        self.tell_apart(&mut rows);
        let noise = rows.iter().filter(|row| row.role == Role::Control);
        let noise = noise.filter_map(|row| row.primary.as_ref()?.comparison.half_width()).reduce(f64::max);
        let measured = self.cells[reference].by_block(THROUGHPUT, self.blocks).iter().flatten().count();
        let blocks = measured.min(most_pairs(&rows).unwrap_or(measured));
        let blocks = u32::try_from(blocks).unwrap_or(u32::MAX);
        let rule = FamilyRule { delta: self.margin, aa_half_width: noise, ..FamilyRule::with_blocks(blocks) };
        let size = judge(&mut rows, &rule);
        self.withdraw(&mut rows, reference);
        let blocks_needed = blocks_needed(size, ALPHA).unwrap_or(u32::MAX);
        Family { name: name.to_owned(), reference, rows, noise, noisy: rule.is_noisy(), size, blocks, blocks_needed }
    }

    fn row(&self, cell: usize, reference: usize, role: Role) -> FamilyRow {
        let figures = &self.cells[cell];
        let runs = role != Role::Reference && figures.cell.unsupported.is_none();
        let against = |figure| self.compare(figure, reference, cell);
        let others = self.shown.iter().copied().filter(|figure| runs && Some(*figure) != self.primary);
        FamilyRow {
            cell,
            label: self.variants[figures.variant].label.clone(),
            role,
            primary: self.primary.filter(|_| runs).map(against),
            judgement: None,
            exploratory: others.map(against).collect(),
            unsupported: figures.cell.unsupported.clone(),
        }
    }

    fn compare(&self, figure: &'static Figure, reference: usize, cell: usize) -> Compared {
        let name = &self.variants[self.cells[cell].variant].label;
        let values = |cell: usize| self.cells[cell].by_block(figure, self.blocks);
        let nothing = vec![None; self.blocks];
        match compare(name, &values(reference), &values(cell), figure.better) {
            Ok(comparison) => Compared { figure, comparison, zero: false },
            // A figure of zero has no ratio. Leaving out just its block would flatter the cell: the whole comparison goes.
            Err(_) => Compared {
                figure,
                comparison: compare(name, &nothing, &nothing, figure.better).expect("no values are good values"),
                zero: true,
            },
        }
    }

    /// Withdraws verdicts that times of the answered alone may have made. Who turns work away looks the faster for it: such
    /// a cell can still be worse, and be beaten if it is the reference, and nothing else can be said of it.
    fn withdraw(&self, rows: &mut [FamilyRow], reference: usize) {
        let flattered = |cell: usize| self.cells[cell].trials.iter().any(|trial| trial.leaves_out_many());
        for row in rows.iter_mut().filter(|row| row.primary.as_ref().is_some_and(|found| found.figure.is_time())) {
            let Some(judgement) = &mut row.judgement else { continue };
            let withdrawn = match judgement.verdict {
                Verdict::Better => flattered(row.cell),
                Verdict::Worse => flattered(reference),
                Verdict::Equivalent | Verdict::Inconclusive => flattered(row.cell) || flattered(reference),
                Verdict::NotJudged { .. } => false,
            };
            if withdrawn {
                judgement.verdict = Verdict::NotJudged { reason: NotJudged::LeavesOut };
                judgement.equivalence_withheld = false;
            }
        }
    }

    /// Rows of one name are told apart by their stacks.
    fn tell_apart(&self, rows: &mut [FamilyRow]) {
        let labels: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
        for row in rows {
            if labels.iter().filter(|label| **label == row.label).count() > 1 {
                row.label += &format!(", {}", super::super::stacks::label(self.cells[row.cell].cell, true));
            }
        }
    }
}

/// The most blocks that any compared cell has a pair in; none if none can be compared.
fn most_pairs(rows: &[FamilyRow]) -> Option<usize> {
    let compared = rows.iter().filter(|row| row.role == Role::Compared);
    let comparable = compared.filter_map(|row| row.primary.as_ref().filter(|primary| !primary.zero));
    comparable.map(|primary| primary.comparison.pairs).max()
}

/// Gives the compared rows their verdicts; returns how many there are.
fn judge(rows: &mut [FamilyRow], rule: &FamilyRule) -> usize {
    let mut compared: Vec<&mut FamilyRow> =
        rows.iter_mut().filter(|row| row.role == Role::Compared && row.primary.is_some()).collect();
    let comparisons: Vec<Comparison> =
        compared.iter().filter_map(|row| row.primary.as_ref().map(|primary| primary.comparison.clone())).collect();
    // A margin that is no margin gives no verdicts; the figures stand.
    let judgements = judge_family(&comparisons, rule).unwrap_or_default();
    for (row, judgement) in compared.iter_mut().zip(judgements) {
        row.judgement = Some(judgement);
    }
    comparisons.len()
}

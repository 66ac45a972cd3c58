//! What the record says: figures of each cell over its blocks, and each cell against its reference cell.
//!
//! Figures are medians over blocks with the least and the greatest; verdicts come from ratios paired by block alone.

mod cells;
mod family;
mod metric;
mod naming;
mod stacks;
mod subject;

use cachemark_results::{Run, Trial};

pub use cells::CellFigures;
pub use family::{Compared, Family, FamilyRow, Role};
pub use metric::Metric;
pub use naming::Variant;
pub use stacks::Stack;
pub use subject::Subject;

/// A record, worked out.
#[derive(Debug, Clone)]
pub struct Analysis<'a> {
    /// What is compared.
    pub subject: Subject,
    /// Every cell of the manifest, in its order.
    pub cells: Vec<CellFigures<'a>>,
    /// The lines of the legend: strategies, apart by settings where one strategy takes part more than once.
    pub variants: Vec<Variant>,
    /// Cache + store + read cost: one panel of a chart each.
    pub stacks: Vec<Stack>,
    /// The read ratios, ascending.
    pub read_ratios: Vec<f64>,
    /// The families of comparisons, in the manifest's order.
    pub families: Vec<Family>,
    /// The metric that verdicts are given for; none if this build doesn't know the manifest's.
    pub primary: Option<Metric>,
    /// Blocks of the plan.
    pub blocks: usize,
}

/// Works out a record.
#[must_use]
pub fn analyse(run: &Run) -> Analysis<'_> {
    let manifest = &run.manifest;
    let (variants, of_cell) = naming::variants(manifest);
    let cells: Vec<CellFigures<'_>> =
        manifest.cells.iter().zip(of_cell).map(|(cell, variant)| CellFigures::of(run, cell, variant)).collect();
    let mut read_ratios: Vec<f64> = manifest.cells.iter().map(|cell| cell.read_ratio).collect();
    read_ratios.sort_by(f64::total_cmp);
    read_ratios.dedup();
    let primary = Metric::named(&manifest.primary_metric);
    let beyond = run.trials.iter().map(|trial| trial.block as usize + 1).max().unwrap_or(0);
    let blocks = manifest.blocks.len().max(beyond);
    let families = family::families(&cells, &variants, primary, manifest.equivalence_margin, blocks);
    let subject = Subject::of(manifest);
    Analysis { subject, stacks: stacks::stacks(&cells), cells, variants, read_ratios, families, primary, blocks }
}

impl<'a> Analysis<'a> {
    /// The cell of a stack, a line of the legend and a read ratio, if the plan has one.
    #[must_use]
    pub fn at(&self, stack: &Stack, variant: usize, read_ratio: f64) -> Option<&CellFigures<'a>> {
        let mut cells = stack.cells.iter().map(|index| &self.cells[*index]);
        cells.find(|figures| figures.variant == variant && figures.cell.read_ratio == read_ratio)
    }

    /// The name of a cell's line in the legend.
    #[must_use]
    pub fn label(&self, figures: &CellFigures<'_>) -> &str {
        &self.variants[figures.variant].label
    }

    /// The metric that verdicts are given for, or throughput where the manifest's is not known: the one to show first.
    #[must_use]
    pub fn shown_first(&self) -> Metric {
        self.primary.unwrap_or(Metric::Throughput)
    }
}

impl<'a> CellFigures<'a> {
    /// The trial in the middle by throughput: it stands for the cell where only one can be shown.
    #[must_use]
    pub fn representative(&self) -> Option<&'a Trial> {
        let mut trials = self.trials.clone();
        trials.sort_by(|a, b| a.throughput_ops_per_s.total_cmp(&b.throughput_ops_per_s));
        trials.get(trials.len().saturating_sub(1) / 2).copied()
    }
}

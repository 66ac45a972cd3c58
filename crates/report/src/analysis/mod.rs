//! What the record says: figures of each cell over its blocks, and each cell against its reference cell.
//!
//! Figures are medians over blocks with the least and the greatest; verdicts come from ratios paired by block alone.

mod cells;
mod colours;
mod family;
mod frontier;
mod hops;
mod level;
mod naming;
mod points;
mod recovery;
mod safety;
mod schedule;
mod stacks;
mod stale_ages;
mod subject;
mod trust;

use cachemark_results::Figure;
use cachemark_results::figure::{FIGURES, THROUGHPUT, response};
use cachemark_results::{Run, Trial};

pub use cells::CellFigures;
pub use family::{Compared, Family, FamilyRow, NoRatio, Role};
pub(crate) use frontier::unbeaten;
pub use hops::{HopGroup, HopParts};
pub use naming::Variant;
pub use points::Point;
pub use recovery::{FaultInWords, Recovered, Times, ToRecover};
pub(crate) use recovery::{KEPT, TO_RECOVER, WORDS as RECOVERY_WORDS, faults_in_words, name as recovery_name};
pub(crate) use safety::NOT_WATCHED;
pub use safety::Staleness;
pub use schedule::Schedule;
pub use stacks::Stack;
pub(crate) use stacks::{NO_CACHE, label as stack_label};
pub(crate) use stale_ages::{StaleAges, stale_ages};
pub use subject::Subject;
pub use trust::{Concern, Trust};

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
    /// The offered loads in arrivals per second, ascending; none for closed loops.
    pub rates: Vec<f64>,
    /// Read ratio and offered load of the cells, ascending, the read ratio first.
    pub points: Vec<Point>,
    /// Whether arrivals came on a schedule: then there are response times.
    pub open_loop: bool,
    /// The figures that tables show.
    pub shown: Vec<&'static Figure>,
    /// The families of comparisons, in the manifest's order.
    pub families: Vec<Family>,
    /// The figures that verdicts are given on, each in families of its own: those of the manifest that this build knows.
    pub verdict_on: Vec<&'static Figure>,
    /// Whether every two arms at one point are compared.
    pub pairs: bool,
    /// Blocks of the plan.
    pub blocks: usize,
    /// What was done to the servers on purpose, in the order of its times; empty in most records.
    pub faults: Vec<FaultInWords>,
    /// Where there were faults: the same families by how soon cells are as before, then by how much of their goodput they kept,
    /// compared by the sign test.
    pub recoveries: Vec<Family>,
    /// Up to which difference these two call blocks alike: in nanoseconds, and as a share of the goodput before.
    pub recovery_ties: [f64; 2],
}

/// Works out a record.
#[must_use]
pub fn analyse(run: &Run) -> Analysis<'_> {
    let manifest = &run.manifest;
    let (variants, cells) = variants_and_cells(run);
    let points = points::points(&cells);
    let read_ratios = points::ascending(points.iter().map(|point| point.read_ratio));
    let rates = points::ascending(points.iter().filter_map(|point| point.offered_per_s));
    let open_loop = !rates.is_empty();
    // What the oracle tells is no column where there was none.
    let watched = run.trials.iter().any(|trial| trial.freshness.as_ref().is_some_and(|told| told.judged > 0));
    let has = |figure: &&Figure| figure.is_shown(open_loop) && (watched || !figure.needs.oracle());
    let shown: Vec<_> = FIGURES.iter().copied().filter(has).collect();
    let verdict_on: Vec<_> = manifest.verdict_figures().filter_map(Figure::named).collect();
    let beyond = run.trials.iter().map(|trial| trial.block as usize + 1).max().unwrap_or(0);
    let blocks = manifest.blocks.len().max(beyond);
    let margin = manifest.equivalence_margin;
    let faults = recovery::faults(run);
    // Recoveries are told apart to a window, what is kept of the goodput to the margin that matters.
    let window = if faults.is_empty() { 0.0 } else { recovery::window_ns(run) };
    let rules = family::Rules { shown: &shown, margin, blocks, pairs: manifest.pairs, ties: None, window };
    let mut recoveries = Vec::new();
    let kept = if margin.is_finite() { margin.max(0.0) } else { 0.0 };
    let recovery_ties = [window, kept];
    for (figure, ties) in [TO_RECOVER, KEPT].into_iter().zip(recovery_ties).filter(|_| !faults.is_empty()) {
        let rules = family::Rules { shown: &[], ties: Some(ties), ..rules };
        recoveries.extend(family::families(&cells, &variants, &[figure], rules));
    }
    let families = family::families(&cells, &variants, &verdict_on, rules);
    let (stacks, subject) = (stacks::stacks(&cells), Subject::of(manifest));
    Analysis {
        subject,
        stacks,
        cells,
        variants,
        read_ratios,
        rates,
        points,
        open_loop,
        shown,
        families,
        verdict_on,
        pairs: manifest.pairs,
        blocks,
        faults,
        recoveries,
        recovery_ties,
    }
}

/// The figures of every cell of a record, in the manifest's order, and nothing else.
#[must_use]
pub fn cell_figures(run: &Run) -> Vec<CellFigures<'_>> {
    variants_and_cells(run).1
}

fn variants_and_cells(run: &Run) -> (Vec<Variant>, Vec<CellFigures<'_>>) {
    let (variants, of_cell) = naming::variants(&run.manifest);
    let cells = run.manifest.cells.iter().zip(of_cell);
    (variants, cells.map(|(cell, variant)| CellFigures::of(run, cell, variant)).collect())
}

impl<'a> Analysis<'a> {
    /// The cell of a stack, a line of the legend, a read ratio and an offered load, if the plan has one.
    #[must_use]
    pub fn at(&self, stack: &Stack, variant: usize, point: Point) -> Option<&CellFigures<'a>> {
        let mut cells = stack.cells.iter().map(|index| &self.cells[*index]);
        cells.find(|figures| figures.variant == variant && figures.point() == point)
    }

    /// Whether the offered load is an axis of the record.
    #[must_use]
    pub fn has_many_rates(&self) -> bool {
        self.rates.len() > 1
    }

    /// At most `limit` of the offered loads (two at least): the least, the greatest, and some in between.
    #[must_use]
    pub fn some_rates(&self, limit: usize) -> Vec<f64> {
        points::spread_out(&self.rates, limit)
    }

    /// The points of at most `limit` offered loads; all of them in a closed loop.
    #[must_use]
    pub fn some_points(&self, limit: usize) -> Vec<Point> {
        let rates = self.some_rates(limit);
        let wanted = |point: &&Point| point.offered_per_s.is_none_or(|rate| rates.contains(&rate));
        self.points.iter().filter(wanted).copied().collect()
    }

    /// A figure's name in this record: what an open loop achieves is told apart from what it is offered.
    #[must_use]
    pub fn title(&self, figure: &Figure) -> &'static str {
        if self.open_loop && figure == THROUGHPUT { "achieved throughput" } else { figure.title }
    }

    /// Whether a trial of the record began on an empty cache.
    #[must_use]
    pub fn has_cold_starts(&self) -> bool {
        self.cells.iter().any(|figures| figures.trials.iter().any(|trial| trial.cold_start.is_some()))
    }

    /// The families of [`Analysis::recoveries`] that are not among [`Analysis::families`] too, where verdicts were asked on their figure.
    pub(crate) fn recoveries_beside(&self) -> impl Iterator<Item = &Family> {
        let asked = |family: &&Family| !family.figure.is_some_and(|figure| self.verdict_on.contains(&figure));
        self.recoveries.iter().filter(asked)
    }

    /// Whether a reference cell ran a second time.
    #[must_use]
    pub fn has_control(&self) -> bool {
        self.families.iter().any(|family| family.rows.iter().any(|row| row.role == Role::Control))
    }

    /// Whether something was broken on purpose.
    #[must_use]
    pub fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Whether theory says anything of the figure in this record.
    #[must_use]
    pub fn predicts(&self, figure: &Figure) -> bool {
        self.cells.iter().any(|figures| figures.predicted(figure).is_some())
    }

    /// The name of a cell's line in the legend.
    #[must_use]
    pub fn label(&self, figures: &CellFigures<'_>) -> &str {
        &self.variants[figures.variant].label
    }

    /// A family's name; with the figure where verdicts are on more than one.
    #[must_use]
    pub fn name_of(&self, family: &Family) -> String {
        match family.figure {
            Some(figure) if self.verdict_on.len() > 1 => format!("{}, by {}", family.name, self.title(figure)),
            _ => family.name.clone(),
        }
    }

    /// The first figure that verdicts are given on, or throughput where none of the manifest's is known: the one to show first.
    #[must_use]
    pub fn shown_first(&self) -> &'static Figure {
        self.verdict_on.first().copied().unwrap_or(THROUGHPUT)
    }
}

impl<'a> CellFigures<'a> {
    /// The trial in the middle: it stands for the cell where only one can be shown. In a closed loop by throughput; in an
    /// open loop, whose throughput is what was offered, by the 99th percentile of the response time.
    #[must_use]
    pub fn representative(&self) -> Option<&'a Trial> {
        let place = |trial: &Trial| match &trial.open_loop {
            Some(_) => response::P99.of(trial).unwrap_or(f64::INFINITY),
            None => trial.throughput_ops_per_s,
        };
        let mut trials = self.trials.clone();
        trials.sort_by(|a, b| place(a).total_cmp(&place(b)));
        trials.get(trials.len().saturating_sub(1) / 2).copied()
    }
}

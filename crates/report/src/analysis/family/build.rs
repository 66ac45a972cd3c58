//! From the manifest's cells to families with their comparisons and verdicts.

use super::super::recovery::Known;
use super::super::{CellFigures, TO_RECOVER, Variant};
use super::{Compared, Family, FamilyRow, NoRatio, Role};
use cachemark_results::figure::THROUGHPUT;
use cachemark_results::{Cell, Figure};
use cachemark_stats::{
    ALPHA, Comparison, FamilyRule, NotJudged, Verdict, blocks_needed, compare, compare_differences, compare_signs,
    judge_family,
};

/// What is the same for all families.
#[derive(Debug, Clone, Copy)]
pub(in crate::analysis) struct Rules<'a> {
    /// The figures that tables show: those that no verdict is on are compared beside, in the families of the first figure.
    pub(in crate::analysis) shown: &'a [&'static Figure],
    /// Ratios within it are declared not to matter.
    pub(in crate::analysis) margin: f64,
    /// Blocks of the plan.
    pub(in crate::analysis) blocks: usize,
    /// Whether every two cells of a family are compared.
    pub(in crate::analysis) pairs: bool,
    /// Where comparisons are by the sign test: differences up to this are ties.
    pub(in crate::analysis) ties: Option<f64>,
    /// Up to which difference times to recover are ties.
    pub(in crate::analysis) window: f64,
}

/// All families of the cells: those of the first figure that verdicts are on, then those of the next. Each is judged by itself.
pub(in crate::analysis) fn families(
    cells: &[CellFigures<'_>],
    variants: &[Variant],
    verdict_on: &[&'static Figure],
    rules: Rules<'_>,
) -> Vec<Family> {
    let figures: Vec<Option<&'static Figure>> =
        if verdict_on.is_empty() { vec![None] } else { verdict_on.iter().copied().map(Some).collect() };
    let places: Vec<Vec<Place<'_>>> = cells.iter().map(|figures| places_of(cells, figures)).collect();
    let declared = declared(cells, &places);
    let others: Vec<_> = rules.shown.iter().copied().filter(|figure| !verdict_on.contains(figure)).collect();
    let of_figure = |(place, figure): (usize, &Option<&'static Figure>)| -> Vec<Family> {
        let others = if place == 0 { others.as_slice() } else { &[] };
        // Of a time that was not seen to its end only the sign is known, wherever verdicts are asked on it.
        let by_signs = figure.filter(|figure| *figure == TO_RECOVER).map(|_| rules.window);
        let rules = Rules { ties: rules.ties.or(by_signs), ..rules };
        let builder = Builder { cells, places: &places, variants, figure: *figure, others, rules };
        declared.iter().map(|(name, reference)| builder.family(name, *reference)).collect()
    };
    figures.iter().enumerate().flat_map(of_figure).collect()
}

/// The families by name and reference cell, in the manifest's order.
fn declared<'a>(cells: &[CellFigures<'_>], places: &[Vec<Place<'a>>]) -> Vec<Place<'a>> {
    let mut known: Vec<Place<'_>> = Vec::new();
    // Compared cells first: a control alone makes a family only if nothing else is compared with its reference.
    for control in [false, true] {
        for (_, places) in cells.iter().zip(places).filter(|(figures, _)| figures.cell.control == control) {
            for &key in places {
                let there = known.iter().any(|other| if control { other.1 == key.1 } else { *other == key });
                if !there {
                    known.push(key);
                }
            }
        }
    }
    known
}

/// The families that a cell is compared in, each by name and reference cell: its own first, then those of other caches if it asks
/// none.
fn places_of<'a>(cells: &[CellFigures<'a>], figures: &CellFigures<'a>) -> Vec<Place<'a>> {
    let place = |reference: &Cell| cells.iter().position(|other| other.cell.id == reference.id);
    let all = cells.iter().map(|figures| figures.cell);
    let places = figures.cell.references(all).filter_map(|reference| Some((reference, place(reference)?)));
    let named = |(number, (reference, place)): (usize, (&'a Cell, usize))| {
        let name = if number == 0 { &figures.cell.family } else { &reference.family };
        (name.as_str(), place)
    };
    places.enumerate().map(named).collect()
}

/// A family that a cell is compared in: its name, and the reference cell.
type Place<'a> = (&'a str, usize);

struct Builder<'a> {
    cells: &'a [CellFigures<'a>],
    /// Of each cell, where it is compared.
    places: &'a [Vec<Place<'a>>],
    variants: &'a [Variant],
    figure: Option<&'static Figure>,
    /// Those that are compared beside, without verdict.
    others: &'a [&'static Figure],
    rules: Rules<'a>,
}

impl Builder<'_> {
    fn family(&self, name: &str, reference: usize) -> Family {
        let with_reference =
            |(cell, _): &(usize, &CellFigures<'_>)| self.places[*cell].iter().any(|place| place.1 == reference);
        let (controls, compared): (Vec<_>, Vec<_>) =
            self.cells.iter().enumerate().filter(with_reference).partition(|(_, figures)| figures.cell.control);
        let mut rows = vec![self.row(reference, reference, Role::Reference)];
        rows.extend(controls.iter().map(|(cell, _)| self.row(*cell, reference, Role::Control)));
        let members = compared.iter().filter(|(cell, _)| self.places[*cell].contains(&(name, reference)));
        rows.extend(members.map(|(cell, _)| self.row(*cell, reference, Role::Compared)));
        self.tell_apart(&mut rows);
        if self.rules.pairs {
            rows.extend(self.pairs(&rows));
        }
        let noise = rows.iter().filter(|row| row.role == Role::Control);
        let noise = noise.filter_map(|row| row.primary.as_ref()?.comparison.half_width()).reduce(f64::max);
        let measured = self.cells[reference].by_block(THROUGHPUT, self.rules.blocks).iter().flatten().count();
        let blocks = measured.min(most_pairs(&rows).unwrap_or(measured));
        let blocks = u32::try_from(blocks).unwrap_or(u32::MAX);
        let rule = FamilyRule { delta: self.rules.margin, aa_half_width: noise, ..FamilyRule::with_blocks(blocks) };
        let size = judge(&mut rows, &rule);
        // What was not answered is part of how a cell went through a fault, and not what its time leaves out.
        if self.rules.ties.is_none() {
            self.withdraw(&mut rows);
        }
        self.withhold(&mut rows);
        let blocks_needed = blocks_needed(size, ALPHA).unwrap_or(u32::MAX);
        Family {
            name: name.to_owned(),
            figure: self.figure,
            reference,
            rows,
            noise,
            noisy: rule.is_noisy(),
            size,
            blocks,
            blocks_needed,
        }
    }

    /// The compared cells with each other: every later one with every earlier one.
    fn pairs(&self, rows: &[FamilyRow]) -> Vec<FamilyRow> {
        let compared: Vec<&FamilyRow> = rows.iter().filter(|row| row.role == Role::Compared).collect();
        let pairs = compared
            .iter()
            .enumerate()
            .flat_map(|(place, earlier)| compared[place + 1..].iter().map(move |later| (*earlier, *later)));
        let runs = pairs.filter(|(earlier, later)| earlier.unsupported.is_none() && later.unsupported.is_none());
        let pair = |(earlier, later): (&FamilyRow, &FamilyRow)| FamilyRow {
            label: format!("{} vs {}", later.label, earlier.label),
            exploratory: Vec::new(),
            ..self.row(later.cell, earlier.cell, Role::Compared)
        };
        runs.map(pair).collect()
    }

    fn row(&self, cell: usize, reference: usize, role: Role) -> FamilyRow {
        let figures = &self.cells[cell];
        let runs = role != Role::Reference && figures.cell.unsupported.is_none();
        let against = |figure| self.compare(figure, reference, cell);
        let others = self.others.iter().copied().filter(|_| runs);
        FamilyRow {
            cell,
            against: reference,
            label: self.variants[figures.variant].label.clone(),
            role,
            primary: self.figure.filter(|_| runs).map(against),
            judgement: None,
            exploratory: others.map(against).collect(),
            unsupported: figures.cell.unsupported.clone(),
            withheld: None,
            stale: figures.staleness(),
            stale_against: self.cells[reference].staleness(),
            measured: !figures.trials.is_empty(),
        }
    }

    fn compare(&self, figure: &'static Figure, reference: usize, cell: usize) -> Compared {
        let name = &self.variants[self.cells[cell].variant].label;
        let of = |cell: usize| self.cells[cell].by_block(figure, self.rules.blocks);
        let (there, here) = (of(reference), of(cell));
        let lacks = |cell: usize, values: &[Option<f64>]| {
            !self.cells[cell].trials.is_empty() && values.iter().all(Option::is_none)
        };
        // That a time has too few samples is said of all such trials together.
        let no_ratio = match (lacks(reference, &there), lacks(cell, &here)) {
            _ if figure.is_time() => None,
            (true, _) => Some(NoRatio::NoFigureToCompareWith),
            (false, lacks) => lacks.then_some(NoRatio::NoFigure),
        };
        if let Some(ties) = self.rules.ties {
            let comparison = compare_signs(name, &there, &here, figure.better, ties)
                .expect("figures are finite, and one a block; so is the bound of ties");
            return Compared { figure, comparison, no_ratio, known: self.known(figure, reference, cell) };
        }
        match compare(name, &there, &here, figure.better) {
            Ok(comparison) => Compared { figure, comparison, no_ratio, known: Known::default() },
            // A figure of zero has no ratio: all blocks are compared by difference.
            Err(_) => Compared {
                figure,
                comparison: compare_differences(name, &there, &here, figure.better)
                    .expect("figures are finite, and one a block"),
                no_ratio,
                known: Known::default(),
            },
        }
    }

    /// How far a difference of times to recover is known; of other figures it is.
    fn known(&self, figure: &Figure, reference: usize, cell: usize) -> Known {
        let times = |cell: usize| self.cells[cell].times_by_block(self.rules.blocks);
        if figure == TO_RECOVER { Known::of(&times(reference), &times(cell)) } else { Known::default() }
    }

    /// Withdraws verdicts that times of the answered alone may have made. Who turns work away looks the faster for it: such
    /// a cell can still be worse, and be beaten if it is the reference, and nothing else can be said of it.
    fn withdraw(&self, rows: &mut [FamilyRow]) {
        let flattered = |cell: usize| self.cells[cell].trials.iter().any(|trial| trial.leaves_out_many());
        for row in rows.iter_mut().filter(|row| row.primary.as_ref().is_some_and(|found| found.figure.is_time())) {
            let Some(judgement) = &mut row.judgement else { continue };
            let withdrawn = match judgement.verdict {
                Verdict::Better => flattered(row.cell),
                Verdict::Worse => flattered(row.against),
                Verdict::Equivalent | Verdict::Inconclusive => flattered(row.cell) || flattered(row.against),
                Verdict::NotJudged { .. } => false,
            };
            if withdrawn {
                judgement.verdict = Verdict::NotJudged { reason: NotJudged::LeavesOut };
                judgement.equivalence_withheld = false;
            }
        }
    }

    /// Withholds the verdicts that a cell has forfeited by what it served: it can still be worse, and be beaten.
    fn withhold(&self, rows: &mut [FamilyRow]) {
        for row in rows {
            let Some(judgement) = &mut row.judgement else { continue };
            let here = self.cells[row.cell].forfeit().filter(|_| judgement.verdict != Verdict::Worse);
            let there = self.cells[row.against].forfeit().filter(|_| judgement.verdict != Verdict::Better);
            let why = here.map(|did| format!("it {did}"));
            row.withheld = why.or_else(|| there.map(|did| format!("what it is compared with {did}")));
            if row.withheld.is_some() {
                judgement.verdict = Verdict::NotJudged { reason: NotJudged::Withheld };
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
    let comparable = compared.filter_map(|row| row.primary.as_ref().filter(|primary| primary.no_ratio.is_none()));
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

//! One arm at one point: which objectives it meets, what it costs, and how far it is from what it does not meet.

use super::judge::judge;
use super::late::late_flushes;
use super::objective::{excess, wants_less};
use super::{Ask, Estimate, Judged, MOST_BLOCKS, Met};
use crate::analysis::{Analysis, CellFigures, Subject};
use crate::assertions::invalid;
use crate::units;
use cachemark_results::Assertion;
use cachemark_results::figure::{ERROR_RATIO, ERRORS};
use cachemark_results::warning::{DECLARED_LOSSES, FAILURES, Gravity, gravity};
use cachemark_results::{MANY, Warning};

/// An arm over a cache and a store, held against the objectives.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The cell's id.
    pub cell: String,
    /// The arm's name.
    pub arm: String,
    /// The cache's.
    pub cache: String,
    /// The store's.
    pub store: String,
    /// What it is called here: the arm's name, with cache and store where the arm is there over several.
    pub name: String,
    /// How it came out.
    pub met: Met,
    /// Why, where its objectives alone don't say it.
    pub why: Option<String>,
    /// The objectives, in the order in which they were asked.
    pub objectives: Vec<Judged>,
    /// What a million of its operations cost; none without a price, or where what it asked was not seen or came too late.
    pub cost: Option<Estimate>,
    /// Whether no other is as good or better in every objective's figure and in cost, and better in one, by the medians.
    pub on_frontier: bool,
    /// How far its median is beyond the bound, at the objective of which it is furthest, as a share of the bound; none where a
    /// figure is missing, or where no figure makes up for what it did.
    pub excess: Option<f64>,
    /// What a reader should know who takes it, each after its name.
    pub notes: Vec<String>,
}

/// Why a cell is no candidate whatever its figures.
enum Barred {
    /// It can't be what is asked for.
    For(String),
    /// Its figures are none to go by.
    Unknown(String),
}

impl Candidate {
    /// Judges a cell.
    pub(super) fn of(analysis: &Analysis<'_>, figures: &CellFigures<'_>, ask: &Ask) -> Self {
        let barred = barred(figures);
        let unknown = |barred: &Option<Barred>| match barred {
            Some(Barred::Unknown(why)) => Some(why.clone()),
            _ => None,
        };
        let judged = |objective: &Assertion| match unknown(&barred) {
            Some(why) => Judged::of_nothing(&why),
            None => judge(objective, figures, analysis.open_loop),
        };
        let mut objectives: Vec<Judged> = ask.objectives.iter().map(judged).collect();
        let for_verdicts = blocks_for_verdicts(analysis);
        objectives.iter_mut().for_each(|judged| judged.at_least(for_verdicts));
        let by_figures = Met::all(objectives.iter().map(|judged| judged.met));
        let (met, why) = match (&barred, by_figures) {
            (Some(Barred::For(why)), _) => (Met::Fails, Some(why.clone())),
            (Some(Barred::Unknown(why)), _) => (Met::CannotTell, Some(why.clone())),
            (None, Met::Meets) => match withheld(figures, &ask.objectives) {
                Some(why) => (Met::CannotTell, Some(why)),
                None => (Met::Meets, None),
            },
            (None, met) => (met, None),
        };
        let seen = analysis.subject != Subject::Service;
        let late = ask.price.filter(|price| price.store > 0.0).and_then(|_| late_flushes(figures));
        let price = ask.price.filter(|_| late.is_none());
        let cost = price.and_then(|price| Estimate::of_cell(figures, |trial| price.of(trial, seen)));
        let excess = furthest(&ask.objectives, &objectives).filter(|_| barred.is_none());
        let cell = figures.cell;
        Self {
            cell: cell.id.clone(),
            arm: cell.arm.clone(),
            cache: cell.cache.clone(),
            store: cell.store.clone(),
            name: analysis.label(figures).to_owned(),
            met,
            why,
            objectives,
            cost,
            on_frontier: false,
            excess,
            notes: declared(figures).into_iter().chain(late.map(|late| format!("has no cost: {late}"))).collect(),
        }
    }

    /// Its place among the others: the median of each objective's figure, the less the better, and the cost where there is a
    /// price. None where one is missing, or where nothing makes up for what it did.
    pub(super) fn place(&self, ask: &Ask) -> Option<Vec<f64>> {
        self.excess?;
        let figure = |(objective, judged): (&Assertion, &Judged)| {
            let median = judged.estimate?.median;
            Some(if wants_less(objective) { median } else { -median })
        };
        let mut place: Vec<f64> = ask.objectives.iter().zip(&self.objectives).map(figure).collect::<Option<_>>()?;
        if ask.price.is_some() {
            place.push(self.cost?.median);
        }
        Some(place)
    }

    /// The objective of which it is furthest beyond the bound, by its place among those asked.
    pub(crate) fn furthest(&self, ask: &Ask) -> Option<usize> {
        let of = |place: &usize| excess_of(&ask.objectives[*place], &self.objectives[*place]);
        (0..ask.objectives.len()).max_by(|a, b| of(a).unwrap_or(0.0).total_cmp(&of(b).unwrap_or(0.0)))
    }

    /// Over all objectives together, for those that are as far from one.
    pub(super) fn sum_of_excess(&self, ask: &Ask) -> f64 {
        ask.objectives.iter().zip(&self.objectives).filter_map(|(objective, judged)| excess_of(objective, judged)).sum()
    }
}

/// How many blocks the record's comparisons take, where they lack some; 0 where they don't.
fn blocks_for_verdicts(analysis: &Analysis<'_>) -> usize {
    let families = analysis.families.iter().chain(&analysis.recoveries);
    let short = families.filter(|family| family.size > 0 && family.blocks < family.blocks_needed);
    let needed = short.map(|family| family.blocks_needed as usize).filter(|needed| *needed <= MOST_BLOCKS);
    needed.max().unwrap_or(0)
}

fn excess_of(objective: &Assertion, judged: &Judged) -> Option<f64> {
    Some(excess(objective, judged.estimate?.median))
}

/// The greatest excess; none where a figure is missing.
fn furthest(asked: &[Assertion], judged: &[Judged]) -> Option<f64> {
    let each: Option<Vec<f64>> = asked.iter().zip(judged).map(|(asked, judged)| excess_of(asked, judged)).collect();
    each?.into_iter().reduce(f64::max)
}

fn barred(figures: &CellFigures<'_>) -> Option<Barred> {
    if let Some(why) = &figures.cell.unsupported {
        return Some(Barred::For(format!("unsupported: {why}")));
    }
    if let Some(did) = figures.undeclared_forfeit() {
        return Some(Barred::For(format!("it {did}")));
    }
    if figures.invalid.len() > figures.trials.len() {
        return Some(Barred::Unknown(invalid(figures)));
    }
    figures.trials.is_empty().then(|| Barred::Unknown("no trial of it was finished".to_owned()))
}

/// Why a cell that keeps to every objective is not said to meet them: something grave was seen in one of its trials, or its
/// figures are of those operations alone that were answered, and nothing that is asked says how many may not be.
fn withheld(figures: &CellFigures<'_>, objectives: &[Assertion]) -> Option<String> {
    let allows_failures = objectives.iter().any(|objective| [ERRORS, ERROR_RATIO].contains(&objective.figure));
    let grave =
        |warning: &&Warning| gravity(&warning.code) == Gravity::Grave && !(allows_failures && warning.is(FAILURES));
    let seen = figures.finished().flat_map(|trial| &trial.warnings).find(grave);
    let many = || {
        let leaves_out = !allows_failures && figures.trials.iter().any(|trial| trial.leaves_out_many());
        let share = units::percent(MANY);
        leaves_out.then(|| format!("more than {share} of what was asked has no answer: ask for error_ratio too"))
    };
    seen.map(|warning| format!("{}: {}", warning.code, warning.text)).or_else(many)
}

/// What it did that its strategy declares.
fn declared(figures: &CellFigures<'_>) -> Option<String> {
    let lost = figures.finished().any(|trial| trial.warnings.iter().any(|warning| warning.is(DECLARED_LOSSES)));
    lost.then(|| "lost acknowledged writes, as its strategy declares that it may".to_owned())
}

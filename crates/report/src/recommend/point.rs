//! The answer at one point of the axes.

use super::{Ask, Candidate, Met, Place};
use crate::analysis::{Analysis, CellFigures, stack_label, unbeaten};

/// Which arms keep to what is asked, where all of them were asked for the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Where.
    pub place: Place,
    /// Every arm there, in the record's order.
    pub candidates: Vec<Candidate>,
    /// Whether one of them meets it.
    pub met: Met,
    /// Of those that meet it, the one that costs least, or those that cost as little: indices into the candidates. Empty
    /// without a price.
    pub cheapest: Vec<usize>,
    /// Others that meet it and whose costs are not told apart from that: their intervals overlap.
    pub as_cheap: Vec<usize>,
    /// Where none is shown to meet it, the candidate that is least beyond a bound by its medians, or those that are as little
    /// beyond: least by the objective of which it is furthest, then by the sum over all.
    pub nearest: Vec<usize>,
}

impl Point {
    pub(super) fn of(analysis: &Analysis<'_>, place: Place, cells: &[&CellFigures<'_>], ask: &Ask) -> Self {
        let mut candidates: Vec<Candidate> =
            cells.iter().map(|figures| Candidate::of(analysis, figures, ask)).collect();
        tell_apart(&mut candidates, cells);
        mark_frontier(&mut candidates, ask);
        let met = Met::any(candidates.iter().map(|candidate| candidate.met));
        let cheapest = cheapest(&candidates);
        Self {
            place,
            met,
            as_cheap: as_cheap(&candidates, &cheapest),
            cheapest,
            nearest: if met == Met::Meets { Vec::new() } else { nearest(&candidates, ask) },
            candidates,
        }
    }

    /// Those that came out so.
    pub fn that(&self, met: Met) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(move |candidate| candidate.met == met)
    }
}

/// Names the stack of those that have one name.
fn tell_apart(candidates: &mut [Candidate], cells: &[&CellFigures<'_>]) {
    let names: Vec<String> = candidates.iter().map(|candidate| candidate.name.clone()).collect();
    for (candidate, figures) in candidates.iter_mut().zip(cells) {
        if names.iter().filter(|name| **name == candidate.name).count() > 1 {
            candidate.name += &format!(" ({})", stack_label(figures.cell, false));
        }
    }
}

fn mark_frontier(candidates: &mut [Candidate], ask: &Ask) {
    let placed: Vec<(usize, Vec<f64>)> =
        candidates.iter().enumerate().filter_map(|(index, candidate)| Some((index, candidate.place(ask)?))).collect();
    let places: Vec<&Vec<f64>> = placed.iter().map(|(_, place)| place).collect();
    for ((index, _), unbeaten) in placed.iter().zip(unbeaten(&places)) {
        candidates[*index].on_frontier = unbeaten;
    }
}

/// Those of `among` at which `value` is least; none where it is nowhere a number.
fn least(among: impl Iterator<Item = (usize, f64)> + Clone) -> Vec<usize> {
    let least = among.clone().map(|(_, value)| value).filter(|value| value.is_finite()).reduce(f64::min);
    among.filter(|(_, value)| Some(*value) == least).map(|(index, _)| index).collect()
}

fn costs(candidates: &[Candidate]) -> impl Iterator<Item = (usize, super::Estimate)> + Clone {
    let meets = candidates.iter().enumerate().filter(|(_, candidate)| candidate.met == Met::Meets);
    meets.filter_map(|(index, candidate)| Some((index, candidate.cost?)))
}

fn cheapest(candidates: &[Candidate]) -> Vec<usize> {
    least(costs(candidates).map(|(index, cost)| (index, cost.median)))
}

fn as_cheap(candidates: &[Candidate], cheapest: &[usize]) -> Vec<usize> {
    let of_cheapest = cheapest.iter().filter_map(|index| candidates[*index].cost);
    let overlaps = |cost: super::Estimate| of_cheapest.clone().any(|cheapest| cheapest.overlaps(&cost));
    let others = costs(candidates).filter(|(index, _)| !cheapest.contains(index));
    others.filter(|(_, cost)| overlaps(*cost)).map(|(index, _)| index).collect()
}

fn nearest(candidates: &[Candidate], ask: &Ask) -> Vec<usize> {
    let excess = candidates.iter().enumerate().filter_map(|(index, candidate)| Some((index, candidate.excess?)));
    let nearest = least(excess);
    least(nearest.iter().map(|index| (*index, candidates[*index].sum_of_excess(ask))))
}

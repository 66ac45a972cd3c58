//! The third sentence: what the answer stands on.

use super::choice::{Choice, Chosen};
use super::lists::all_of;
use super::point::Point;
use super::what::{Told, kind};
use super::{Kind, doubts};
use crate::tables::counted;
use crate::units;
use cachemark_stats::{ALPHA, Verdict};

pub(super) fn sure(told: &Told<'_, '_>) -> String {
    let quiet = doubts::quiet(told.analysis).map(|quiet| format!("; {quiet}")).unwrap_or_default();
    format!("{}{quiet}.", shown(told))
}

/// By what it is shown.
fn shown(told: &Told<'_, '_>) -> String {
    let doubts = if told.has_doubts { ", with the doubts below" } else { "" };
    let test = format!("Holm's test at {} over {}", units::percent(ALPHA), blocks(told));
    let shown = format!("Shown by verdict ({test}){doubts}");
    match told.choice {
        Choice::Depends if told.analysis.pairs || !has_several(told) => shown,
        Choice::Depends => format!("{shown}; where several are better, the one leads whose interval lies apart"),
        Choice::Of(chosen) => match kind(told) {
            Kind::Use => format!("{shown}{}", ranking(told, chosen)),
            Kind::Reference => {
                format!("Each of the others is worse somewhere by verdict ({test}){doubts}{}", rivals(chosen))
            }
            _ => format!("{}{}", of_tie(told, chosen, &format!("({test}){doubts}")), rivals(chosen)),
        },
    }
}

/// Whether several arms are compared with the reference at a point.
fn has_several(told: &Told<'_, '_>) -> bool {
    let others = |point: &Point<'_>| point.standings.iter().filter(|standing| !standing.is_reference()).count();
    told.first().points.iter().any(|point| others(point) > 1)
}

/// The blocks that every point has.
fn blocks(told: &Told<'_, '_>) -> String {
    let blocks = told.figures.iter().flat_map(|of_figure| &of_figure.points).map(|point| point.family.blocks);
    counted(blocks.min().unwrap_or(0) as usize, "block")
}

/// How the winner came before others that are better than the reference, too.
fn ranking(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> String {
    let is_other = |name: &str| !chosen.arms.contains(&name) && !chosen.rivals.contains(&name);
    let points = told.figures.iter().flat_map(|of_figure| &of_figure.points);
    let beaten = points.flat_map(|point| &point.standings);
    let beaten = beaten.filter(|standing| standing.is(Verdict::Better) && is_other(standing.name)).count();
    let mut text = String::new();
    if beaten > 0 {
        text += match told.analysis.pairs {
            true => "; before the others by the verdicts on pairs",
            false => "; before the others by intervals that lie apart, which is no verdict (--pairs gives one)",
        };
    }
    text + &rivals(chosen)
}

fn rivals(chosen: &Chosen<'_>) -> String {
    match chosen.rivals.as_slice() {
        [] => String::new(),
        rivals => format!("; not shown to be behind: {}", all_of(rivals)),
    }
}

fn of_tie(told: &Told<'_, '_>, chosen: &Chosen<'_>, test: &str) -> String {
    let points = || told.figures.iter().flat_map(|of_figure| &of_figure.points);
    let standings = || points().flat_map(|point| chosen.arms.iter().filter_map(|name| point.standing(name)));
    let count = |verdict| standings().filter(|standing| standing.is(verdict)).count();
    match (count(Verdict::Equivalent), count(Verdict::Inconclusive)) {
        (equivalent, 0) if equivalent > 0 => format!("Shown to be alike by verdict {test}"),
        (0, _) => {
            format!("Not shown either way {test}: \"inconclusive\" is not \"no difference\", and more blocks may tell")
        }
        (equivalent, open) => {
            format!("Shown to be alike by {} and not shown either way by {open} {test}", counted(equivalent, "verdict"))
        }
    }
}

//! One family of comparisons by one figure: who leads it, and who is shown to be behind.

use super::candidates::Candidates;
use crate::analysis::{Analysis, Compared, Family, FamilyRow, Role};
use cachemark_results::Figure;
use cachemark_stats::{Direction, Verdict};

/// The points of a figure, in the manifest's order.
pub(super) struct OfFigure<'a> {
    pub(super) figure: &'static Figure,
    pub(super) points: Vec<Point<'a>>,
}

/// A family with a verdict.
pub(super) struct Point<'a> {
    pub(super) family: &'a Family,
    /// The candidates that were measured there.
    pub(super) standings: Vec<Standing<'a>>,
}

/// A candidate at a point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing<'a> {
    pub(super) name: &'a str,
    pub(super) row: &'a FamilyRow,
    /// Its interval against the reference, turned so that more is better: the least, the estimate, the greatest.
    gain: Option<[f64; 3]>,
    /// Whether the reference's second run lies as far from it: then its own distance shows nothing.
    in_noise: bool,
}

/// What a point says of some candidates.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lead<'a> {
    pub(super) leading: Vec<&'a str>,
    /// Those that lead, and those that may be as good.
    pub(super) not_behind: Vec<&'a str>,
}

/// The points of every figure that verdicts are given on; figures without one are left out.
pub(super) fn by_figure<'a>(analysis: &'a Analysis<'_>, candidates: &Candidates<'a>) -> Vec<OfFigure<'a>> {
    let of_figure = |figure: &&'static Figure| {
        let families = analysis.families.iter().filter(|family| family.figure == Some(*figure) && is_judged(family));
        let points: Vec<Point<'_>> = families.map(|family| Point::of(family, candidates)).collect();
        (!points.is_empty()).then_some(OfFigure { figure, points })
    };
    analysis.verdict_on.iter().filter_map(of_figure).collect()
}

/// The points of families by their figures, in their order; those without a verdict are left out.
pub(super) fn of_families<'a>(families: &'a [Family], candidates: &Candidates<'a>) -> Vec<OfFigure<'a>> {
    let mut found: Vec<OfFigure<'a>> = Vec::new();
    for family in families.iter().filter(|family| is_judged(family)) {
        let Some(figure) = family.figure else { continue };
        let point = Point::of(family, candidates);
        match found.iter_mut().find(|of_figure| of_figure.figure == figure) {
            Some(of_figure) => of_figure.points.push(point),
            None => found.push(OfFigure { figure, points: vec![point] }),
        }
    }
    found
}

fn is_judged(family: &Family) -> bool {
    family.rows.iter().any(|row| row.is_an_arm(family) && row.role == Role::Compared && row.is_judged())
}

impl<'a> Point<'a> {
    fn of(family: &'a Family, candidates: &Candidates<'a>) -> Self {
        let rows = family.rows.iter().filter(|row| row.is_an_arm(family) && row.measured);
        let rows = rows.filter(|row| candidates.names.contains(&row.label.as_str()));
        let strays = strays(family);
        let standing = |row: &'a FamilyRow| {
            let gain = gain(row);
            let in_noise = row.role == Role::Compared && strays.zip(gain).is_some_and(|(of, gain)| overlap(of, gain));
            Standing { name: &row.label, row, gain, in_noise }
        };
        Self { family, standings: rows.map(standing).collect() }
    }

    pub(super) fn standing(&self, name: &str) -> Option<&Standing<'a>> {
        self.standings.iter().find(|standing| standing.name == name)
    }

    /// Who leads of those that are asked for.
    pub(super) fn lead(&self, among: &[&str]) -> Lead<'a> {
        let there: Vec<&Standing<'a>> =
            self.standings.iter().filter(|standing| among.contains(&standing.name)).collect();
        let named = |standings: Vec<&Standing<'a>>| standings.into_iter().map(|standing| standing.name).collect();
        let eligible = eligible(&there);
        let reference = eligible.iter().find(|standing| standing.is_reference());
        // Where the reference is eligible nobody is better.
        let leader = reference.or_else(|| eligible.iter().max_by(|a, b| a.estimate().total_cmp(&b.estimate())));
        let Some(leader) = leader.copied() else {
            return Lead { leading: Vec::new(), not_behind: Vec::new() };
        };
        let not_behind = |standing: &&&Standing<'a>| !self.is_behind(standing, leader);
        Lead {
            leading: named(eligible.iter().filter(|standing| !self.is_behind(standing, leader)).copied().collect()),
            not_behind: named(there.iter().filter(not_behind).copied().collect()),
        }
    }

    /// Whether `it` is shown to be behind `leader`.
    fn is_behind(&self, it: &Standing<'_>, leader: &Standing<'_>) -> bool {
        if it.name == leader.name {
            return false;
        }
        match (it.is_reference(), leader.is_reference()) {
            (_, true) => it.is(Verdict::Worse),
            (true, false) => leader.is(Verdict::Better),
            (false, false) => self.by_pair(it, leader).unwrap_or_else(|| it.lies_apart_below(leader)),
        }
    }

    /// What the verdict on their pair says, if the run compares pairs.
    fn by_pair(&self, it: &Standing<'_>, leader: &Standing<'_>) -> Option<bool> {
        let (it, leader) = (it.row.cell, leader.row.cell);
        let pairs = || self.family.rows.iter().filter(|row| row.is_pair(self.family));
        let found = |cell: usize, against: usize| pairs().find(|row| row.cell == cell && row.against == against);
        found(leader, it)
            .map(|row| row.is(Verdict::Better))
            .or_else(|| found(it, leader).map(|row| row.is(Verdict::Worse)))
    }
}

/// Who may lead: those that are better than the reference; else those that are not worse, the reference among them; else, if
/// the reference is not there, all.
fn eligible<'s, 'a>(there: &[&'s Standing<'a>]) -> Vec<&'s Standing<'a>> {
    let those = |may: fn(&Standing<'_>) -> bool| -> Vec<&'s Standing<'a>> {
        there.iter().copied().filter(|standing| may(standing)).collect()
    };
    let better = those(|standing| standing.is(Verdict::Better));
    let not_worse = those(|standing| {
        standing.is_reference() || standing.is(Verdict::Equivalent) || standing.is(Verdict::Inconclusive)
    });
    [better, not_worse].into_iter().find(|those| !those.is_empty()).unwrap_or_else(|| those(|it| it.gain.is_some()))
}

impl<'a> Standing<'a> {
    pub(super) fn is_reference(&self) -> bool {
        self.row.role == Role::Reference
    }

    /// Whether that is its verdict, as far as the A/A control leaves one.
    pub(super) fn is(&self, verdict: Verdict) -> bool {
        let decided = || self.row.is(Verdict::Better) || self.row.is(Verdict::Worse);
        match verdict {
            Verdict::Better | Verdict::Worse => !self.in_noise && self.row.is(verdict),
            Verdict::Inconclusive => self.row.is(verdict) || (self.in_noise && decided()),
            _ => self.row.is(verdict),
        }
    }

    /// The comparison by the point's figure; none of the reference.
    pub(super) fn compared(&self) -> Option<&'a Compared> {
        self.row.primary.as_ref()
    }

    fn estimate(&self) -> f64 {
        self.gain.map_or(f64::NEG_INFINITY, |[_, estimate, _]| estimate)
    }

    /// Whether its interval lies wholly below the other's.
    fn lies_apart_below(&self, other: &Standing<'_>) -> bool {
        self.gain.zip(other.gain).is_some_and(|([.., greatest], [least, ..])| greatest < least)
    }
}

/// Where the A/A control lies, if its interval leaves out that there is no difference.
fn strays(family: &Family) -> Option<[f64; 3]> {
    let control = family.rows.iter().find(|row| row.role == Role::Control && row.misses_1())?;
    gain(control)
}

fn overlap([a, _, b]: [f64; 3], [c, _, d]: [f64; 3]) -> bool {
    a <= d && c <= b
}

/// The interval of a row on a scale on which more is better; the reference's own is 0.
fn gain(row: &FamilyRow) -> Option<[f64; 3]> {
    if row.role == Role::Reference {
        return Some([0.0; 3]);
    }
    let found = &row.primary.as_ref()?.comparison;
    let of_ratio = found.ratio.zip(found.interval).map(|(ratio, of)| [of.low, ratio, of.high].map(f64::ln));
    let of_difference = found.difference.zip(found.difference_interval);
    let of_difference = of_difference.map(|(difference, of)| [of.low, difference, of.high]);
    let [least, estimate, greatest] = of_ratio.or(of_difference)?;
    match found.direction {
        Direction::HigherIsBetter => Some([least, estimate, greatest]),
        Direction::LowerIsBetter => Some([-greatest, -estimate, -least]),
        Direction::Neither => None,
    }
}

//! The second sentence: what the other figures say of what is recommended.

use super::choice::{Choice, Chosen};
use super::durability::loss;
use super::effect::Span;
use super::point::{OfFigure, Standing};
use super::staleness::none_seen;
use super::what::Told;
use crate::analysis::Compared;
use crate::tables::counted;
use crate::units;
use cachemark_results::Figure;
use cachemark_results::figure::STALE_READS;
use cachemark_stats::{Direction, Verdict};

/// How many figures have room in a sentence.
const FIGURES: usize = 3;

/// What one figure says: the worse, the earlier it is told.
struct Said {
    gravity: Gravity,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gravity {
    Worse,
    NotTold,
    Better,
}

pub(super) fn price(told: &Told<'_, '_>) -> Option<String> {
    let Choice::Of(chosen) = told.choice else { return None };
    let mut said = match chosen.better_by {
        Some(better_by) => of_winners(told, chosen, better_by),
        None => of_others(told, chosen),
    };
    said.sort_by_key(|said| said.gravity);
    // Stale reads are a price as well: they stand beside the name.
    let none_seen = none_seen(told.analysis, told.figures, &chosen.arms);
    let loss = loss(told.run, told.analysis, &chosen.arms);
    let has_price =
        loss.is_some() || none_seen.is_none() || said.first().is_some_and(|said| said.gravity == Gravity::Worse);
    let none = (chosen.better_by.is_some() && !said.is_empty() && !has_price).then(|| "none shown".to_owned());
    let said: Vec<String> = said.into_iter().take(FIGURES).map(|said| said.text).collect();
    let by_interval = chosen.better_by.is_some() && told.figures.len() == 1 && !said.is_empty();
    // What a crash loses comes first: who uses it has to know.
    let mut parts: Vec<String> = none.into_iter().chain(loss).collect();
    if by_interval {
        parts.push(format!("{} (intervals, not tested)", units::listed(&said)));
    } else {
        parts.extend(said);
    }
    parts.extend(none_seen);
    (!parts.is_empty()).then(|| units::capital(&parts.join("; ")) + ".")
}

/// What the other figures say of the winners: those that verdicts are on; without others, those that tables show, for which there are
/// intervals and no verdicts.
fn of_winners(told: &Told<'_, '_>, chosen: &Chosen<'_>, better_by: &'static Figure) -> Vec<Said> {
    let others = told.figures.iter().filter(|of_figure| of_figure.figure != better_by);
    let said: Vec<Said> = others.filter_map(|of_figure| by_verdict(told, chosen, of_figure)).collect();
    if told.figures.len() > 1 {
        return said;
    }
    let shown = told.analysis.shown.iter().filter(|figure| **figure != better_by && **figure != STALE_READS);
    shown.filter_map(|figure| by_interval(told, chosen, figure)).collect()
}

fn by_verdict(told: &Told<'_, '_>, chosen: &Chosen<'_>, OfFigure { figure, points }: &OfFigure<'_>) -> Option<Said> {
    let standings = points.iter().flat_map(|point| chosen.arms.iter().filter_map(|name| point.standing(name)));
    let standings: Vec<_> = standings.filter(|standing| !standing.is_reference()).collect();
    let count = |verdict| standings.iter().filter(|standing| standing.is(verdict)).count();
    let (better, worse, equivalent) = (count(Verdict::Better), count(Verdict::Worse), count(Verdict::Equivalent));
    let (all, title) = (standings.len(), told.title(figure));
    if all == 0 {
        return None;
    }
    let found: Vec<&Compared> = standings.iter().filter_map(|standing| standing.compared()).collect();
    let gravity = if worse > 0 {
        Gravity::Worse
    } else if better == all {
        Gravity::Better
    } else {
        Gravity::NotTold
    };
    let text = if worse == all || better == all {
        Span::over(&found).map_or_else(
            || format!("{title} {}", if worse == all { "worse" } else { "better" }),
            |span| span.briefly(title),
        )
    } else if equivalent == all {
        format!("{title} alike")
    } else if better + worse + equivalent == 0 {
        format!("no difference in {title} shown")
    } else {
        let words = [(worse, "worse"), (better, "better"), (equivalent, "equivalent")];
        let words = words.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{word} in {count}"));
        format!("{title} {} of {}", words.collect::<Vec<_>>().join(", "), counted(all, "comparison"))
    };
    Some(Said { gravity, text })
}

fn by_interval(told: &Told<'_, '_>, chosen: &Chosen<'_>, figure: &'static Figure) -> Option<Said> {
    let points = &told.first().points;
    let standings = points.iter().flat_map(|point| chosen.arms.iter().filter_map(|name| point.standing(name)));
    let standings: Vec<_> = standings.collect();
    // Times of the answered alone flatter who turned many away; verdicts take care of it, intervals don't.
    let flattered = |cell: usize| told.analysis.cells[cell].trials.iter().any(|trial| trial.leaves_out_many());
    let is_flattered = |standing: &&Standing<'_>| flattered(standing.row.cell) || flattered(standing.row.against);
    if figure.is_time() && standings.iter().any(is_flattered) {
        return None;
    }
    let found = standings.iter().map(|standing| standing.row.exploratory.iter().find(|other| other.figure == figure));
    let found: Vec<&Compared> = found.collect::<Option<_>>()?;
    let span = Span::over(&found)?;
    let title = told.title(figure);
    if span.holds_none() {
        return Some(Said { gravity: Gravity::NotTold, text: format!("no difference in {title} shown") });
    }
    let gravity = match (figure.better, span.is_more()) {
        (Direction::HigherIsBetter, true) | (Direction::LowerIsBetter, false) => Gravity::Better,
        (Direction::HigherIsBetter, false) | (Direction::LowerIsBetter, true) => Gravity::Worse,
        (Direction::Neither, _) => Gravity::NotTold,
    };
    Some(Said { gravity, text: span.briefly(title) })
}

/// Where nobody is better by the first figure: what others are better by.
fn of_others(told: &Told<'_, '_>, chosen: &Chosen<'_>) -> Vec<Said> {
    let better = |of_figure: &OfFigure<'_>| {
        let standings = of_figure.points.iter().flat_map(|point| &point.standings);
        let others = standings.filter(|standing| !standing.is_reference() && !chosen.arms.contains(&standing.name));
        let (mut better, mut all) = (0, 0);
        for standing in others {
            all += 1;
            better += usize::from(standing.is(Verdict::Better));
        }
        let title = told.title(of_figure.figure);
        let text = || format!("others are better by {title} in {better} of {}", counted(all, "comparison"));
        (better > 0).then(|| Said { gravity: Gravity::Worse, text: text() })
    };
    told.figures.iter().filter_map(better).collect()
}

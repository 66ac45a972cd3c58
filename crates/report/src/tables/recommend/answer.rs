//! The answer in sentences: who meets it, who is cheapest or nearest, and what to measure next.

use crate::recommend::{Ask, Candidate, MOST_BLOCKS, Met, Next, Point, Recommendation, median_in_words, too_few};
use crate::tables::counted;
use crate::units;

/// So many arms are named in a sentence; the table has all.
const NAMED: usize = 6;

/// The sentences that are read first.
pub(super) fn sentences(ask: &Ask, told: &Recommendation) -> Vec<String> {
    let mut lines = match told.points.as_slice() {
        [point] => of_point(ask, point),
        points => {
            let of_each = |point: &Point| format!("{}: {}", point.place.label(), of_point(ask, point).join(" "));
            [over_all(points)].into_iter().chain(points.iter().map(of_each)).collect()
        }
    };
    if told.met() != Met::Meets {
        lines.extend(next(told));
    }
    lines
}

/// What the points come to together.
fn over_all(points: &[Point]) -> String {
    let met = points.iter().filter(|point| point.met == Met::Meets).count();
    let at = format!("At {met} of {} some arm meets it", counted(points.len(), "point"));
    let same = |a: &Candidate, b: &Candidate| (&a.arm, &a.cache, &a.store) == (&b.arm, &b.cache, &b.store);
    let everywhere =
        |candidate: &&Candidate| points.iter().all(|point| point.that(Met::Meets).any(|other| same(candidate, other)));
    let meeting = points.first().into_iter().flat_map(|point| point.that(Met::Meets));
    let all: Vec<&str> = meeting.filter(everywhere).map(|arm| arm.name.as_str()).collect();
    match all.is_empty() {
        _ if met == 0 => format!("At none of {} an arm is shown to meet it.", counted(points.len(), "point")),
        true => format!("{at}; none does at every one."),
        false => format!("{at}; at every one: {}.", few(&all)),
    }
}

fn of_point(ask: &Ask, point: &Point) -> Vec<String> {
    let those = |met: Met| few(&point.that(met).map(|candidate| candidate.name.as_str()).collect::<Vec<_>>());
    let mut lines = vec![match point.met {
        Met::Meets => format!("Meets it: {}.", those(Met::Meets)),
        Met::Fails => "None meets it.".to_owned(),
        Met::CannotTell => match without_intervals(point) {
            Some(blocks) => format!("None is shown to meet it: {}. {}", too_few(blocks), so_far(point)),
            None => format!("None is shown to meet it, and these may: {}.", those(Met::CannotTell)),
        },
    }];
    lines.extend(cheapest(ask, point));
    lines.extend(nearest(ask, point));
    lines
}

/// How many blocks there are, where they are too few for anything to be told of those that are open. What has no figures is open for another
/// reason.
fn without_intervals(point: &Point) -> Option<usize> {
    let estimates = || point.that(Met::CannotTell).flat_map(|it| &it.objectives).filter_map(|it| it.estimate.as_ref());
    let few = estimates().all(|estimate| estimate.interval.is_none());
    estimates().map(|estimate| estimate.blocks).max().filter(|_| few)
}

/// Who keeps to what is asked by medians alone, and who does not.
fn so_far(point: &Point) -> String {
    let those = |is_it: fn(f64) -> bool| -> Vec<&str> {
        let open = point.that(Met::CannotTell).filter(|it| it.excess.is_some_and(is_it));
        open.map(|it| it.name.as_str()).collect()
    };
    let (keep, others) = (those(|excess| excess <= 0.0), those(|excess| excess > 0.0));
    if keep.is_empty() {
        return "By the medians so far none keeps to every bound.".to_owned();
    }
    let keeps = if keep.len() == 1 { "keeps" } else { "keep" };
    let does = if others.len() == 1 { "does" } else { "do" };
    let others = if others.is_empty() { String::new() } else { format!("; {} {does} not", few(&others)) };
    format!("By the medians so far {} {keeps} to every bound{others}.", few(&keep))
}

fn cheapest(ask: &Ask, point: &Point) -> Option<String> {
    ask.price.filter(|_| point.met == Met::Meets)?;
    let named =
        |which: &[usize]| few(&which.iter().map(|index| point.candidates[*index].name.as_str()).collect::<Vec<_>>());
    let Some(cost) = point.cheapest.first().and_then(|index| point.candidates[*index].cost) else {
        return Some("What it costs is not known: what was asked of the cache was not seen.".to_owned());
    };
    let as_cheap = match point.as_cheap.is_empty() {
        true => String::new(),
        false => format!("; not told apart from that: {}", named(&point.as_cheap)),
    };
    Some(format!(
        "Cheapest: {}, {} per million operations{as_cheap}.",
        named(&point.cheapest),
        units::count(cost.median)
    ))
}

fn nearest(ask: &Ask, point: &Point) -> Option<String> {
    let first = &point.candidates[*point.nearest.first()?];
    let names: Vec<&str> = point.nearest.iter().map(|index| point.candidates[*index].name.as_str()).collect();
    let place = first.furthest(ask)?;
    let (objective, estimate) = (&ask.objectives[place], first.objectives[place].estimate?);
    match first.excess? {
        beyond if beyond > 0.0 => {
            let (figure, value) = (objective.figure.name, median_in_words(objective, &estimate));
            let beyond = units::small_percent(beyond);
            let by = if estimate.is_bound(estimate.median) { "at least" } else { "at most" };
            Some(format!(
                "Nearest by the medians: {}, beyond a bound by {beyond} {by}: {figure} is {value}.",
                few(&names)
            ))
        }
        // That was said.
        _ if without_intervals(point).is_some() => None,
        _ => {
            let keeps = if names.len() == 1 { "keeps" } else { "keep" };
            Some(format!("By the medians {} {keeps} to every bound, which is not shown.", few(&names)))
        }
    }
}

/// What to measure next: more blocks, or what trials lack.
pub(super) fn next(told: &Recommendation) -> Vec<String> {
    let open = told.points.iter().flat_map(|point| point.that(Met::CannotTell));
    let each = open.flat_map(|candidate| candidate.objectives.iter().map(move |judged| (candidate, judged)));
    let (mut blocks, mut most) = (Group::default(), 0);
    let (mut too_near, mut settings): (Group<'_>, Vec<(String, Group<'_>)>) = (Group::default(), Vec::new());
    for (candidate, judged) in each {
        match &judged.next {
            Some(Next::Blocks(Some(needed))) => {
                most = most.max(*needed);
                blocks.add(candidate);
            }
            Some(Next::Blocks(None)) => too_near.add(candidate),
            Some(Next::Setting(what)) => match settings.iter_mut().find(|(known, _)| known == what) {
                Some((_, group)) => group.add(candidate),
                None => settings.push((what.clone(), Group(vec![candidate.name.as_str()]))),
            },
            None => {}
        }
    }
    let mut lines: Vec<String> =
        settings.iter().map(|(what, group)| format!("Next, for {}: {what}.", few(&group.0))).collect();
    if !blocks.0.is_empty() {
        let of = few(&blocks.0);
        lines
            .push(format!("Next, for {of}: about --blocks {most}, if medians stay and blocks are spread as they are."));
    }
    if !too_near.0.is_empty() {
        let of = few(&too_near.0);
        lines.push(format!("Of {of} a median lies so near its bound that --blocks {MOST_BLOCKS} would not tell."));
    }
    lines
}

/// Names, each once.
#[derive(Default)]
struct Group<'a>(Vec<&'a str>);

impl<'a> Group<'a> {
    fn add(&mut self, candidate: &'a Candidate) {
        if !self.0.contains(&candidate.name.as_str()) {
            self.0.push(&candidate.name);
        }
    }
}

/// Names within a sentence, of many the first.
fn few(names: &[&str]) -> String {
    match names.len().checked_sub(NAMED) {
        None | Some(0) => units::listed(names),
        Some(more) => format!("{} and {more} more", names[..NAMED].join(", ")),
    }
}

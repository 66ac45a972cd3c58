//! The answer in sentences: who meets it, who is cheapest or nearest, and what to measure next.

use crate::recommend::{Ask, Candidate, MOST_BLOCKS, Met, Next, Point, Recommendation, value_in_words};
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
        Met::CannotTell => format!("None is shown to meet it, and these may: {}.", those(Met::CannotTell)),
    }];
    lines.extend(cheapest(ask, point));
    lines.extend(nearest(ask, point));
    lines
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
    let (objective, median) = (&ask.objectives[place], first.objectives[place].estimate?.median);
    let how_far = match first.excess? {
        beyond if beyond > 0.0 => {
            let (figure, value) = (objective.figure.name, value_in_words(objective, median));
            format!("beyond a bound by {} at most: {figure} is {value}", units::small_percent(beyond))
        }
        _ => "beyond no bound".to_owned(),
    };
    Some(format!("Nearest by the medians: {}, {how_far}.", few(&names)))
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

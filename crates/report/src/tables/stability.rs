//! Where a system breaks down for good: for a terminal, as a table, in sentences.

use super::counted;
use crate::sheet::{Column, Group, Sheet};
use crate::table::{Emphasis, Row, Table};
use crate::units;
use cachemark_results::{Stability, StabilityBoundary, StabilityMap, StabilityState};

/// The maps for a terminal: loads downwards, shares across.
#[must_use]
pub fn stability_sheet(found: &Stability) -> Sheet {
    let shares = shares(found);
    let mut columns = vec![Column::figures("offered/s", 0)];
    // What is lost least says least, and goes first where there is no room.
    let last = shares.len();
    columns.extend(
        shares.iter().enumerate().map(|(place, share)| Column::figures(lost(*share), (last - 1 - place).min(last))),
    );
    Sheet {
        title: format!("{}: simulated", found.title),
        answer: stability_sentences(found),
        remarks: Vec::new(),
        columns,
        groups: found.maps.iter().map(|map| group(map, &shares)).collect(),
        footnotes: footnotes(found),
    }
}

fn shares(found: &Stability) -> Vec<f64> {
    found.maps.first().map_or_else(Vec::new, |map| map.boundary.iter().map(|boundary| boundary.lost_share).collect())
}

fn lost(share: f64) -> String {
    format!("{} lost", units::percent(share))
}

fn group(map: &StabilityMap, shares: &[f64]) -> Group {
    let mut loads: Vec<f64> = map.points.iter().map(|point| point.offered_per_s).collect();
    loads.sort_by(|a, b| b.total_cmp(a));
    loads.dedup();
    let plain = |cells| Row { cells, emphasis: Emphasis::Plain, begins_group: false };
    let row = |load: f64| {
        let at = |share: &f64| {
            let point = map.points.iter().find(|point| point.offered_per_s == load && point.lost_share == *share);
            let told = |point: &cachemark_results::StabilityPoint| match (point.state, point.recovered_after_ms) {
                (StabilityState::Degraded, Some(after)) => units::time_tick(after * 1e6),
                (state, _) => state.name().to_owned(),
            };
            point.map_or_else(|| units::NOT_AVAILABLE.to_owned(), told)
        };
        plain([units::count(load)].into_iter().chain(shares.iter().map(at)).collect())
    };
    let mut rows: Vec<Row> = loads.into_iter().map(row).collect();
    for (name, overload) in [("down from", false), ("bears", true)] {
        let of_this = |boundary: &&StabilityBoundary| boundary.is_overload() == overload;
        if map.boundary.iter().any(|boundary| of_this(&boundary)) {
            let at = |share: &f64| {
                let boundary = map.boundary.iter().filter(of_this).find(|boundary| boundary.lost_share == *share);
                boundary.map_or_else(|| units::NOT_AVAILABLE.to_owned(), where_it_fails)
            };
            rows.push(plain([name.to_owned()].into_iter().chain(shares.iter().map(at)).collect()));
        }
    }
    Group { heading: map.arm.clone(), rows }
}

/// The load from which on it fails.
fn where_it_fails(boundary: &StabilityBoundary) -> String {
    match (boundary.load(), boundary.fails_per_s) {
        (Some(load), _) => units::count(load),
        (None, Some(least)) => format!("<{}", units::count(least)),
        (None, None) => "never".into(),
    }
}

fn footnotes(found: &Stability) -> Vec<String> {
    let (rule, scenario) = (&found.rule, &found.scenario);
    let deadline = |count: u32| units::time_tick(f64::from(count) * scenario.timeout_ms * 1e6);
    let mut notes = vec![
        format!(
            "Back: at least {} of what was answered before is answered, {} windows in a row. Stable: back within {} ({} deadlines) of the \
             loss. A time: back after so long, in the slowest of {}. Stuck: not back after {}. Down from: the load in arrivals/s from which on it is stuck, to {}.",
            units::percent(rule.good),
            rule.lasting,
            deadline(rule.soon),
            rule.soon,
            counted(rule.runs as usize, "run"),
            deadline(rule.horizon),
            units::percent(rule.precision)
        ),
        format!(
            "Strategies and policies are the real ones; cache and store are in memory, in virtual time: {} workers of {} ({}), {} reads/s at \
             most, deadline {}, {} over {} keys. {}.",
            scenario.store_workers,
            units::time_tick(scenario.read_cost_ms * 1e6),
            scenario.read_cost_law,
            units::count(scenario.capacity_per_s),
            units::time_tick(scenario.timeout_ms * 1e6),
            scenario.distribution,
            units::count(scenario.keys as f64),
            found.source
        ),
    ];
    if found.maps.iter().flat_map(|map| &map.points).any(|point| point.state == StabilityState::Overloaded) {
        let too_little = units::percent(rule.good);
        let note = format!(
            "Overloaded: less than {too_little} is answered even before a loss. Bears: the load up to which it is not."
        );
        notes.insert(1, note);
    }
    notes
}

/// What the maps come to, a sentence an arm, and one for what was confirmed.
#[must_use]
pub fn stability_sentences(found: &Stability) -> Vec<String> {
    let of = |map| [sentence(map, found.rule.good)].into_iter().chain(confirmation(map));
    found.maps.iter().flat_map(of).collect()
}

/// `good` is the share that has to be answered.
fn sentence(map: &StabilityMap, good: f64) -> String {
    let name = &map.arm;
    let most = map.points.iter().map(|point| point.offered_per_s).fold(0.0, f64::max);
    let Some(worst) = map.boundary.last() else { return format!("{name}: nothing was looked at.") };
    if worst.fails_per_s.is_none() {
        return format!("{name} comes back at every load up to {}/s.", units::count(most));
    }
    if worst.is_overload() {
        return overload(map, worst, good);
    }
    let from = match (worst.load(), worst.fails_per_s) {
        (Some(load), _) => format!("from {}/s on", units::count(load)),
        (None, least) => format!("at {}/s and perhaps below", units::count(least.unwrap_or(0.0))),
    };
    let back = match (map.recovers_at_per_s, map.way_down.first()) {
        (Some(load), Some(down)) => format!(
            "; brought down at {}/s, it comes back once the load has fallen to {}/s",
            units::count(down.offered_per_s),
            units::count(load)
        ),
        (None, Some(down)) => {
            format!("; brought down at {}/s, it comes back at no load", units::count(down.offered_per_s))
        }
        _ => String::new(),
    };
    format!("{name} stays down {from} if {} of the cache is lost{back}.", units::percent(worst.lost_share))
}

/// Of an arm that no loss brings down at the loads that it bears.
fn overload(map: &StabilityMap, bound: &StabilityBoundary, good: f64) -> String {
    let (name, good) = (&map.arm, units::percent(good));
    match (bound.load(), bound.fails_per_s) {
        (Some(load), _) => format!(
            "{name} bears no more than {}/s: beyond, less than {good} is answered even before a loss; up to there it comes back if {} of the \
             cache is lost.",
            units::count(load),
            units::percent(bound.lost_share)
        ),
        (None, least) => format!(
            "{name} does not bear {}/s: less than {good} is answered even before a loss.",
            units::count(least.unwrap_or(0.0))
        ),
    }
}

fn confirmation(map: &StabilityMap) -> Option<String> {
    let told: Vec<_> = map.confirmed.iter().filter(|check| check.was_back.is_some()).collect();
    if map.confirmed.is_empty() {
        return None;
    }
    let differ: Vec<String> = map
        .confirmed
        .iter()
        .filter(|check| check.was_back != Some(check.expected_back))
        .map(|check| format!("at {}/s {}", units::count(check.offered_per_s), check.seen))
        .collect();
    let load = |check: Option<&cachemark_results::StabilityCheck>| {
        check.map_or_else(String::new, |check| units::count(check.offered_per_s))
    };
    let (name, agree) = (&map.arm, map.confirmed.len() - differ.len());
    Some(match differ.is_empty() {
        true if told.len() == 1 => {
            format!("{name}, measured: as the map says at its one point, {}/s.", load(map.confirmed.first()))
        }
        true => format!(
            "{name}, measured: as the map says at all {} points, {} to {}/s.",
            told.len(),
            load(map.confirmed.first()),
            load(map.confirmed.last())
        ),
        false => format!(
            "{name}, measured: as the map says at {agree} of {} points; {}.",
            map.confirmed.len(),
            differ.join("; ")
        ),
    })
}

/// The boundaries, a row an arm and share.
pub(crate) fn boundary_table(found: &Stability) -> Table {
    let mut table = Table::new(
        "Where it breaks down for good",
        &["arm", "#lost", "#serves up to/s", "#fails from/s", "as", "#comes back at/s"],
    );
    for map in &found.maps {
        for (place, boundary) in map.boundary.iter().enumerate() {
            let of_all = boundary.lost_share >= 1.0;
            let cells = vec![
                map.arm.clone(),
                units::percent(boundary.lost_share),
                units::or_none(boundary.serves_per_s, units::count),
                units::or_none(boundary.fails_per_s, units::count),
                boundary.fails_as.map_or(units::NOT_AVAILABLE, StabilityState::name).to_owned(),
                units::or_none(map.recovers_at_per_s.filter(|_| of_all), units::count),
            ];
            table.push(cells, Emphasis::Plain, place == 0);
        }
    }
    table.footnotes = footnotes(found);
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::stability_sample;

    #[test]
    fn a_terminal_of_80_columns_has_room_for_it() {
        let text = stability_sheet(&stability_sample(&["cache-aside", "limited"])).render(78, false);
        assert!(text.lines().all(|line| line.chars().count() <= 78), "{text}");
        for said in ["stuck", "never", "1,300", "100 %", "   10 %"] {
            assert!(text.contains(said), "{said}: {text}");
        }
    }

    #[test]
    fn sentences_say_where_it_stays_down_and_where_it_comes_back() {
        let mut found = stability_sample(&["cache-aside", "limited"]);
        found.maps[0].confirmed[1].was_back = Some(true);
        let told = stability_sentences(&found);
        assert_eq!(
            told[0],
            "cache-aside stays down from 1,300/s on if 100 % of the cache is lost; brought down at 1,100/s, it comes back once the load \
             has fallen to 1,100/s."
        );
        assert_eq!(told[1], "cache-aside, measured: as the map says at 1 of 2 points; at 1,600/s seen.");
        assert_eq!(told[2], "limited comes back at every load up to 10,000/s.");
    }

    #[test]
    fn a_load_that_an_arm_does_not_bear_is_told_apart_from_a_loss() {
        let mut found = stability_sample(&["throttled"]);
        let map = &mut found.maps[0];
        for point in map.points.iter_mut().filter(|point| point.offered_per_s > 1_500.0) {
            (point.state, point.recovered_after_ms) = (StabilityState::Overloaded, None);
        }
        for boundary in &mut map.boundary {
            (boundary.serves_per_s, boundary.fails_per_s) = (Some(1_476.0), Some(1_524.0));
            boundary.fails_as = Some(StabilityState::Overloaded);
        }
        (map.way_down, map.recovers_at_per_s, map.confirmed) = (Vec::new(), None, Vec::new());
        assert_eq!(
            stability_sentences(&found),
            [
                "throttled bears no more than 1,500/s: beyond, less than 90 % is answered even before a loss; up to there it comes back if \
              100 % of the cache is lost."
            ]
        );
        let text = stability_sheet(&found).render(78, false);
        let has_row = |name| text.lines().any(|line| line.trim_start().starts_with(name));
        assert!(has_row("bears ") && !has_row("down from ") && text.contains("Overloaded: less than"), "{text}");
        found.maps[0].boundary[4].serves_per_s = None;
        let told = stability_sentences(&found).remove(0);
        assert_eq!(told, "throttled does not bear 1,524/s: less than 90 % is answered even before a loss.");
    }
}

//! Where a system breaks down for good: offered load over the share of the cache that is lost, a panel an arm.

use super::Chart;
use crate::ReportError;
use crate::scene::{
    Align, Area, Colour, DARK, GREY, LegendEntry, PAPER, Plot, Point, RED, SMALL, Scale, Scene, Sheet, Swatch, dotted,
    hatched, level_headings,
};
use crate::tables::{boundary_table, stability_sentences};
use crate::units;
use cachemark_results::{Run, Stability, StabilityMap, StabilityPoint, StabilityScenario, StabilityState};

/// Room under the data for the shares and what they are of.
const FOOT: f64 = 44.0;
const STABLE: Colour = Colour::new([86, 180, 160], [46, 125, 110]);
const DEGRADED: Colour = Colour::new([240, 200, 90], [150, 118, 30]);
const STUCK: Colour = Colour::new([200, 80, 60], [205, 90, 70]);
/// Between the page and its text, on a light page and on a dark one: the boundary runs along it.
const OVERLOADED: Colour = Colour::new([186, 178, 204], [84, 78, 104]);

/// The chart of what lies in the record's folder, if anything does.
pub(crate) fn of_run(run: &Run) -> Result<Option<Chart>, ReportError> {
    Ok(Stability::read(&run.folder)?.filter(|found| !found.maps.is_empty()).map(|found| chart(&found)))
}

/// The chart of what was simulated.
pub(crate) fn chart(found: &Stability) -> Chart {
    Chart {
        name: "stability".into(),
        title: "Where it breaks down for good".into(),
        reading: reading(found),
        alt: stability_sentences(found).join(" "),
        table: Some(boundary_table(found)),
        scene: scene(found),
        lacks: None,
    }
}

/// How it is read; what is not there is not told of.
fn reading(found: &Stability) -> String {
    let has = |state| found.maps.iter().flat_map(|map| &map.points).any(|point| point.state == state);
    let mut text = format!(
        "Simulated: at each point the cache loses that share of its entries, at that load. Stable is back within {} deadlines, degraded \
         later, stuck not within {}. Below the line it serves.",
        found.rule.soon, found.rule.horizon
    );
    if has(StabilityState::Stuck) {
        text += " Above it, where stuck, a loss brings the system down for good";
        let diamond = found.maps.iter().any(|map| map.recovers_at_per_s.is_some());
        text += if diamond { "; it comes back only where the load falls to the diamond." } else { "." };
    }
    if has(StabilityState::Overloaded) {
        let good = units::percent(found.rule.good);
        text += &format!(" Overloaded is what it does not bear even before a loss: less than {good} is answered.");
    }
    text
}

/// The system in a line.
fn subtitle(scenario: &StabilityScenario) -> String {
    let StabilityScenario { keys, distribution, store_workers, read_cost_ms, timeout_ms, capacity_per_s, .. } =
        scenario;
    format!(
        "{distribution} over {} keys · {store_workers} store workers of {} = {} reads/s · deadline {} · simulated",
        units::count(*keys as f64),
        units::time_tick(read_cost_ms * 1e6),
        units::count(*capacity_per_s),
        units::time_tick(timeout_ms * 1e6)
    )
}

fn scene(found: &Stability) -> Scene {
    let columns = found.maps.len().min(2);
    let mut names: Vec<String> = found.maps.iter().map(|map| map.arm.clone()).collect();
    level_headings(&mut names.iter_mut().collect::<Vec<_>>(), columns);
    let (mut scene, areas) = Sheet {
        title: "Where it breaks down for good".into(),
        subtitle: subtitle(&found.scenario),
        legend: legend(found),
        notes: vec![format!("A loss of entries is the trigger. {}.", found.source)],
        panels: found.maps.len(),
        columns,
        panel_height: 340.0,
    }
    .lay_out();
    // Panels are compared by their height.
    let of_map = |map: &StabilityMap| {
        let points = map.points.iter().map(|point| point.offered_per_s);
        points.chain(map.recovers_at_per_s).collect::<Vec<_>>()
    };
    let scale =
        Scale::log_around(found.maps.iter().flat_map(of_map), 1.2).unwrap_or(Scale::Log { from: 1.0, to: 10.0 });
    for ((map, name), area) in found.maps.iter().zip(&names).zip(areas) {
        Panel::begin(&mut scene, area, (map, name), scale).draw(&mut scene, found.scenario.capacity_per_s);
    }
    scene
}

fn legend(found: &Stability) -> Vec<LegendEntry> {
    let entry = |swatch, text: &str| LegendEntry { swatch, text: text.into() };
    let has = |state| found.maps.iter().flat_map(|map| &map.points).any(|point| point.state == state);
    let any = |is: fn(&StabilityMap) -> bool| found.maps.iter().any(is);
    let was_back = |map: &StabilityMap, back| map.confirmed.iter().any(|check| check.was_back == Some(back));
    let states = [
        (StabilityState::Stable, entry(Swatch::Fill(STABLE), "stable")),
        (StabilityState::Degraded, entry(Swatch::Fill(DEGRADED), "degraded")),
        (StabilityState::Stuck, entry(Swatch::Hatched(STUCK), "stuck")),
        (StabilityState::Overloaded, entry(Swatch::Fill(OVERLOADED), "overloaded before")),
    ];
    let mut entries: Vec<LegendEntry> =
        states.into_iter().filter(|(state, _)| has(*state)).map(|(_, entry)| entry).collect();
    let lines = any(|map| map.boundary.iter().any(|boundary| boundary.load().is_some()));
    entries.extend(lines.then(|| entry(Swatch::Line(DARK), "boundary")));
    entries.extend(any(|map| map.recovers_at_per_s.is_some()).then(|| entry(Swatch::Diamond(DARK), "comes back at")));
    entries.push(entry(Swatch::Dotted(DARK), "the store's capacity"));
    let seen = |back| found.maps.iter().any(|map| was_back(map, back));
    entries.extend(seen(true).then(|| entry(Swatch::Ring(DARK), "measured: came back")));
    entries.extend(seen(false).then(|| entry(Swatch::Disc(RED), "measured: stayed down")));
    entries
}

struct Panel<'a> {
    map: &'a StabilityMap,
    plot: Plot,
    shares: Vec<f64>,
    loads: Vec<f64>,
}

impl<'a> Panel<'a> {
    fn begin(scene: &mut Scene, area: Area, (map, name): (&'a StabilityMap, &str), scale: Scale) -> Self {
        let heading = (name, "offered load, arrivals/s");
        let plot = Plot::begin(scene, area, FOOT, heading, scale, &units::short);
        let distinct = |of: fn(&StabilityPoint) -> f64| {
            let mut all: Vec<f64> = map.points.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all.dedup();
            all
        };
        Self { map, plot, shares: distinct(|point| point.lost_share), loads: distinct(|point| point.offered_per_s) }
    }

    fn wide(&self) -> f64 {
        (self.plot.area.right - self.plot.area.left) / self.shares.len().max(1) as f64
    }

    /// The middle of the column of a share.
    fn across(&self, share: f64) -> f64 {
        let place = self.shares.iter().position(|other| *other >= share).unwrap_or(self.shares.len().saturating_sub(1));
        self.plot.area.left + (place as f64 + 0.5) * self.wide()
    }

    fn draw(&self, scene: &mut Scene, capacity: f64) {
        self.map.points.iter().for_each(|point| self.point(scene, point));
        let Area { left, top, right, bottom } = self.plot.area;
        let y = self.plot.at(capacity);
        if (top..=bottom).contains(&y) {
            dotted(scene, &[(left, y), (right, y)], DARK, 1.5);
        }
        self.boundary(scene);
        if let Some(load) = self.map.recovers_at_per_s {
            let at = (self.across(1.0) + self.wide() / 4.0, self.plot.at(load).clamp(top, bottom));
            scene.diamond(at, 8.0, PAPER);
            scene.diamond(at, 6.0, DARK);
        }
        for check in &self.map.confirmed {
            let at = (self.across(check.lost_share) - self.wide() / 4.0, self.plot.at(check.offered_per_s));
            match check.was_back {
                Some(true) => scene.ring(at, 5.5, DARK),
                Some(false) => {
                    scene.disc(at, 6.5, PAPER);
                    scene.disc(at, 5.0, RED);
                }
                None => {}
            }
        }
        self.plot.axis(scene);
        for share in &self.shares {
            let at = (self.across(*share), bottom + 13.0);
            scene.text(at, units::percent(*share), SMALL, GREY, Align::Middle);
        }
        let middle = f64::midpoint(left, right);
        scene.text((middle, bottom + 32.0), "share of the cache that is lost", SMALL, GREY, Align::Middle);
    }

    /// A rectangle around it, halfway to its neighbours.
    fn point(&self, scene: &mut Scene, point: &StabilityPoint) {
        let place = self.loads.iter().position(|load| *load >= point.offered_per_s).unwrap_or(0);
        let load = point.offered_per_s;
        let halfway = |other: f64| (load * other).sqrt();
        let above = self.loads.get(place + 1).map(|above| halfway(*above));
        let below = place.checked_sub(1).map(|below| halfway(self.loads[below]));
        // At the plane's edges as far as on the other side.
        let (above, below) =
            (above.or(below.map(|below| load * load / below)), below.or(above.map(|above| load * load / above)));
        let Area { top, bottom, .. } = self.plot.area;
        let (upper, lower) =
            (above.map_or(top, |load| self.plot.at(load)), below.map_or(bottom, |load| self.plot.at(load)));
        let (upper, lower) = (upper.max(top), lower.min(bottom));
        let (middle, half) = (self.across(point.lost_share), self.wide() / 2.0 - 1.0);
        let (from, to) = ((middle - half, upper + 1.0), (middle + half, lower - 1.0));
        match point.state {
            StabilityState::Stable => scene.fill(from, to, STABLE),
            StabilityState::Degraded => scene.fill(from, to, DEGRADED),
            StabilityState::Stuck => hatched(scene, from, to, STUCK),
            StabilityState::Overloaded => scene.fill(from, to, OVERLOADED),
        }
    }

    /// The line across the columns that have a boundary, each at its load: a slope between them would run through points that serve and others
    /// that fail.
    fn boundary(&self, scene: &mut Scene) {
        let half = self.wide() / 2.0;
        let at = |boundary: &cachemark_results::StabilityBoundary| -> Option<[Point; 2]> {
            let (x, y) = (self.across(boundary.lost_share), self.plot.at(boundary.load()?));
            Some([(x - half, y), (x + half, y)])
        };
        let places: Vec<Option<[Point; 2]>> = self.map.boundary.iter().map(at).collect();
        for path in places.split(Option::is_none) {
            let path: Vec<Point> = path.iter().flatten().flatten().copied().collect();
            scene.line(&path, PAPER, 5.5);
            scene.line(&path, DARK, 3.0);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::scene::checks::{text_boxes, text_is_clear};
    use cachemark_results::{StabilityBoundary, StabilityCheck, StabilityRule, StabilityStep};

    /// An arm that stays down above a load, and one that never does.
    pub(crate) fn sample(arms: &[&str]) -> Stability {
        const SHARES: [f64; 5] = [0.1, 0.25, 0.5, 0.75, 1.0];
        const LOADS: [f64; 5] = [1_000.0, 1_778.0, 3_162.0, 5_623.0, 10_000.0];
        let map = |arm: &&str| {
            let at = |share: f64| if arm.starts_with("limit") { f64::INFINITY } else { 1_300.0 / share };
            let point = |share: f64, load: f64| {
                let state = match load / at(share) {
                    over if over > 1.0 => StabilityState::Stuck,
                    over if over > 0.7 => StabilityState::Degraded,
                    _ => StabilityState::Stable,
                };
                let recovered_after_ms = (state != StabilityState::Stuck).then_some(1_250.0);
                StabilityPoint { offered_per_s: load, lost_share: share, state, recovered_after_ms }
            };
            let boundary = |share: f64| {
                let found = Some(at(share)).filter(|load| *load < 10_000.0);
                let serves_per_s = found.map(|load| load / 1.02).or(Some(10_000.0));
                let fails_per_s = found.map(|load| load * 1.02);
                let fails_as = found.map(|_| StabilityState::Stuck);
                StabilityBoundary { lost_share: share, serves_per_s, fails_per_s, fails_as }
            };
            let down = boundary(1.0).fails_per_s.is_some();
            let check = |load: f64, back| StabilityCheck {
                offered_per_s: load,
                lost_share: 1.0,
                expected_back: back,
                was_back: Some(back),
                seen: "seen".into(),
            };
            StabilityMap {
                arm: (*arm).to_owned(),
                strategy: "cache-aside".into(),
                points: SHARES.iter().flat_map(|share| LOADS.iter().map(|load| point(*share, *load))).collect(),
                boundary: SHARES.map(boundary).to_vec(),
                way_down: down
                    .then_some(StabilityStep { offered_per_s: 1_100.0, answered: 0.99 })
                    .into_iter()
                    .collect(),
                recovers_at_per_s: down.then_some(1_100.0),
                confirmed: if down { vec![check(1_050.0, true), check(1_600.0, false)] } else { Vec::new() },
            }
        };
        let scenario = StabilityScenario {
            keys: 3_000,
            distribution: "zipf 0.99".into(),
            read_ratio: 1.0,
            timeout_ms: 100.0,
            store_workers: 10,
            read_cost_ms: 10.0,
            read_cost_law: "fixed".into(),
            write_ms: 0.0,
            hit_ms: 0.0,
            fill_ms: 0.0,
            capacity_per_s: 1_000.0,
        };
        let rule = StabilityRule { good: 0.9, lasting: 20, soon: 10, horizon: 600, runs: 3, precision: 0.05, seed: 1 };
        let source = "Times and capacity are those of the definition metastable".to_owned();
        let maps = arms.iter().map(map).collect();
        Stability { schema_version: 3, title: "t".into(), source, scenario, rule, maps }
    }

    #[test]
    fn text_is_clear_with_one_arm_and_with_four() {
        for arms in
            [&["cache-aside"][..], &["cache-aside", "single-flight", "limited to twenty calls at its store", "x"]]
        {
            let chart = chart(&sample(arms));
            text_is_clear(&chart.name, &chart.scene);
            let texts: Vec<String> = text_boxes(&chart.scene).into_iter().map(|(text, _)| text).collect();
            for text in ["boundary", "stuck", "comes back at", "measured: stayed down", "100 %"] {
                assert!(texts.iter().any(|found| found.starts_with(text)), "{text}: {texts:?}");
            }
        }
    }

    #[test]
    fn a_legend_names_nothing_that_is_not_there() {
        let texts: Vec<String> =
            text_boxes(&chart(&sample(&["limited"])).scene).into_iter().map(|(text, _)| text).collect();
        assert!(
            !texts.iter().any(|text| text == "boundary" || text == "stuck" || text == "comes back at"),
            "{texts:?}"
        );
    }

    #[test]
    fn its_reading_tells_of_an_overload_where_there_is_one() {
        let mut found = sample(&["cache-aside"]);
        assert!(reading(&found).ends_with("the diamond."));
        found.maps[0].points[4].state = StabilityState::Overloaded;
        assert!(reading(&found).ends_with("does not bear even before a loss: less than 90 % is answered."));
    }
}

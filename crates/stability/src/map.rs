//! Load x size of the trigger: what becomes of the system at each point, and where the boundary runs.

use crate::arm::Arm;
use crate::course::{LASTING, window};
use crate::load::{Load, Trigger};
use crate::scenario::Scenario;
use crate::simulate::{Run, SimulateError, simulate};
use crate::state::{State, StateRule};
use cachemark_workload::Seed;
use std::time::Duration;

/// How long a run lasts before its trigger, in deadlines: what was answered then is what it is held to.
const LEAD: u32 = 20;

/// Which points are looked at, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// Offered loads in arrivals per second, ascending.
    pub loads: Vec<f64>,
    /// Sizes of the trigger: shares of the cache that are lost, ascending, 0 to 1.
    pub shares: Vec<f64>,
    /// When a system is what.
    pub rule: StateRule,
    /// How often a point is run, with a seed each: what most of them come to, it is. An odd number.
    pub runs: u32,
    /// The boundary is told to this share of its load.
    pub precision: f64,
    /// Everything random comes from it.
    pub seed: u64,
}

/// One point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// The offered load.
    pub load: f64,
    /// The share that was lost.
    pub share: f64,
    /// What became of it: the middle one of its runs.
    pub state: State,
    /// How long that took, in the slowest of its runs that came back; none if none did.
    pub recovered_after: Option<Duration>,
}

/// Where systems begin to fail that have lost that share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Boundary {
    /// The share that was lost.
    pub share: f64,
    /// The greatest load that was seen to come back; none if even the least fails.
    pub serves: Option<f64>,
    /// The least load that was seen to fail; none if even the greatest comes back.
    pub fails: Option<f64>,
    /// What became of it there: it stayed down after the loss, or did not bear that load even before.
    pub fails_as: Option<State>,
}

impl Boundary {
    /// The load halfway between the two; none if the boundary lies outside of the plane.
    #[must_use]
    pub fn load(&self) -> Option<f64> {
        Some((self.serves? * self.fails?).sqrt())
    }
}

/// The map of one arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// Every point of the plane, by share, then by load.
    pub cells: Vec<Cell>,
    /// The boundary, by share.
    pub boundary: Vec<Boundary>,
}

/// Makes the map of `arm`. `told` is called after each point.
///
/// # Errors
/// [`SimulateError`].
pub fn map(arm: &Arm, scenario: &Scenario, plane: &Plane, told: &mut dyn FnMut()) -> Result<Map, SimulateError> {
    let mut made = Map { cells: Vec::new(), boundary: Vec::new() };
    for &share in &plane.shares {
        let mut row = Vec::with_capacity(plane.loads.len());
        for &load in &plane.loads {
            row.push(point(arm, scenario, plane, load, share)?);
            told();
        }
        made.boundary.push(boundary(arm, scenario, plane, &row, told)?);
        made.cells.extend(row);
    }
    Ok(made)
}

/// The boundary of one share, whose points are `row`: the first load at which it fails, and the one before, brought together.
fn boundary(
    arm: &Arm,
    scenario: &Scenario,
    plane: &Plane,
    row: &[Cell],
    told: &mut dyn FnMut(),
) -> Result<Boundary, SimulateError> {
    let share = row.first().map_or(0.0, |cell| cell.share);
    let first = row.iter().position(|cell| !cell.state.serves());
    let serves = row[..first.unwrap_or(row.len())].last().map(|cell| cell.load);
    let first = first.map(|place| &row[place]);
    let mut found =
        Boundary { share, serves, fails: first.map(|cell| cell.load), fails_as: first.map(|cell| cell.state) };
    while let (Some(serves), Some(fails)) = (found.serves, found.fails)
        && fails / serves > 1.0 + plane.precision
    {
        let middle = (serves * fails).sqrt();
        let state = point(arm, scenario, plane, middle, share)?.state;
        if state.serves() {
            found.serves = Some(middle);
        } else {
            (found.fails, found.fails_as) = (Some(middle), Some(state));
        }
        told();
    }
    Ok(found)
}

/// What becomes of one point.
///
/// # Errors
/// [`SimulateError`].
pub fn point(arm: &Arm, scenario: &Scenario, plane: &Plane, load: f64, share: f64) -> Result<Cell, SimulateError> {
    let (lead, horizon) = (scenario.timeout * LEAD, scenario.timeout * plane.rule.horizon);
    // What is back at the horizon is known to be only once as many good windows have followed; the trigger waits for a window to begin.
    let afterwards = window(scenario.timeout, load) * (LASTING as u32 + 1);
    let enough = plane.runs as usize / 2 + 1;
    let (mut states, mut slowest) = (Vec::new(), None);
    for number in 0..u64::from(plane.runs) {
        let course = simulate(&Run {
            arm,
            scenario,
            load: Load::steady(load),
            trigger: Some(Trigger { at: lead, share }),
            end: lead + horizon + afterwards,
            ends_recovered: true,
            seed: Seed::new(plane.seed).nth(number),
        })?;
        let state = State::of(&course, scenario.timeout, plane.rule);
        slowest = slowest.max(course.recovered_after().filter(|_| state.serves()));
        states.push(state);
        // The others could not change the middle one.
        if states.iter().filter(|other| **other == state).count() >= enough {
            break;
        }
    }
    states.sort_unstable();
    Ok(Cell { load, share, state: states[states.len() / 2], recovered_after: slowest })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::SettingValue;

    fn small() -> (Scenario, Plane) {
        let k = Scenario::SCALED.capacity();
        let plane = Plane {
            loads: [1.0, 2.0, 4.0].map(|of| of * k).to_vec(),
            shares: vec![0.1, 1.0],
            rule: StateRule { horizon: 60, ..StateRule::USUAL },
            runs: 1,
            precision: 0.25,
            seed: 1,
        };
        (Scenario::SCALED, plane)
    }

    #[test]
    fn a_map_has_every_point_and_a_boundary_between_those_that_serve_and_those_that_fail() {
        let (scenario, plane) = small();
        let mut points = 0;
        let made = map(&Arm::plain("cache-aside").unwrap(), &scenario, &plane, &mut || points += 1).unwrap();
        let states: Vec<State> = made.cells.iter().map(|cell| cell.state).collect();
        assert_eq!(states[..3], [State::Stable; 3], "a tenth of the cache is no matter");
        assert!(states[3].serves() && states[4].serves() && states[5] == State::Stuck, "{states:?}");
        let [tenth, all] = made.boundary[..] else { panic!("{:?}", made.boundary) };
        assert_eq!((tenth.fails, tenth.load(), tenth.fails_as), (None, None, None));
        assert_eq!(all.fails_as, Some(State::Stuck));
        let (serves, fails) = (all.serves.unwrap(), all.fails.unwrap());
        assert!(serves >= 2_000.0 && fails <= 4_000.0 && fails / serves <= 1.25, "{all:?}");
        assert!(points > 6, "the boundary is looked for");
    }

    #[test]
    fn a_load_that_the_store_does_not_bear_at_all_is_told_apart() {
        // Entries that live for 50 ms are loaded again and again.
        let (scenario, plane) = small();
        let short = Arm::plain("cache-aside").unwrap().with("ttl-ms", SettingValue::Integer(50));
        let state = |load| point(&short, &scenario, &plane, load, 1.0).unwrap().state;
        assert_eq!((state(10_000.0), state(500.0)), (State::Overloaded, State::Stable));
    }

    #[test]
    fn what_comes_back_just_before_the_horizon_has_come_back() {
        let (scenario, plane) = small();
        let arm = Arm::plain("read-through").unwrap();
        let by = |horizon| {
            let plane = Plane { rule: StateRule { soon: 1, horizon }, ..plane.clone() };
            point(&arm, &scenario, &plane, 10_000.0, 1.0).unwrap()
        };
        let after = by(60).recovered_after.unwrap();
        let deadlines = (after.as_secs_f64() / scenario.timeout.as_secs_f64()).round() as u32;
        assert!(deadlines > 2, "{deadlines}");
        assert_eq!((by(deadlines).state, by(deadlines - 1).state), (State::Degraded, State::Stuck));
    }

    #[test]
    fn a_throttle_sheds_what_comes_beyond_it() {
        let (scenario, plane) = small();
        let arm = Arm::plain("cache-aside").unwrap();
        let throttled = arm
            .clone()
            .with("throttle", SettingValue::Text("recommended".into()))
            .with("throttle-calls", SettingValue::Integer(1_200));
        let state = |arm: &Arm, load| point(arm, &scenario, &plane, load, 1.0).unwrap().state;
        assert_eq!((state(&arm, 1_000.0), state(&arm, 4_000.0)), (State::Stable, State::Stuck));
        assert_eq!((state(&throttled, 1_000.0), state(&throttled, 4_000.0)), (State::Stable, State::Overloaded));
        let plane = Plane { shares: vec![1.0], ..plane.clone() };
        let made = map(&throttled, &scenario, &plane, &mut || ()).unwrap();
        // Of 1,333/s it lets in nine in ten.
        let [Boundary { serves: Some(serves), fails: Some(fails), fails_as: Some(State::Overloaded), .. }] =
            made.boundary[..]
        else {
            panic!("{:?}", made.boundary)
        };
        assert!(serves >= 1_000.0 && fails <= 1_700.0, "{serves} {fails}");
    }

    #[test]
    fn a_breaker_of_a_slow_cache_leaves_the_load_to_the_store() {
        let (scenario, plane) = small();
        let scenario = Scenario { hit: Duration::from_millis(5), ..scenario };
        let arm = Arm::plain("cache-aside").unwrap();
        let broken = arm
            .clone()
            .with_of_cache("breaker", SettingValue::Text("recommended".into()))
            .with_of_cache("breaker-slow-ms", SettingValue::Integer(2));
        let state = |arm: &Arm| point(arm, &scenario, &plane, 2_000.0, 0.1).unwrap().state;
        assert_eq!((state(&arm), state(&broken)), (State::Stable, State::Overloaded));
    }
}

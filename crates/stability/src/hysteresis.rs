//! The load at which a stuck system comes back: as a rule far below the one at which it went down.

use crate::arm::Arm;
use crate::course::GOOD;
use crate::load::{Load, Trigger};
use crate::scenario::Scenario;
use crate::simulate::{Run, SimulateError, simulate};
use cachemark_workload::Seed;

/// How long the load stays at each step, in deadlines.
const STAY: u32 = 60;
/// Each step's load as a share of the one before.
const DOWN: f64 = 0.9;
/// As many steps as it takes to come down to a hundredth.
const MOST_STEPS: usize = 44;

/// One step down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The offered load, in arrivals per second.
    pub load: f64,
    /// The share that was answered in the last third of the step.
    pub answered: f64,
}

/// A way down.
#[derive(Debug, Clone, PartialEq)]
pub struct Hysteresis {
    /// The steps, from the load at which it was brought down to the one at which it came back.
    pub steps: Vec<Step>,
    /// The first load at which it served again; none if it did at none.
    pub recovers_at: Option<f64>,
}

/// Brings a system down at `load` by the loss of all its entries, and lowers the load step by step until it serves again.
///
/// # Errors
/// [`SimulateError`].
pub fn recovers_at(arm: &Arm, scenario: &Scenario, load: f64, seed: u64) -> Result<Hysteresis, SimulateError> {
    let stay = scenario.timeout * STAY;
    let lead = stay / 3;
    let loads: Vec<f64> = (0..MOST_STEPS).map(|step| load * DOWN.powi(step as i32)).collect();
    let mut found = Hysteresis { steps: Vec::new(), recovers_at: None };
    // Each further step is a run of its own from the beginning: the same seed makes it the same up to there. In pieces of four, so that what
    // comes back soon is not run to the end.
    for count in (4..=MOST_STEPS).step_by(4) {
        let mut way = Load::steady(load);
        for (step, load) in loads[..count].iter().enumerate().skip(1) {
            way = way.then(lead + stay * step as u32, *load);
        }
        let course = simulate(&Run {
            arm,
            scenario,
            load: way,
            trigger: Some(Trigger { at: lead, share: 1.0 }),
            end: lead + stay * count as u32,
            ends_recovered: false,
            seed: Seed::new(seed),
        })?;
        for (step, load) in loads[..count].iter().enumerate().skip(found.steps.len()) {
            let (from, to) = (stay * step as u32 + stay * 2 / 3, stay * (step as u32 + 1));
            let answered = course.between(from, to).goodput();
            found.steps.push(Step { load: *load, answered });
            if answered >= GOOD {
                found.recovers_at = Some(*load);
                return Ok(found);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_down_comes_back_at_a_lower_load_only() {
        let scenario = Scenario::SCALED;
        let down = 3.0 * scenario.capacity();
        let found = recovers_at(&Arm::plain("cache-aside").unwrap(), &scenario, down, 1).unwrap();
        let back = found.recovers_at.unwrap();
        // What the trigger would not have brought down.
        assert!(back < 2.5 * scenario.capacity(), "{found:?}");
        let (last, before) = found.steps.split_last().unwrap();
        assert!(last.load == back && last.answered >= GOOD, "{last:?}");
        assert!(before.iter().all(|step| step.answered < GOOD) && !before.is_empty(), "{before:?}");
    }
}

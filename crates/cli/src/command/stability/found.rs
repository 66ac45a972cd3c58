//! What was found, as the record has it.

use super::System;
use cachemark_bench::definition::Definition;
use cachemark_results::{
    SCHEMA_VERSION, Stability, StabilityBoundary, StabilityMap, StabilityPoint, StabilityRule, StabilityScenario,
    StabilityState, StabilityStep,
};
use cachemark_stability::{Arm, Cost, GOOD, Hysteresis, LASTING, Map, Plane, State};
use std::time::Duration;

pub(super) fn all(definition: &Definition, system: &System, plane: &Plane, maps: Vec<StabilityMap>) -> Stability {
    let simulated = &system.scenario;
    let law = match simulated.read_cost {
        Cost::Fixed(_) => "fixed",
        Cost::Exponential(_) => "exponential",
    };
    Stability {
        schema_version: SCHEMA_VERSION,
        title: format!("Stability of {}", definition.name),
        source: system.source.clone(),
        scenario: StabilityScenario {
            keys: simulated.keys,
            distribution: simulated.distribution.to_string(),
            read_ratio: simulated.read_ratio,
            timeout_ms: ms(simulated.timeout),
            store_workers: simulated.workers,
            read_cost_ms: ms(simulated.read_cost.mean()),
            read_cost_law: law.into(),
            write_ms: ms(simulated.write_cost),
            hit_ms: ms(simulated.hit),
            fill_ms: ms(simulated.fill),
            capacity_per_s: simulated.capacity(),
        },
        rule: StabilityRule {
            good: GOOD,
            lasting: LASTING as u32,
            soon: plane.rule.soon,
            horizon: plane.rule.horizon,
            runs: plane.runs,
            precision: plane.precision,
            seed: plane.seed,
        },
        maps,
    }
}

pub(super) fn map(arm: &Arm, made: &Map, down: Option<Hysteresis>) -> StabilityMap {
    let point = |cell: &cachemark_stability::Cell| StabilityPoint {
        offered_per_s: cell.load,
        lost_share: cell.share,
        state: state(cell.state),
        recovered_after_ms: cell.recovered_after.map(ms),
    };
    let boundary = |found: &cachemark_stability::Boundary| StabilityBoundary {
        lost_share: found.share,
        serves_per_s: found.serves,
        fails_per_s: found.fails,
        fails_as: found.fails_as.map(state),
    };
    let recovers_at_per_s = down.as_ref().and_then(|down| down.recovers_at);
    let steps = down.map_or_else(Vec::new, |down| down.steps);
    let step = |step: cachemark_stability::Step| StabilityStep { offered_per_s: step.load, answered: step.answered };
    StabilityMap {
        arm: arm.name.clone(),
        strategy: arm.strategy().into(),
        points: made.cells.iter().map(point).collect(),
        boundary: made.boundary.iter().map(boundary).collect(),
        way_down: steps.into_iter().map(step).collect(),
        recovers_at_per_s,
        confirmed: Vec::new(),
    }
}

fn state(state: State) -> StabilityState {
    match state {
        State::Stable => StabilityState::Stable,
        State::Degraded => StabilityState::Degraded,
        State::Stuck => StabilityState::Stuck,
        State::Overloaded => StabilityState::Overloaded,
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

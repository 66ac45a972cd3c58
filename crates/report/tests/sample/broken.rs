//! Trials that went through faults: what was done, and what became of it.

use super::model::{Made, Noise};
use cachemark_results::{RecoveryPhase as Phase, *};
use std::collections::BTreeMap;

/// Something that is done to the servers.
#[derive(Clone, Copy)]
struct Blow {
    kind: &'static str,
    target: &'static str,
    in_words: &'static str,
    actor: &'static str,
    at_s: f64,
    /// 0 of a moment.
    for_s: f64,
}

/// What can be done: a cache that answers late for some seconds, two things of a moment, and a store that stands still.
const BLOWS: [Blow; 4] = [
    Blow { kind: "slow", target: "cache", in_words: "slow by 50 ms", actor: "proxy", at_s: 4.0, for_s: 4.0 },
    Blow { kind: "restart", target: "cache", in_words: "restarted empty", actor: "process", at_s: 4.0, for_s: 0.0 },
    Blow { kind: "flush", target: "cache", in_words: "flushed", actor: "command", at_s: 10.0, for_s: 0.0 },
    Blow { kind: "freeze", target: "store", in_words: "frozen", actor: "process", at_s: 4.0, for_s: 2.0 },
];

/// What becomes of a trial.
#[derive(Clone, Copy)]
pub(crate) enum Fate {
    Unharmed,
    /// It keeps this share of its goodput while the fault lasts.
    Degraded(f64),
    /// It keeps this share until so many seconds after the fault.
    Recovered(f64, f64),
    /// It keeps this share to the end.
    Never(f64),
    Metastable(f64),
    /// The fault could not be done, which makes the trial invalid.
    Failed,
}

const WINDOW_S: f64 = 16.0;
const STEP_S: f64 = 0.2;
const SECOND: f64 = 1e9;

fn ns(seconds: f64) -> u64 {
    (seconds * SECOND).round() as u64
}

/// Takes a trial through its faults.
pub(crate) fn broken(cell: &Cell, made: &mut Made, kinds: &[&str], fate: Fate, late_s: f64) {
    let blows: Vec<Blow> = BLOWS.into_iter().filter(|blow| kinds.contains(&blow.kind)).collect();
    let Made { trial, series, .. } = made;
    let mut noise = Noise::of(&format!("{} broken", cell.id), trial.block);
    let first = blows.iter().map(|blow| blow.at_s).fold(f64::MAX, f64::min) + late_s;
    let last = blows.iter().map(|blow| blow.at_s + blow.for_s).fold(0.0, f64::max) + late_s;
    let jitter = 0.004 * noise.next();
    trial.faults = blows.iter().map(|blow| seen(cell, blow, fate, late_s + jitter)).collect();
    if let Fate::Failed = fate {
        let text = "the fault could not be done: no such process";
        trial.warnings.push(Warning { code: "fault-failed".into(), text: text.into(), invalidates: true });
        return;
    }
    trial.window.measured_ns = ns(WINDOW_S);
    let (kept, until) = match fate {
        Fate::Unharmed | Fate::Failed => (1.0, first),
        Fate::Degraded(kept) => (kept, last),
        Fate::Recovered(kept, after) => (kept, last + after),
        Fate::Never(kept) | Fate::Metastable(kept) => (kept, WINDOW_S),
    };
    let shape = Shape {
        usual: trial.throughput_ops_per_s,
        hit: trial.hit_ratio,
        p99_ns: trial.read_time.and_then(|time| time.p99_ns).unwrap_or(200_000) as f64,
        kept,
        from: first,
        until,
    };
    series.interval_ns = ns(STEP_S);
    let steps = (WINDOW_S / STEP_S).round() as u64;
    series.intervals = (0..steps).map(|step| shape.interval(step, &mut noise)).collect();
    trial.recovery = Some(recovery(&series.intervals, fate, [first + jitter, last + jitter, until]));
    let answered: u64 = series.intervals.iter().map(Interval::answered).sum();
    trial.throughput_ops_per_s = answered as f64 / WINDOW_S;
}

fn seen(cell: &Cell, blow: &Blow, fate: Fate, late_s: f64) -> FaultSeen {
    let failed = matches!(fate, Fate::Failed);
    FaultSeen {
        kind: blow.kind.into(),
        target: blow.target.into(),
        server: if blow.target == "cache" { cell.cache.clone() } else { cell.store.clone() },
        in_words: blow.in_words.into(),
        at_ns: ns(blow.at_s),
        until_ns: ns(blow.at_s + blow.for_s),
        began_ns: (!failed).then(|| ns(blow.at_s + late_s)),
        ended_ns: (!failed).then(|| ns(blow.at_s + blow.for_s + late_s)),
        actor: blow.actor.into(),
        failed: failed.then(|| "no such process".into()),
    }
}

/// What a trial is like before and while it is harmed.
struct Shape {
    usual: f64,
    hit: Option<f64>,
    p99_ns: f64,
    kept: f64,
    from: f64,
    until: f64,
}

impl Shape {
    fn interval(&self, step: u64, noise: &mut Noise) -> Interval {
        let start = step as f64 * STEP_S;
        let harmed = self.kept < 1.0 && start + STEP_S > self.from && start < self.until;
        let share = if harmed { self.kept } else { 1.0 };
        let asked = (self.usual * STEP_S * (1.0 + 0.02 * noise.normal())).max(1.0) as u64;
        let answered = ((asked as f64 * share) as u64).min(asked);
        let shed = (asked - answered) / 5;
        let failures = (asked - answered) / 2 + shed;
        let hit = self.hit.map(|hit| if harmed { hit * share } else { hit });
        let hits = hit.map_or(0, |hit| (answered as f64 * 0.9 * hit) as u64);
        let misses = if hit.is_some() { (answered as f64 * 0.9) as u64 - hits } else { 0 };
        let loads = if hit.is_some() { misses } else { answered };
        let stale_reads = if harmed { answered / 500 } else { 0 };
        Interval {
            start_ns: ns(start),
            operations: answered + failures,
            failures,
            shed: Some(shed),
            stale_reads: Some(stale_reads),
            hits,
            misses,
            failed_lookups: Some(0),
            store_operations: Some(loads + answered / 10),
            p50_ns: Some((self.p99_ns * 0.3) as u64),
            p99_ns: (share > 0.05).then(|| (self.p99_ns * (1.0 + 0.03 * noise.normal()) / share.powi(3)) as u64),
        }
    }
}

fn recovery(intervals: &[Interval], fate: Fate, [began, over, until]: [f64; 3]) -> Recovery {
    let within = |from: f64, to: f64| -> Vec<&Interval> {
        let (from, to) = (ns(from), ns(to));
        let inside = |it: &&Interval| it.start_ns + ns(STEP_S) / 2 >= from && it.start_ns + ns(STEP_S) / 2 < to;
        intervals.iter().filter(inside).collect()
    };
    let whole = |seconds: f64| (seconds / STEP_S).floor() * STEP_S;
    let worst = within(began, WINDOW_S).into_iter().min_by_key(|it| it.answered());
    let after = (until - over).max(0.0);
    let next_window = STEP_S - (over % STEP_S);
    let (verdict, recovered_s) = match fate {
        Fate::Unharmed | Fate::Failed => (RecoveryVerdict::Unharmed, Some(0.0)),
        Fate::Degraded(_) => (RecoveryVerdict::Degraded, Some(next_window)),
        Fate::Recovered(..) => (RecoveryVerdict::Recovered, Some(after + next_window)),
        Fate::Never(_) => (RecoveryVerdict::NotRecovered, None),
        Fate::Metastable(_) => (RecoveryVerdict::Metastable, None),
    };
    Recovery {
        began_ns: ns(began),
        over_ns: ns(over),
        seen_until_ns: ns(WINDOW_S),
        timeout_ns: ns(0.01),
        before: phase(&within(0.0, began)),
        // The windows that have some of a fault: of one of a moment that in which it was done.
        during: phase(&within(whole(began), whole(over) + STEP_S)),
        after: phase(&within(whole(over) + STEP_S, WINDOW_S)),
        detected_after_ns: (verdict != RecoveryVerdict::Unharmed).then(|| ns(STEP_S * 1.5)),
        recovered_after_ns: recovered_s.map(ns),
        noise: Some(0.0),
        as_before: None,
        harmed_again: Some(0),
        looked_long: Some(true),
        tail: Some("p99".into()),
        usual_tail_ns: phase(&within(0.0, began)).usual_p99_ns,
        worst: worst.map(|it| WorstWindow {
            start_ns: it.start_ns,
            goodput_ops_per_s: it.answered() as f64 / STEP_S,
            p99_ns: it.p99_ns,
            hit_ratio: it.hit_ratio(),
        }),
        verdict,
    }
}

fn phase(intervals: &[&Interval]) -> Phase {
    let sum = |of: fn(&Interval) -> u64| intervals.iter().map(|it| of(it)).sum::<u64>();
    let seconds = intervals.len() as f64 * STEP_S;
    let (hits, misses) = (sum(|it| it.hits), sum(|it| it.misses));
    let mut p99: Vec<u64> = intervals.iter().filter_map(|it| it.p99_ns).collect();
    p99.sort_unstable();
    let store = sum(|it| it.store_operations.unwrap_or(0));
    let peak = intervals.iter().filter_map(|it| it.store_operations).max();
    let shed = sum(|it| it.shed.unwrap_or(0));
    let timeouts = sum(|it| it.failures) - shed;
    Phase {
        start_ns: intervals.first().map_or(0, |it| it.start_ns),
        end_ns: intervals.last().map_or(0, |it| it.start_ns + ns(STEP_S)),
        operations: sum(|it| it.operations),
        answered: sum(Interval::answered),
        shed,
        goodput_ops_per_s: if seconds > 0.0 { sum(Interval::answered) as f64 / seconds } else { 0.0 },
        hit_ratio: (hits + misses > 0).then(|| hits as f64 / (hits + misses) as f64),
        p99_ns: None,
        usual_p99_ns: p99.get(p99.len() / 2).copied(),
        worst_p99_ns: p99.last().copied(),
        store_ops_per_s: (seconds > 0.0).then(|| store as f64 / seconds),
        store_peak_ops_per_s: peak.map(|peak| peak as f64 / STEP_S),
        stale_reads: Some(sum(|it| it.stale_reads.unwrap_or(0))),
        errors: if timeouts > 0 { BTreeMap::from([("timeout".into(), timeouts)]) } else { BTreeMap::new() },
    }
}

/// One arm each: unharmed, degraded, recovered after 1.2 s, never, metastable.
pub(crate) fn all_sorts(cell: &Cell, block: u32) -> Fate {
    match cell.strategy.as_str() {
        "no-cache" => Fate::Unharmed,
        "cache-aside" => Fate::Recovered(0.3, 1.2 + 0.4 * f64::from(block % 3)),
        "read-through" => Fate::Degraded(0.7),
        "write-through" => Fate::Never(0.6),
        "write-around" => Fate::Failed,
        _ => Fate::Metastable(0.1),
    }
}

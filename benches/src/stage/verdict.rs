//! From the figures of a family of arms to their verdicts.

use cachemark_stats::{Comparison, Direction, FamilyRule, compare, judge_family};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Operations per second in eight blocks: the reference, and how many times as much each arm has.
const REFERENCE: [f64; 8] = [100.0, 104.0, 98.0, 101.0, 99.0, 102.0, 103.5, 97.5];
const ARMS: [(&str, f64); 4] = [("A/A", 1.002), ("cache-aside", 1.5), ("read-through", 1.02), ("write-through", 0.8)];

pub(super) fn run(count: u64) -> Duration {
    let reference = REFERENCE.map(Some);
    let began = Instant::now();
    for _ in 0..count {
        let compared: Vec<Comparison> = ARMS
            .iter()
            .zip(1_u8..)
            .map(|(&(name, ratio), arm)| {
                // Each arm strays from the reference in its own way, or no rank would be worth counting.
                let figures = REFERENCE.map(|figure| Some(figure * ratio + (figure * f64::from(arm)) % 1.7));
                compare(name, black_box(&reference), &figures, Direction::HigherIsBetter).expect("eight blocks")
            })
            .collect();
        let rule = FamilyRule { aa_half_width: compared[0].half_width(), ..FamilyRule::with_blocks(8) };
        black_box(judge_family(&compared[1..], &rule).expect("it has comparisons"));
    }
    began.elapsed()
}

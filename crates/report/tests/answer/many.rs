//! However many arms there are, there are three sentences that one can read.

use crate::sample::Sample;
use crate::support::{answer, small, stale, throughput, told};
use cachemark_results::{Cell, Trial};

const TWENTY: [&str; 20] = [
    "no-cache", "arm-01", "arm-02", "arm-03", "arm-04", "arm-05", "arm-06", "arm-07", "arm-08", "arm-09", "arm-10",
    "arm-11", "arm-12", "arm-13", "arm-14", "arm-15", "arm-16", "arm-17", "arm-18", "arm-19",
];
/// The longest that a sentence may be.
const LONGEST: usize = 300;

fn twenty(tweak: fn(&Cell, &mut Trial)) -> Sample {
    Sample { strategies: &TWENTY, blocks: 10, reads: 0, tweak, ..small() }
}

fn check(sample: &Sample) -> String {
    let found = answer(sample);
    let sentences = found.sentences();
    assert!(sentences.len() <= 3);
    for (question, sentence) in &sentences {
        assert!(sentence.len() < LONGEST, "{question}: {sentence}");
    }
    told(&found)
}

#[test]
fn twenty_of_which_eight_are_better() {
    let told = check(&twenty(|cell, trial| {
        let better = cell.strategy.ends_with(['1', '2', '3', '4']);
        throughput(cell, trial, if better { 2.0 } else { 1.0 });
        stale(trial, u64::from(better));
    }));
    assert!(told.contains("or one of 5 more (no difference between them shown): "), "{told}");
}

#[test]
fn twenty_that_are_alike() {
    let told = check(&twenty(|cell, trial| throughput(cell, trial, 1.0)));
    assert!(told.contains("and 16 more"), "{told}");
}

#[test]
fn twenty_whose_order_turns() {
    let told = check(&Sample {
        read_ratios: &[0.1, 0.2, 0.3, 0.4, 0.5],
        ..twenty(|cell, trial| {
            let own: f64 = cell.strategy.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0.0);
            throughput(cell, trial, 2.0 - (own / 20.0 - cell.read_ratio).abs());
        })
    });
    assert!(told.contains("others elsewhere"), "{told}");
}

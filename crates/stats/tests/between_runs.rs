//! Runs of different times with known truth: how often is a verdict false, does the interval cover, how often is a slow-down found?
//! Seeded, so the figures are the same on every run; the bounds are those that the method promises.

use cachemark_stats::{
    CONFIDENCE, Direction, RunRow, RunRule, RunVerdict, compare_runs, holm_adjusted, relabelled_p, shift_interval,
};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Normal, StudentT};
use rand_xoshiro::Xoshiro256PlusPlus;

const RULE: RunRule = RunRule { alpha: 0.05, margin: 0.05 };
/// So much do all cells of a run move together.
const DRIFT: f64 = 0.10;
/// So much each of them moves by itself.
const OWN: f64 = 0.03;
const CELLS: usize = 12;

/// The log of what a run does to all its cells.
type DriftLaw<'a> = &'a dyn Fn(&mut Xoshiro256PlusPlus) -> f64;

fn normal(rng: &mut Xoshiro256PlusPlus) -> f64 {
    Normal::new(0.0, DRIFT).expect("a finite deviation").sample(rng)
}

fn heavy_tailed(rng: &mut Xoshiro256PlusPlus) -> f64 {
    // Three degrees of freedom have a variance of three.
    DRIFT / 3.0_f64.sqrt() * StudentT::new(3.0).expect("3 degrees of freedom").sample(rng)
}

/// A machine that is now in one state and now in another, a quarter apart.
fn two_states(rng: &mut Xoshiro256PlusPlus) -> f64 {
    0.02 * Normal::new(0.0, 1.0).expect("a finite deviation").sample(rng)
        + if rng.random::<bool>() { 0.25 } else { 0.0 }
}

const LAWS: [(&str, DriftLaw<'static>); 3] =
    [("normal", &normal), ("heavy-tailed", &heavy_tailed), ("two states", &two_states)];

/// The cells' figures of one run: a time in ns each, times its factor.
fn run(rng: &mut Xoshiro256PlusPlus, drift: DriftLaw<'_>, factors: &[f64; CELLS]) -> [f64; CELLS] {
    let together = drift(rng);
    let own = Normal::new(0.0, OWN).expect("a finite deviation");
    factors.map(|factor| 50_000.0 * factor * (together + own.sample(rng)).exp())
}

/// A comparison of so many runs with so many, by the drift of so many stored ones, of which the compared ones have `factors`.
fn rows(
    rng: &mut Xoshiro256PlusPlus,
    drift: DriftLaw<'_>,
    [baseline, compared, stored]: [usize; 3],
    factors: &[f64; CELLS],
) -> Vec<RunRow> {
    let mut side = |runs: usize, factors: &[f64; CELLS]| -> Vec<[f64; CELLS]> {
        (0..runs).map(|_| run(rng, drift, factors)).collect()
    };
    let same = [1.0; CELLS];
    let (baseline, compared, stored) = (side(baseline, &same), side(compared, factors), side(stored, &same));
    let of = |runs: &[[f64; CELLS]], cell: usize| runs.iter().map(|run| run[cell]).collect();
    let row = |cell: usize| RunRow {
        direction: Direction::LowerIsBetter,
        baseline: of(&baseline, cell),
        compared: of(&compared, cell),
        stored: of(&stored, cell),
    };
    (0..CELLS).map(row).collect()
}

fn share(seed: u64, runs: u32, mut holds: impl FnMut(&mut Xoshiro256PlusPlus) -> bool) -> f64 {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let held = (0..runs).filter(|_| holds(&mut rng)).count();
    held as f64 / f64::from(runs)
}

fn is_told_apart(rows: &[RunRow]) -> bool {
    let found = compare_runs(rows, &RULE).expect("good rows");
    found.iter().any(|found| matches!(found.verdict, RunVerdict::Better | RunVerdict::Worse))
}

#[test]
fn at_four_runs_a_side_no_more_than_one_family_in_twenty_is_falsely_told_apart() {
    for (name, drift) in LAWS {
        for runs in [[4, 4, 0], [4, 6, 0], [5, 5, 0]] {
            let falsely = share(1, 2_000, |rng| is_told_apart(&rows(rng, drift, runs, &[1.0; CELLS])));
            assert!(falsely <= 0.06, "{name}, {runs:?}: {falsely}");
            assert!(falsely >= 0.01, "{name}, {runs:?}: {falsely}: a test that never speaks is none");
        }
    }
}

#[test]
fn with_one_a_side_no_more_than_one_family_in_twenty_passes_the_drift_of_stored_runs() {
    for (name, drift) in [("normal", &normal as DriftLaw<'_>), ("two states", &two_states)] {
        for runs in [[1, 1, 5], [1, 1, 10], [2, 3, 8]] {
            let falsely = share(2, 2_000, |rng| is_told_apart(&rows(rng, drift, runs, &[1.0; CELLS])));
            assert!(falsely <= 0.06, "{name}, {runs:?}: {falsely}");
        }
    }
}

/// What the test is there for: who takes the trials for the unit sees differences in runs that do not differ.
#[test]
fn the_unit_is_the_run_for_trials_see_drift_as_difference() {
    let trial = Normal::new(0.0, 0.05).expect("a finite deviation");
    let falsely = share(3, 500, |rng| {
        let mut trials = || -> Vec<f64> {
            let runs: Vec<f64> = (0..4).map(|_| normal(rng)).collect();
            runs.iter().flat_map(|run| [*run; 8]).map(|run| run + trial.sample(rng)).collect()
        };
        let (baseline, compared) = (trials(), trials());
        let interval = shift_interval(&baseline, &compared, CONFIDENCE).expect("good values").expect("32 are enough");
        !interval.contains(0.0)
    });
    assert!(falsely > 0.4, "{falsely}");
}

/// The least p value of a test by ranks at four and four, which Holm's adjustment doubles for two cells.
#[test]
fn holm_could_not_decide_two_cells_where_relabelling_decides_twelve() {
    let least = 2.0 / 70.0;
    assert!(holm_adjusted(&[least; 2]).expect("probabilities")[0] > RULE.alpha);
    let moved: Vec<f64> = [1.0, 2.0, 3.0, 4.0, 9.0, 10.0, 11.0, 12.0].to_vec();
    assert_eq!(relabelled_p(&vec![moved; CELLS], 4), Ok(vec![least; CELLS]));
}

#[test]
fn the_interval_covers_the_truth_as_often_as_it_says() {
    for (name, drift) in LAWS {
        for (runs, says) in [([4, 4, 0], 1.0 - 2.0 / 70.0), ([8, 8, 0], 0.95), ([1, 1, 6], 0.95)] {
            // Student's t is for a drift that is normal.
            if runs[2] > 0 && name != "normal" {
                continue;
            }
            let covered = share(4, 3_000, |rng| {
                let row = rows(rng, drift, runs, &[1.3; CELLS]).swap_remove(0);
                let found = compare_runs(&[row], &RULE).expect("good rows")[0];
                found.interval.expect("there is one").contains(1.3)
            });
            assert!((says - 0.015..=says + 0.02).contains(&covered), "{name}, {runs:?}: {covered}");
        }
    }
}

#[test]
fn a_slow_down_of_all_cells_is_found_and_so_is_that_of_one() {
    let found = |runs: [usize; 3], factors: [f64; CELLS], least: f64| {
        let found = share(5, 500, |rng| {
            let found = compare_runs(&rows(rng, &normal, runs, &factors), &RULE).expect("good rows");
            found[0].verdict == RunVerdict::Worse
        });
        assert!(found >= least, "{runs:?}, {factors:?}: {found}");
    };
    let mut one = [1.0; CELLS];
    one[0] = 2.0;
    found([4, 4, 0], [1.4; CELLS], 0.80);
    found([4, 4, 0], one, 0.80);
    found([8, 8, 0], [1.25; CELLS], 0.80);
    found([1, 1, 10], [2.0; CELLS], 0.80);
}

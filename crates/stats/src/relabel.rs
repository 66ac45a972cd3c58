//! Several figures of the same runs at once, half of them before and half after: which of them moved?
//!
//! What disturbs a run disturbs all that it measured, so the figures of a run are not independent, and Holm's adjustment, which
//! supposes nothing of that, cannot decide at all where runs are few: four runs against four can be dealt in 70 ways, the least p
//! value of a test by ranks is 2 / 70, and twice that is more than 5 %.
//!
//! So the runs are dealt anew, as wholes. If nothing moved, every way to say which of them are the baseline's is as likely as any
//! other. For each way each figure has a statistic: the distance between the means of the two sides, over the spread of all runs
//! (of one figure it puts the ways in the order of Student's t). The adjusted p value of a figure is the share of ways in which the *greatest*
//! statistic of any figure is at least as great as the one that was seen. Figures that move together are greatest together and cost
//! nothing; those that don't cost what Holm's adjustment would. It is exact for any distribution and any dependence between the
//! figures. (P. H. Westfall and S. S. Young, "Resampling-Based Multiple Testing", 1993, algorithm 4.1: step-down maxT,
//! here by permutation.)

use crate::StatsError;
use crate::error::check_sample;

/// As many ways to deal the runs are gone through one by one: all of eight runs a side. Of more ways so many are drawn.
const MOST_WAYS: usize = 13_000;
/// Ways are drawn alike at every call.
const SEED: u64 = 0x6361_6368_656d_6172;
/// What rounding may do to a statistic that another order of the sum would make the same.
const ROUNDING: f64 = 1e-9;

/// The adjusted p value of each row: its values run by run, those of the `first` runs before, the others after.
///
/// # Errors
/// A row without values, with one that is not a finite number, or with another number of runs than the first row; a side without runs.
pub fn relabelled_p(rows: &[Vec<f64>], first: usize) -> Result<Vec<f64>, StatsError> {
    let Some(runs) = rows.first().map(Vec::len) else { return Ok(Vec::new()) };
    rows.iter().try_for_each(|row| check_sample(row))?;
    if let Some(other) = rows.iter().find(|row| row.len() != runs) {
        return Err(StatsError::BlocksDiffer { reference: runs, cell: other.len() });
    }
    if first == 0 || first >= runs {
        return Err(StatsError::Empty);
    }
    let standard: Vec<Vec<f64>> = rows.iter().map(|row| standardized(row)).collect();
    let seen: Vec<usize> = (0..first).collect();
    let observed = statistics(&standard, &seen);
    let mut ascending: Vec<usize> = (0..rows.len()).collect();
    ascending.sort_by(|&a, &b| observed[a].total_cmp(&observed[b]));
    let (mut as_great, mut ways) = (vec![0_usize; rows.len()], 0);
    for_each_way(runs, first, |way| {
        let statistics = statistics(&standard, way);
        let mut greatest = 0.0_f64;
        for &row in &ascending {
            greatest = greatest.max(statistics[row]);
            as_great[row] += usize::from(greatest >= observed[row] * (1.0 - ROUNDING));
        }
        ways += 1;
    });
    let mut adjusted = vec![0.0; rows.len()];
    let mut before = 0.0_f64;
    for &row in ascending.iter().rev() {
        before = before.max(as_great[row] as f64 / ways as f64);
        adjusted[row] = before;
    }
    Ok(adjusted)
}

/// The values less their mean, over their spread. All zero where they are all the same.
fn standardized(row: &[f64]) -> Vec<f64> {
    // Alike to the last bit, whatever their mean is rounded to.
    if row.iter().all(|value| *value == row[0]) {
        return vec![0.0; row.len()];
    }
    let mean = row.iter().sum::<f64>() / row.len() as f64;
    let spread = row.iter().map(|value| (value - mean).powi(2)).sum::<f64>().sqrt();
    row.iter().map(|value| (value - mean) / spread).collect()
}

/// The statistic of each row. The values of a row sum to zero, so the sum over the one side tells the distance between the means,
/// but for a factor that is the same for all rows and ways.
fn statistics(rows: &[Vec<f64>], baseline: &[usize]) -> Vec<f64> {
    rows.iter().map(|row| baseline.iter().map(|&run| row[run]).sum::<f64>().abs()).collect()
}

/// All ways to choose `first` of the runs, the one that was seen among them; or that one and so many drawn.
fn for_each_way(runs: usize, first: usize, mut of: impl FnMut(&[usize])) {
    let mut way: Vec<usize> = (0..first).collect();
    if ways(runs, first) <= MOST_WAYS as f64 {
        loop {
            of(&way);
            let Some(place) = (0..first).rev().find(|&place| way[place] < runs - first + place) else { return };
            way[place] += 1;
            for later in place + 1..first {
                way[later] = way[later - 1] + 1;
            }
        }
    }
    of(&way);
    let mut state = SEED;
    let mut order: Vec<usize> = (0..runs).collect();
    for _ in 0..MOST_WAYS {
        for place in 0..first {
            order.swap(place, place + (draw(&mut state) % (runs - place) as u64) as usize);
        }
        of(&order[..first]);
    }
}

/// How many ways there are to choose `first` of the runs.
fn ways(runs: usize, first: usize) -> f64 {
    (0..first).fold(1.0, |ways, place| ways * (runs - place) as f64 / (place + 1) as f64).round()
}

/// The next number of SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, 2014).
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(rows: &[[f64; 8]]) -> Vec<f64> {
        relabelled_p(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>(), 4).unwrap()
    }

    const MOVED: [f64; 8] = [1.0, 2.0, 3.0, 4.0, 11.0, 12.0, 13.0, 14.0];

    #[test]
    fn four_runs_against_four_can_decide_and_three_cannot() {
        assert_eq!(p(&[MOVED]), [2.0 / 70.0]);
        let six: Vec<f64> = MOVED[..3].iter().chain(&MOVED[4..7]).copied().collect();
        assert_eq!(relabelled_p(&[six], 3), Ok(vec![2.0 / 20.0]));
    }

    #[test]
    fn rows_that_move_together_cost_nothing() {
        let twice = MOVED.map(|value| 2.0 * value + 7.0);
        assert_eq!(p(&[MOVED, twice, MOVED]), [2.0 / 70.0; 3]);
    }

    #[test]
    fn rows_of_their_own_cost_something_and_what_did_not_move_is_not_told_apart() {
        // Its own sorted halves are another way, in which it is nearly as far apart as the first row is in the way that was seen.
        let other = [1.0, 11.0, 2.1, 12.0, 3.2, 13.0, 4.0, 14.2];
        let adjusted = p(&[MOVED, other]);
        assert!(adjusted[0] >= 2.0 / 70.0 && adjusted[1] > 0.2, "{adjusted:?}");
        assert_eq!(p(&[other, MOVED]), [adjusted[1], adjusted[0]]);
    }

    #[test]
    fn what_is_the_same_in_all_runs_did_not_move() {
        assert_eq!(p(&[[0.1 + 0.2; 8], MOVED]), [1.0, 2.0 / 70.0]);
    }

    #[test]
    fn every_way_is_gone_through_once() {
        let mut seen = std::collections::BTreeSet::new();
        for_each_way(8, 4, |way| assert!(seen.insert(way.to_vec())));
        assert_eq!((seen.len(), ways(8, 4), ways(16, 8), ways(5, 1)), (70, 70.0, 12_870.0, 5.0));
    }

    #[test]
    fn of_too_many_ways_some_are_drawn_and_alike_at_every_call() {
        let row: Vec<f64> = (0..30).map(f64::from).collect();
        let first = relabelled_p(std::slice::from_ref(&row), 15).unwrap();
        assert_eq!(first, relabelled_p(&[row], 15).unwrap());
        // None of those drawn is as far apart: the way that was seen counts alone.
        assert_eq!(first, [1.0 / (MOST_WAYS as f64 + 1.0)]);
    }

    #[test]
    fn bad_questions_are_refused() {
        assert_eq!(relabelled_p(&[], 4), Ok(vec![]));
        assert_eq!(relabelled_p(&[vec![1.0, 2.0]], 0), Err(StatsError::Empty));
        assert_eq!(relabelled_p(&[vec![1.0, 2.0]], 2), Err(StatsError::Empty));
        assert_eq!(relabelled_p(&[vec![1.0, f64::NAN]], 1), Err(StatsError::NotFinite { index: 1 }));
        assert!(relabelled_p(&[vec![1.0, 2.0], vec![1.0]], 1).is_err());
    }
}

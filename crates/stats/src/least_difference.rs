//! The least difference that a comparison over blocks finds.
//!
//! An interval leaves out "no difference" once the estimate lies farther from it than half the interval's width. So that
//! half-width is the least difference that a run finds, on the log scale and as a ratio less 1: exp((b - a) / 2) - 1, of the
//! interval from a to b that [`pseudo_median_interval`] gives for the log ratios of the blocks. A true difference of just
//! this size is found about every second time, and one half as large again in four runs of five (simulated: normal log ratios,
//! 6 to 20 blocks).
//!
//! Over another number of blocks the half-width is scaled as that of a typical normal sample: its values are Blom's normal
//! scores (G. Blom, "Statistical Estimates and Transformed Beta-Variables", 1958), and its interval is the same exact one.
//! Simulated over 6 to 40 blocks, from 6 to 10, that is right within 5 % on average, and from one run within the luck of that
//! run's own half-width. Placing the values of the run itself on more blocks was up to 23 % too small: a few values have short
//! tails.

use crate::StatsError;
use crate::compare::CONFIDENCE;
use crate::pseudo_median::{Interval, pseudo_median_interval};

/// The least difference that so many blocks would find, as a ratio less 1, where single blocks differ as those of another
/// run did: `ratios`, one a block. None where either has too few blocks for an interval (six).
///
/// Over as many blocks it is what the run itself has.
///
/// # Errors
/// A ratio that is not a finite number above zero.
pub fn least_difference(ratios: &[f64], blocks: usize) -> Result<Option<f64>, StatsError> {
    if ratios.is_empty() {
        return Ok(None);
    }
    let logs: Vec<f64> = ratios.iter().map(|ratio| ratio.ln()).collect();
    let half = |interval: Interval| (interval.high - interval.low) / 2.0;
    let measured = pseudo_median_interval(&logs, CONFIDENCE)?.map(half);
    let typical = |blocks: usize| match blocks {
        0 => Ok(None),
        blocks => Ok(pseudo_median_interval(&normal_scores(blocks), CONFIDENCE)?.map(half)),
    };
    let scale = typical(blocks)?.zip(typical(ratios.len())?).map(|(there, here)| there / here);
    Ok(measured.zip(scale).map(|(measured, scale)| (measured * scale).exp() - 1.0))
}

/// Where the values of a typical sample of the normal distribution lie, ascending.
fn normal_scores(count: usize) -> Vec<f64> {
    (1..=count).map(|rank| normal_quantile((rank as f64 - 0.375) / (count as f64 + 0.25))).collect()
}

/// The greatest size of a quantile that is looked for: beyond lies less than 1e-9.
const FARTHEST: f64 = 6.0;

/// The value below which that share of the normal distribution lies, found by halving.
fn normal_quantile(share: f64) -> f64 {
    let (mut low, mut high) = (-FARTHEST, FARTHEST);
    while high - low > 1e-12 {
        let middle = low.midpoint(high);
        if normal_share(middle) < share { low = middle } else { high = middle }
    }
    low.midpoint(high)
}

/// The share of the normal distribution below `value`, by its series about 0 (G. Marsaglia, "Evaluating the Normal
/// Distribution", 2004).
fn normal_share(value: f64) -> f64 {
    let (mut term, mut sum, mut divisor) = (value, value, 1.0);
    while sum + term != sum || divisor < 3.0 {
        divisor += 2.0;
        term *= value * value / divisor;
        sum += term;
        if term == 0.0 {
            break;
        }
    }
    0.5 + sum * (-0.5 * value * value).exp() / std::f64::consts::TAU.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Direction, compare};
    use proptest::prelude::*;

    #[test]
    fn normal_quantiles_are_what_others_have() {
        // R: qnorm(c(0.5, 0.75, 0.975, 0.999, 1e-6)).
        let known = [
            (0.5, 0.0),
            (0.75, 0.674_489_750_196_081_7),
            (0.975, 1.959_963_984_540_054),
            (0.999, 3.090_232_306_167_813_5),
            (1e-6, -4.753_424_308_822_899),
        ];
        for (share, expected) in known {
            assert!((normal_quantile(share) - expected).abs() < 1e-8, "{share}: {}", normal_quantile(share));
        }
        // Halves of a sample mirror each other.
        let scores = normal_scores(6);
        assert!((0..3).all(|place| (scores[place] + scores[5 - place]).abs() < 1e-10), "{scores:?}");
        assert!((scores[5] - 1.281_551_565_544_6).abs() < 1e-9, "(6 - 3/8) / 6.25 = 0.9");
    }

    #[test]
    fn six_blocks_by_hand() {
        // Of six values the interval goes from the least to the greatest: from 1/1.1 to 1.21, so the half-width is
        // sqrt(1.21 x 1.1) - 1 = sqrt(1.331) - 1.
        let ratios = [1.0 / 1.1, 1.0, 1.02, 1.05, 1.1, 1.21];
        let found = least_difference(&ratios, 6).unwrap().unwrap();
        assert!((found - (1.331_f64.sqrt() - 1.0)).abs() < 1e-12, "{found}");
        // Of forty blocks about a quarter of that: 0.322 / 1.282, as simulated.
        let forty = least_difference(&ratios, 40).unwrap().unwrap();
        assert!((forty.ln_1p() / found.ln_1p() - 0.322 / 1.282).abs() < 0.002, "{forty}");
    }

    #[test]
    fn too_few_blocks_cannot_tell_on_either_side() {
        assert_eq!(least_difference(&[1.0, 1.1, 0.9, 1.0, 1.05], 20), Ok(None));
        assert_eq!(least_difference(&[1.0, 1.1, 0.9, 1.0, 1.05, 0.95], 5), Ok(None));
        assert_eq!((least_difference(&[], 20), least_difference(&[1.0; 8], 0)), (Ok(None), Ok(None)));
        assert_eq!(least_difference(&[1.0; 8], 8), Ok(Some(0.0)));
    }

    #[test]
    fn what_has_no_log_is_refused() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(least_difference(&[1.0, 1.0, 1.0, 1.0, 1.0, bad], 8).is_err(), "{bad}");
        }
    }

    proptest! {
        /// Over as many blocks it is what the comparison itself has; over more it is never more.
        #[test]
        fn it_is_the_half_width_of_the_run_itself(logs in proptest::collection::vec(-0.2..0.2, 6..20)) {
            let cell: Vec<Option<f64>> = logs.iter().map(|log: &f64| Some(log.exp())).collect();
            let comparison = compare("cell", &vec![Some(1.0); cell.len()], &cell, Direction::HigherIsBetter).unwrap();
            let ratios: Vec<f64> = cell.iter().flatten().copied().collect();
            let found = least_difference(&ratios, ratios.len()).unwrap().unwrap();
            prop_assert!((found - comparison.half_width().unwrap()).abs() < 1e-9);
            let of = |blocks: usize| least_difference(&ratios, blocks).unwrap().unwrap();
            prop_assert!(of(2 * ratios.len()) <= found && of(4 * ratios.len()) <= of(2 * ratios.len()));
        }
    }
}

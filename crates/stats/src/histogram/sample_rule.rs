//! How many samples a quantile needs: 10 / (1 - q).

/// Samples that must lie beyond a quantile before it is told.
pub(crate) const SAMPLES_BEYOND: f64 = 10.0;

/// How many samples the quantile `q` needs, or `None` where no number will do (`q` of 1 or more, below 0, or not a
/// number). For why, see [`Histogram::quantile`](crate::Histogram::quantile).
pub fn samples_needed(q: f64) -> Option<u64> {
    if !(0.0..1.0).contains(&q) {
        return None;
    }
    // 1 - 0.99 is a hair above 0.01 in binary, and the quotient lands on either side of the whole number that is meant:
    // without the small allowance 1000 samples would be too few for p99.
    let needed = SAMPLES_BEYOND / (1.0 - q) * (1.0 - 1e-9);
    Some(needed.ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_quantiles_need_round_numbers() {
        let needed = [0.0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999, 0.999999].map(samples_needed);
        assert_eq!(needed, [10, 20, 40, 100, 200, 1_000, 10_000, 100_000, 1_000_000, 10_000_000].map(Some));
    }

    #[test]
    fn nonsense_needs_more_than_there_is() {
        assert_eq!([1.0, 1.5, -0.1, f64::NAN, f64::INFINITY].map(samples_needed), [None; 5]);
    }
}

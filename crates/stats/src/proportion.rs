//! The interval of a share: so many of so many.

use crate::compare::CONFIDENCE;
use crate::pseudo_median::Interval;

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Wilson's 95 % interval (1927) of the share that `some` of `all` stands for, taken as independent of each other; none of
/// nothing. Unlike the plain one it holds for shares next to 0 and 1, and never leaves 0 to 1.
#[must_use]
pub fn wilson(some: u64, all: u64) -> Option<Interval> {
    if all == 0 {
        return None;
    }
    let (n, share) = (all as f64, some.min(all) as f64 / all as f64);
    let width = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let (centre, scale) = (share + Z * Z / (2.0 * n), 1.0 + Z * Z / n);
    // At the ends the formula gives 0 and 1 but for rounding.
    let low = if some == 0 { 0.0 } else { ((centre - width) / scale).max(0.0) };
    let high = if some >= all { 1.0 } else { ((centre + width) / scale).min(1.0) };
    Some(Interval { low, high, confidence: CONFIDENCE })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_others_have() {
        // R: binom::binom.confint(x, n, methods = "wilson").
        for (some, all, low, high) in
            [(10, 20, 0.299_298, 0.700_702), (0, 50, 0.0, 0.071_348), (1, 1_000, 0.000_176_5, 0.005_643)]
        {
            let found = wilson(some, all).unwrap();
            assert!((found.low - low).abs() < 5e-6 && (found.high - high).abs() < 5e-6, "{found:?}");
        }
        let all = wilson(50, 50).unwrap();
        assert_eq!((all.high, wilson(0, 0)), (1.0, None));
        assert!((all.low - (1.0 - 0.071_348)).abs() < 5e-6, "{all:?}");
    }
}

//! Student's t for whole degrees of freedom, by its finite sums: M. Abramowitz and I. A. Stegun, "Handbook of Mathematical
//! Functions", 26.7.3 (odd) and 26.7.4 (even).

/// The probability of a t at least as far from 0 as `t`, on either side.
pub(crate) fn two_sided_p(t: f64, degrees: u32) -> f64 {
    let angle = (t.abs() / f64::from(degrees).sqrt()).atan();
    let (sine, cosine) = angle.sin_cos();
    let odd = degrees % 2 == 1;
    // Each term is the one before times cos^2 and the next ratio of the series: 2/3, 4/5, .. or 1/2, 3/4, ..
    let (first, offset) = if odd { (cosine, 1.0) } else { (1.0, 0.0) };
    let (mut sum, mut term) = (0.0, first);
    for place in 1..=degrees / 2 {
        sum += term;
        let even = 2.0 * f64::from(place);
        term *= cosine * cosine * (even - 1.0 + offset) / (even + offset);
    }
    let within = if odd { std::f64::consts::FRAC_2_PI * (angle + sine * sum) } else { sine * sum };
    (1.0 - within).clamp(0.0, 1.0)
}

/// The t that lies between its two signs with probability `confidence`, which lies between 0 and 1.
pub(crate) fn critical(confidence: f64, degrees: u32) -> f64 {
    let outside = 1.0 - confidence;
    let mut high = 1.0;
    while two_sided_p(high, degrees) > outside && high < f64::MAX / 2.0 {
        high *= 2.0;
    }
    let mut low = 0.0;
    // Each step halves what is between: a hundred leave nothing that a float can tell.
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if two_sided_p(middle, degrees) > outside {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_quantiles_hold() {
        // Two-sided 95 % and 99 %, as every table of t has them.
        for (degrees, at_95, at_99) in [
            (1, 12.7062, 63.6567),
            (2, 4.3027, 9.9248),
            (3, 3.1824, 5.8409),
            (4, 2.7764, 4.6041),
            (5, 2.5706, 4.0321),
            (10, 2.2281, 3.1693),
            (29, 2.0452, 2.7564),
            (120, 1.9799, 2.6174),
        ] {
            assert!((critical(0.95, degrees) - at_95).abs() < 5e-5, "{degrees}");
            assert!((critical(0.99, degrees) - at_99).abs() < 5e-5, "{degrees}");
        }
    }

    #[test]
    fn closed_forms_and_ends() {
        let t: f64 = 1.7;
        assert!((two_sided_p(t, 1) - (1.0 - t.atan() * std::f64::consts::FRAC_2_PI)).abs() < 1e-15);
        assert!((two_sided_p(-t, 2) - (1.0 - t / (2.0 + t * t).sqrt())).abs() < 1e-15);
        for degrees in 1..9 {
            assert_eq!(two_sided_p(0.0, degrees), 1.0);
            assert!(two_sided_p(f64::INFINITY, degrees) < 1e-15);
        }
    }
}

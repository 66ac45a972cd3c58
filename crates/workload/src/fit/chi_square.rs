//! The tail of the chi-square distribution, by the regularized incomplete gamma function.
//!
//! Formulas: NIST Digital Library of Mathematical Functions, 8.7.1 (series), 8.9.2 (continued fraction, evaluated by
//! Lentz's method), 5.4.6 (gamma of half-integers).

/// Relative size of the last term that still counts.
const PRECISION: f64 = 1e-16;

/// The chance that a chi-square variable of `degrees` degrees of freedom is at least `statistic`, 0 to 1; to some 12
/// digits. 1 for a statistic of 0 or below; with no degrees of freedom the variable is 0.
#[must_use]
pub fn chi_square_survival(statistic: f64, degrees: u32) -> f64 {
    if statistic <= 0.0 {
        return 1.0;
    }
    if degrees == 0 {
        return 0.0;
    }
    let (a, x) = (f64::from(degrees) / 2.0, statistic / 2.0);
    // Each form converges fast on its own side of the mean.
    if x < a + 1.0 { 1.0 - lower_by_series(a, x, degrees) } else { upper_by_fraction(a, x, degrees) }
}

/// x^a e^-x / Gamma(a), the factor before both forms.
fn front(a: f64, x: f64, degrees: u32) -> f64 {
    (a * x.ln() - x - ln_gamma_of_half(degrees)).exp()
}

fn lower_by_series(a: f64, x: f64, degrees: u32) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    let mut n = a;
    while term > sum * PRECISION {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    sum * front(a, x, degrees)
}

fn upper_by_fraction(a: f64, x: f64, degrees: u32) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = f64::MAX;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for i in 1..100_000 {
        let i = f64::from(i);
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / nonzero(numerator * d + b);
        c = nonzero(b + numerator / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < PRECISION {
            break;
        }
    }
    fraction * front(a, x, degrees)
}

fn nonzero(x: f64) -> f64 {
    if x == 0.0 { f64::MIN_POSITIVE } else { x }
}

/// ln Gamma(degrees / 2), by its recurrence from Gamma(1) = 1 or Gamma(1/2) = sqrt(pi): exact but for rounding, and
/// pools are few enough for a loop.
fn ln_gamma_of_half(degrees: u32) -> f64 {
    let half = if degrees.is_multiple_of(2) { 1.0 } else { 0.5 };
    let start = if degrees.is_multiple_of(2) { 0.0 } else { std::f64::consts::PI.ln() / 2.0 };
    let steps = degrees.div_ceil(2) - 1;
    (0..steps).map(|step| (half + f64::from(step)).ln()).sum::<f64>() + start
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_degrees_are_an_exponential() {
        for statistic in [0.1, 1.0, 3.9, 4.1, 30.0, 500.0] {
            let expected = (-statistic / 2.0f64).exp();
            assert!((chi_square_survival(statistic, 2) / expected - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn the_ends_are_certain() {
        assert_eq!((chi_square_survival(0.0, 3), chi_square_survival(-1.0, 3)), (1.0, 1.0));
        assert_eq!((chi_square_survival(0.0, 0), chi_square_survival(0.1, 0)), (1.0, 0.0));
        assert_eq!(chi_square_survival(1e6, 3), 0.0);
    }

    proptest! {
        #[test]
        fn it_falls_from_one_to_nothing(degrees in 1..5_000u32, at in 0.5..1.5) {
            let near = chi_square_survival(at * f64::from(degrees), degrees);
            let beyond = chi_square_survival((at + 0.01) * f64::from(degrees), degrees);
            prop_assert!((0.0..=1.0 + 1e-10).contains(&near));
            prop_assert!(beyond <= near + 1e-10);
        }
    }
}

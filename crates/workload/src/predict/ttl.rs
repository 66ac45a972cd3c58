//! Entries that expire: the hit ratio and staleness of one key, read and written by Poisson processes, room for all.
//!
//! All follow from renewal: an entry lives for E on average, then the key is out of the cache until the next operation
//! that fills it; a read hits with the share of time that the entry is there. The fixed and the sliding TTL differ
//! (Redis' `SET .. EX` alone is fixed) and must not be mixed. Which TTL is which: Jung, Berger and Balakrishnan,
//! "Modeling TTL-based Internet caches", INFOCOM 2003; Fofack et al., "Performance evaluation of hierarchical TTL-based
//! cache networks", Computer Networks 65, 2014.

use super::KeyRates;

/// Fixed TTL from the fill, nothing else removes or renews the entry: lambda T / (1 + lambda T).
#[must_use]
pub fn fixed_ttl(rates: KeyRates, ttl: f64) -> f64 {
    present(ttl, rates.reads)
}

/// Each hit starts the TTL again: 1 - exp(-lambda T).
#[must_use]
pub fn sliding_ttl(rates: KeyRates, ttl: f64) -> f64 {
    if rates.reads > 0.0 { -(-rates.reads * ttl).exp_m1() } else { 0.0 }
}

/// Cache-aside: fixed TTL from the fill, and each write removes the entry. It lives for (1 - exp(-w T)) / w.
#[must_use]
pub fn fixed_ttl_invalidated(rates: KeyRates, ttl: f64) -> f64 {
    let life = if rates.writes > 0.0 { -(-rates.writes * ttl).exp_m1() / rates.writes } else { ttl };
    present(life, rates.reads)
}

/// Write-through: each write puts the entry in place and starts its TTL again. It lives for (exp(w T) - 1) / w, and both
/// reads and writes bring it back.
#[must_use]
pub fn fixed_ttl_reset_by_writes(rates: KeyRates, ttl: f64) -> f64 {
    let life = if rates.writes > 0.0 { (rates.writes * ttl).exp_m1() / rates.writes } else { ttl };
    present(life, rates.reads + rates.writes)
}

/// The share of *hits* that are stale where only the TTL ends an entry: 1 - (1 - exp(-w T)) / (w T). Times the hit
/// ratio it is the share of reads.
#[must_use]
pub fn stale_ratio_of_hits(writes: f64, ttl: f64) -> f64 {
    let x = writes * ttl;
    x * exp_tail(x)[0]
}

/// The mean time since the entry went stale, over stale hits, where only the TTL ends an entry: (T/2 - P/w) / P, with P
/// from [`stale_ratio_of_hits`]. The most it can be is the TTL and the time of a fill. 0 where nothing is stale.
#[must_use]
pub fn mean_age_of_stale(writes: f64, ttl: f64) -> f64 {
    let x = writes * ttl;
    if x > 0.0 {
        // P is x S2, and 1/2 - P/x is x S3.
        let [s2, s3] = exp_tail(x);
        ttl * s3 / s2
    } else {
        0.0
    }
}

/// S2 and S3 of x >= 0, with Sk the sum over j of (-x)^j / (j + k)!: what is left of exp(-x) behind its first k terms,
/// over (-x)^k. The closed forms cancel for small x, so there the sum itself is taken.
fn exp_tail(x: f64) -> [f64; 2] {
    if x >= 1.0 {
        let s2 = ((-x).exp_m1() / x + 1.0) / x;
        return [s2, (0.5 - s2) / x];
    }
    // 20 terms of a sum that falls faster than 1 / j!.
    [2.0, 3.0].map(|k| {
        let first = if k == 2.0 { 0.5 } else { 1.0 / 6.0 };
        let mut term = first;
        (1..20).fold(first, |sum, j| {
            term *= -x / (k + f64::from(j));
            sum + term
        })
    })
}

/// The share of time that an entry is there: it lives for `life` on average and comes back at rate `fills`.
fn present(life: f64, fills: f64) -> f64 {
    if fills == 0.0 {
        return 0.0;
    }
    let lives = life * fills;
    if lives.is_finite() { lives / (1.0 + lives) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::invalidated_by_writes;
    use proptest::prelude::*;

    const RATES: KeyRates = KeyRates { reads: 9.0, writes: 1.0 };

    #[test]
    fn without_an_end_of_the_ttl_the_unbounded_formulas_come_out() {
        assert!((fixed_ttl_invalidated(RATES, 1e6) - invalidated_by_writes(RATES)).abs() < 1e-12);
        assert_eq!(fixed_ttl_reset_by_writes(RATES, 1e6), 1.0);
        assert!((fixed_ttl(RATES, 1e9) - 1.0).abs() < 1e-9);
        assert_eq!(sliding_ttl(RATES, 1e6), 1.0);
    }

    #[test]
    fn small_cases_by_hand() {
        assert_eq!(fixed_ttl(RATES, 1.0), 0.9);
        assert!((sliding_ttl(RATES, 0.1) - (1.0 - (-0.9f64).exp())).abs() < 1e-15);
        // E = 1 - 1/e = 0.632; 9 E / (1 + 9 E).
        assert!((fixed_ttl_invalidated(RATES, 1.0) - 0.850_503).abs() < 1e-6);
        // E = e - 1 = 1.718; E / (E + 1/10).
        assert!((fixed_ttl_reset_by_writes(RATES, 1.0) - 0.945_003).abs() < 1e-6);
        // P = 1/e; (1/2 - P) / P = e/2 - 1.
        assert!((stale_ratio_of_hits(1.0, 1.0) - (-1f64).exp()).abs() < 1e-15);
        assert!((mean_age_of_stale(1.0, 1.0) - (1f64.exp() / 2.0 - 1.0)).abs() < 1e-14);
    }

    #[test]
    fn series_and_closed_form_meet() {
        let (below, above) = (1.0 - 1e-12, 1.0);
        assert!((stale_ratio_of_hits(below, 1.0) / stale_ratio_of_hits(above, 1.0) - 1.0).abs() < 1e-11);
        assert!((mean_age_of_stale(below, 1.0) / mean_age_of_stale(above, 1.0) - 1.0).abs() < 1e-11);
        // Of few writes, one falls anywhere before a read, and the read anywhere in the entry's life.
        assert!((mean_age_of_stale(1e-9, 1.0) - 1.0 / 3.0).abs() < 1e-9);
        assert!((stale_ratio_of_hits(1e-9, 1.0) / 0.5e-9 - 1.0).abs() < 1e-8);
    }

    #[test]
    fn what_is_never_asked_for_never_hits() {
        let none = KeyRates { reads: 0.0, writes: 0.0 };
        for formula in [fixed_ttl, sliding_ttl, fixed_ttl_invalidated, fixed_ttl_reset_by_writes] {
            assert_eq!(formula(none, 1.0), 0.0);
            assert_eq!(formula(none, 0.0), 0.0);
        }
        assert_eq!((stale_ratio_of_hits(0.0, 1.0), mean_age_of_stale(0.0, 1.0)), (0.0, 0.0));
    }

    proptest! {
        #[test]
        fn removal_lowers_and_renewal_raises_the_hit_ratio(
            reads in 0.01..100.0, writes in 0.0..100.0, ttl in 0.0..1_000.0,
        ) {
            let rates = KeyRates { reads, writes };
            let plain = fixed_ttl(rates, ttl);
            prop_assert!(fixed_ttl_invalidated(rates, ttl) <= plain + 1e-12);
            prop_assert!(fixed_ttl_reset_by_writes(rates, ttl) >= plain - 1e-12);
            prop_assert!((0.0..=1.0).contains(&stale_ratio_of_hits(writes, ttl)));
            prop_assert!(mean_age_of_stale(writes, ttl) <= ttl);
        }
    }
}

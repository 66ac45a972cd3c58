//! Cache-aside with room for all keys: a write removes the entry, the next read misses and fills it.
//!
//! A read hits if the operation before it on the same key was a read too. With Poisson arrivals, or independent draws,
//! that has probability lambda / (lambda + w): a mix of 90 reads to 10 writes caps the hit ratio at 0.9.

/// How often one key is read and written, per unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeyRates {
    /// Reads per unit of time.
    pub reads: f64,
    /// Writes and deletes per unit of time.
    pub writes: f64,
}

/// The hit ratio of one key whose entry each write removes, without a TTL; 0 for a key that is never asked for.
#[must_use]
pub fn invalidated_by_writes(rates: KeyRates) -> f64 {
    if rates.reads > 0.0 { rates.reads / (rates.reads + rates.writes) } else { 0.0 }
}

/// The hit ratio over keys: each key's own, weighed by its reads; 0 if there are no reads.
pub fn hit_ratio_over_keys(keys: impl IntoIterator<Item = KeyRates>, of_key: impl Fn(KeyRates) -> f64) -> f64 {
    let (hits, reads) = keys
        .into_iter()
        .fold((0.0, 0.0), |(hits, reads), rates| (hits + rates.reads * of_key(rates), reads + rates.reads));
    if reads > 0.0 { hits / reads } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyDistribution;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_mix_for_all_keys_gives_the_read_ratio_whatever_the_law(
            read_ratio in 0.01..=1.0f64, exponent in 0.0..3.0, keys in 1..500u64,
        ) {
            let probabilities = KeyDistribution::Zipf { exponent }.probabilities(keys);
            let rates = probabilities.iter().map(|p| KeyRates { reads: p * read_ratio, writes: p * (1.0 - read_ratio) });
            let hit_ratio = hit_ratio_over_keys(rates, invalidated_by_writes);
            prop_assert!((hit_ratio - read_ratio).abs() < 1e-9);
        }
    }

    #[test]
    fn keys_weigh_by_their_reads() {
        let keys = [KeyRates { reads: 3.0, writes: 0.0 }, KeyRates { reads: 1.0, writes: 1.0 }];
        assert_eq!(hit_ratio_over_keys(keys, invalidated_by_writes), 3.5 / 4.0);
        assert_eq!(hit_ratio_over_keys([], invalidated_by_writes), 0.0);
    }
}

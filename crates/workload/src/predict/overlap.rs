//! Writes that remove the entry, and operations on one key that overlap.
//!
//! The other formulas take operations one at a time. With several clients, the reads of a key that come while a miss of
//! it is still being loaded miss too, and a load that a write has overtaken may fill nothing. For a popular key of a few
//! thousand that is many: the hottest of 5,000 under Zipf 0.99 takes a ninth of all operations.
//!
//! Taken: reads and writes of a key come at random (Poisson), with rates `a = p X r` and `w = p X (1 - r)` for a key of
//! probability p, X operations a second and the share r of reads; of them `(n - 1) / n` are of others than the one client
//! of n that waits. An entry stays until the next write, `1 / w` on average. It is away for
//! - `1 / a + L` where every load fills the cache: the wait for a read, and its load, of length L. Writes meanwhile
//!   change nothing;
//! - `(1 / a + L) / q` where a load that a write has overtaken fills nothing and the next read begins another. A load
//!   escapes with probability `q = exp(-w (L + W / 2))`: no write ended during it, nor is under way at its end (W is the
//!   length of a write, of which half is left on average).
//!
//! The share of time that the entry is there is the share of reads that hit. How near: within 0.015 of a simulation of up
//! to 8 clients, 0.03 of one of 16 (`tests/overlap.rs`). With more, waiting clients leave the key alone, and fewer
//! operations overlap than random ones would.
//!
//! No source: worked out for this project. With L = W = 0 it is `r`, as in `invalidation`.

/// How operations overlap: what was measured, or assumed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// Operations per second, of all clients.
    pub ops_per_s: f64,
    /// The clients of a closed loop; none where arrivals wait for nobody.
    pub clients: Option<u32>,
    /// How long a read takes that misses, on average, in seconds.
    pub load_s: f64,
    /// How long a write takes, on average, in seconds.
    pub write_s: f64,
}

/// What becomes of a load that a write of the same key has overtaken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OvertakenLoad {
    /// It fills the cache.
    Fills,
    /// It fills nothing.
    Dropped,
}

impl Overlap {
    /// The share of reads, 0 to 1, that find the entry of a key of probability `p`, if nothing else evicts it.
    pub(super) fn kept(&self, p: f64, read_ratio: f64, overtaken: OvertakenLoad) -> f64 {
        let reads = p * self.ops_per_s * read_ratio;
        let writes = p * self.ops_per_s * (1.0 - read_ratio);
        if reads <= 0.0 {
            return 0.0;
        }
        let others = self.clients.map_or(1.0, |clients| 1.0 - 1.0 / f64::from(clients.max(1)));
        let away = match overtaken {
            OvertakenLoad::Fills => 1.0 / reads + others * self.load_s,
            OvertakenLoad::Dropped => {
                let escapes = (-others * writes * (self.load_s + self.write_s / 2.0)).exp();
                (1.0 / reads + others * self.load_s) / escapes
            }
        };
        1.0 / (1.0 + writes * away)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OVERTAKEN: [OvertakenLoad; 2] = [OvertakenLoad::Fills, OvertakenLoad::Dropped];

    proptest! {
        #[test]
        fn without_overlap_it_is_the_read_ratio(p in 1e-6..1.0f64, read_ratio in 0.01..=1.0f64, ops_per_s in 1.0..1e6f64) {
            let one_client = Overlap { ops_per_s, clients: Some(1), load_s: 0.1, write_s: 0.1 };
            let in_no_time = Overlap { ops_per_s, clients: None, load_s: 0.0, write_s: 0.0 };
            for overlap in [one_client, in_no_time] {
                for overtaken in OVERTAKEN {
                    prop_assert!((overlap.kept(p, read_ratio, overtaken) - read_ratio).abs() < 1e-9);
                }
            }
        }

        #[test]
        fn longer_loads_hit_less_and_dropped_ones_least(p in 1e-4..0.5f64, read_ratio in 0.1..0.99f64, load_s in 1e-5..1e-2f64) {
            let of = |load_s, overtaken| {
                Overlap { ops_per_s: 10_000.0, clients: Some(8), load_s, write_s: load_s }.kept(p, read_ratio, overtaken)
            };
            for overtaken in OVERTAKEN {
                prop_assert!(of(2.0 * load_s, overtaken) < of(load_s, overtaken));
            }
            prop_assert!(of(load_s, OvertakenLoad::Dropped) < of(load_s, OvertakenLoad::Fills));
        }
    }

    #[test]
    fn a_key_that_is_never_asked_for_is_not_there() {
        let overlap = Overlap { ops_per_s: 1.0, clients: None, load_s: 1.0, write_s: 1.0 };
        assert_eq!(overlap.kept(0.0, 0.5, OvertakenLoad::Fills), 0.0);
    }
}

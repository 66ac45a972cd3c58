//! The hit ratio from which on a cache pays: where an operation takes as long in the mean with it as without it.
//!
//! With hits that take H, misses M, the store alone O, writes Wc with the cache and Wo without it, and r the share of reads:
//! r (h H + (1 - h) M) + (1 - r) Wc = r O + (1 - r) Wo, solved for h.

/// What reads take in the mean, in any unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadTimes {
    /// One that the cache answers: H.
    pub hit: f64,
    /// One that it does not answer: M.
    pub miss: f64,
    /// One where there is no cache: O.
    pub store: f64,
}

/// What writes take in the mean, in the same unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WriteTimes {
    /// With the cache: Wc.
    pub with: f64,
    /// Without it: Wo.
    pub without: f64,
}

/// The break-even hit ratio of reads alone, (M - O) / (M - H): below 0 if the cache pays without a hit, above 1 if it never does.
/// None where a miss takes no longer than a hit: then no hit ratio is the better one.
#[must_use]
pub fn of_reads(reads: ReadTimes) -> Option<f64> {
    let ReadTimes { hit, miss, store } = reads;
    (miss > hit).then(|| (miss - store) / (miss - hit)).filter(|ratio| ratio.is_finite())
}

/// The same with writes: (M - O + ((1 - r) / r) (Wc - Wo)) / (M - H). None also where nothing is read.
#[must_use]
pub fn of_operations(reads: ReadTimes, writes: WriteTimes, read_ratio: f64) -> Option<f64> {
    if !(read_ratio > 0.0 && read_ratio <= 1.0) {
        return None;
    }
    // What writes cost more is spread over the reads.
    let more_a_read = (1.0 - read_ratio) / read_ratio * (writes.with - writes.without);
    of_reads(ReadTimes { store: reads.store - more_a_read, ..reads })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const READS: ReadTimes = ReadTimes { hit: 20.0, miss: 120.0, store: 70.0 };

    #[test]
    fn by_hand() {
        // (120 - 70) / (120 - 20) = 0.5. With 10 % writes that take 27 more: (50 + 27 / 9) / 100 = 0.53.
        assert_eq!(of_reads(READS), Some(0.5));
        let writes = WriteTimes { with: 157.0, without: 130.0 };
        assert!((of_operations(READS, writes, 0.9).unwrap() - 0.53).abs() < 1e-12);
        // Half writes: (50 + 27) / 100. A tenth reads: (50 + 9 x 27) / 100, which no hit ratio reaches.
        assert!((of_operations(READS, writes, 0.5).unwrap() - 0.77).abs() < 1e-12);
        assert!((of_operations(READS, writes, 0.1).unwrap() - 2.93).abs() < 1e-12);
        // A store that is slower than any miss: (120 - 150) / 100.
        assert_eq!(of_reads(ReadTimes { store: 150.0, ..READS }), Some(-0.3));
    }

    #[test]
    fn where_hits_save_nothing_there_is_none() {
        let none = [ReadTimes { hit: 120.0, ..READS }, ReadTimes { hit: 121.0, ..READS }];
        assert_eq!(none.map(of_reads), [None, None]);
        assert_eq!(of_reads(ReadTimes { hit: f64::NAN, ..READS }), None);
        let writes = WriteTimes { with: 1.0, without: 1.0 };
        assert_eq!([0.0, -1.0, 1.5, f64::NAN].map(|ratio| of_operations(READS, writes, ratio)), [None; 4]);
    }

    proptest! {
        /// The break-even is where the mean times agree.
        #[test]
        fn both_take_as_long_there(
            hit in 1.0..1e6, more in 1.0..1e6, store in 1.0..1e6, with in 1.0..1e6, without in 1.0..1e6, r in 0.05..=1.0
        ) {
            let reads = ReadTimes { hit, miss: hit + more, store };
            let h = of_operations(reads, WriteTimes { with, without }, r).unwrap();
            let there = r * (h * reads.hit + (1.0 - h) * reads.miss) + (1.0 - r) * with;
            let here = r * store + (1.0 - r) * without;
            let size = reads.miss + with + without + store;
            prop_assert!((there - here).abs() <= 1e-9 * size.max(h.abs() * reads.miss), "{there} {here}");
        }

        /// A machine that is so many times slower leaves it where it is.
        #[test]
        fn the_unit_of_time_does_not_matter(
            hit in 1.0..1e6, more in 1.0..1e6, store in 1.0..1e6, with in 1.0..1e6, without in 1.0..1e6, r in 0.05..=1.0,
            scale in 1e-3..1e3
        ) {
            let times = |scale: f64| {
                let reads = ReadTimes { hit: scale * hit, miss: scale * (hit + more), store: scale * store };
                of_operations(reads, WriteTimes { with: scale * with, without: scale * without }, r).unwrap()
            };
            let (one, other) = (times(1.0), times(scale));
            prop_assert!((one - other).abs() <= 1e-6 * one.abs().max(1.0), "{one} {other}");
        }

        /// Without writes it is that of reads alone; dearer writes raise it.
        #[test]
        fn writes_move_it_the_way_they_cost(hit in 1.0..1e6, more in 1.0..1e6, store in 1.0..1e6, dearer in 1.0..1e6, r in 0.05..0.95) {
            let reads = ReadTimes { hit, miss: hit + more, store };
            let plain = of_reads(reads).unwrap();
            let with = |more: f64, r: f64| of_operations(reads, WriteTimes { with: 5.0 + more, without: 5.0 }, r).unwrap();
            prop_assert_eq!(with(dearer, 1.0), plain);
            prop_assert!(with(dearer, r) > plain);
        }
    }
}

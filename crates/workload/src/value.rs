//! How long values are, and what is in them.

use crate::{Seed, WorkloadError};
use cachemark_core::{Key, STAMP_LEN, Stamp, Value, WriteId};
use rand::Rng;
use std::fmt;
use std::sync::Arc;

/// The largest value, in bytes, stamp included: what every backend takes with its usual settings.
pub const LARGEST_VALUE: u32 = 1 << 20;

/// How many places in the pool a payload can start at.
const OFFSETS: usize = 1 << 20;

/// The law of the sizes of values, in bytes, stamp included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueSize {
    /// All of one size.
    Fixed {
        /// The size: [`STAMP_LEN`] to [`LARGEST_VALUE`].
        bytes: u32,
    },
}

impl ValueSize {
    /// Checks the parameters.
    ///
    /// # Errors
    /// [`WorkloadError::ValueSize`] if a value could be shorter than a stamp or longer than [`LARGEST_VALUE`].
    pub fn check(self) -> Result<(), WorkloadError> {
        let Self::Fixed { bytes } = self;
        if (STAMP_LEN as u32..=LARGEST_VALUE).contains(&bytes) {
            Ok(())
        } else {
            Err(WorkloadError::ValueSize { bytes })
        }
    }

    /// A size, in bytes.
    pub fn sample(self, _rng: &mut impl Rng) -> u32 {
        let Self::Fixed { bytes } = self;
        bytes
    }

    /// The largest size that can be drawn, in bytes.
    #[must_use]
    pub fn largest(self) -> u32 {
        let Self::Fixed { bytes } = self;
        bytes
    }
}

impl fmt::Display for ValueSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Fixed { bytes } = self;
        write!(f, "fixed {bytes} B")
    }
}

/// A pool of random bytes that payloads are slices of. Cloning shares it.
///
/// The bytes do not compress, so neither a store that compresses long values nor a file system makes one size of value
/// look cheaper than another. Where a payload starts depends on its write alone, so any value can be made again.
#[derive(Clone)]
pub struct Payloads {
    pool: Arc<[u8]>,
}

impl Payloads {
    /// The pool of the given seed for values of up to `largest` bytes: 1 MiB and `largest`.
    #[must_use]
    pub fn new(seed: Seed, largest: u32) -> Self {
        let mut pool = vec![0; OFFSETS + largest as usize];
        seed.child("payloads").rng().fill_bytes(&mut pool);
        Self { pool: pool.into() }
    }

    /// `len` bytes of payload for the given write of the given trial.
    ///
    /// # Panics
    /// If `len` is above the `largest` that the pool was made for.
    #[must_use]
    pub fn payload(&self, trial: u32, write_id: WriteId, len: usize) -> &[u8] {
        let offset = offset_of(trial, write_id);
        &self.pool[offset..offset + len]
    }

    /// The value of `bytes` bytes, stamp included, that the given write of the given trial puts under `key`. Sizes below
    /// [`STAMP_LEN`] give a value of that length.
    ///
    /// # Panics
    /// If `bytes` is above the `largest` that the pool was made for.
    #[must_use]
    pub fn seal(&self, trial: u32, key: &Key, write_id: WriteId, bytes: u32) -> Value {
        let len = (bytes as usize).saturating_sub(STAMP_LEN);
        Stamp { trial, key: key.fingerprint(), write_id }.seal(self.payload(trial, write_id, len))
    }
}

impl fmt::Debug for Payloads {
    // A mebibyte of noise helps nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payloads({} B)", self.pool.len())
    }
}

fn offset_of(trial: u32, write_id: WriteId) -> usize {
    let session = Seed::new(u64::from(trial) << 32 | u64::from(write_id.session));
    session.nth(write_id.sequence).get() as usize % OFFSETS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> Key {
        Key::new(&b"k1"[..]).unwrap()
    }

    proptest! {
        #[test]
        fn a_sealed_value_has_its_size_and_its_stamp(
            trial: u32, session: u32, sequence: u64, bytes in STAMP_LEN as u32..=4096,
        ) {
            let payloads = Payloads::new(Seed::new(1), 4096);
            let write_id = WriteId { session, sequence };
            let value = payloads.seal(trial, &key(), write_id, bytes);
            prop_assert_eq!(value.len(), bytes as usize);
            prop_assert_eq!(Stamp::check(&value, &key()).unwrap().write_id, write_id);
            prop_assert_eq!(value, payloads.seal(trial, &key(), write_id, bytes));
        }
    }

    #[test]
    fn writes_differ_in_their_payload() {
        let payloads = Payloads::new(Seed::new(1), 100);
        let payload = |trial, sequence| payloads.payload(trial, WriteId { session: 0, sequence }, 60);
        assert_ne!(payload(0, 0), payload(0, 1));
        assert_ne!(payload(0, 0), payload(1, 0));
    }

    #[test]
    fn payload_bytes_are_spread_evenly() {
        // 16,384 of each of 256 bytes expected in 4 MiB, standard deviation 128.
        let payloads = Payloads::new(Seed::new(9), 3 << 20);
        let mut counts = [0u32; 256];
        payloads.pool.iter().for_each(|&byte| counts[usize::from(byte)] += 1);
        assert!(counts.iter().all(|&count| (15_700..17_100).contains(&count)), "{counts:?}");
    }

    #[test]
    fn sizes_that_do_not_hold_a_stamp_or_do_not_fit_are_refused() {
        let check = |bytes| ValueSize::Fixed { bytes }.check();
        assert_eq!(check(39), Err(WorkloadError::ValueSize { bytes: 39 }));
        assert_eq!((check(40), check(LARGEST_VALUE)), (Ok(()), Ok(())));
        assert!(check(LARGEST_VALUE + 1).is_err());
    }
}

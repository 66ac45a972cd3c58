//! A hasher for keys that carry their hash: nothing is hashed twice.

use std::hash::{BuildHasher, Hasher};

/// Builds [`Fingerprint`]s.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ByFingerprint;

impl BuildHasher for ByFingerprint {
    type Hasher = Fingerprint;

    fn build_hasher(&self) -> Fingerprint {
        Fingerprint(0)
    }
}

/// Gives back the one `u64` that a [`cachemark_core::Key`] writes: an XXH3 already, good in all of its bits.
///
/// Anything else that is written is folded in, well enough to be correct and no more.
#[derive(Debug)]
pub(super) struct Fingerprint(u64);

impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = self.0.rotate_left(5) ^ word;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::Key;

    #[test]
    fn a_key_hashes_to_its_fingerprint() {
        let key = Key::new(&b"some-key"[..]).unwrap();
        assert_eq!(ByFingerprint.hash_one(&key), key.fingerprint());
    }

    #[test]
    fn other_writes_are_told_apart() {
        assert_ne!(ByFingerprint.hash_one("ab"), ByFingerprint.hash_one("ba"));
    }
}

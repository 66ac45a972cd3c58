//! The stamp at the head of every value that a client of ours writes.
//!
//! It says which key the value belongs to and who wrote it, and carries a checksum, so that any read can tell a
//! misrouted, torn or foreign value from a good one. The version is not in it: the store makes that at commit.
//!
//! Layout, little-endian: magic `CMS1` (4 bytes), trial (4), key fingerprint (8), session (4), length of the whole
//! value (4), sequence (8), XXH3-64 of everything but itself (8); then the payload.

use crate::{Key, Value, WriteId};
use bytes::{BufMut, Bytes, BytesMut};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The length of a stamp in bytes: the least size of a stamped value.
pub const STAMP_LEN: usize = 40;

const MAGIC: &[u8; 4] = b"CMS1";
const CHECKSUM_AT: usize = 32;

/// Who wrote a value, and for which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The trial that wrote it; 0 is the preload.
    pub trial: u32,
    /// [`Key::fingerprint`] of the key it was written for.
    pub key: u64,
    /// Session and sequence of the write.
    pub write_id: WriteId,
}

/// What is wrong with a value that should be stamped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StampError {
    /// Too short, or not ours.
    #[error("the value carries no stamp of cachemark")]
    Missing,
    /// The length in the stamp is not the value's.
    #[error("the value is {actual} bytes long, its stamp says {stamped}: it was cut or joined")]
    Length {
        /// What the stamp says, in bytes.
        stamped: u32,
        /// What came back, in bytes.
        actual: usize,
    },
    /// The checksum does not fit: torn or damaged.
    #[error("the checksum of the value does not fit its bytes")]
    Checksum,
    /// A value of another key.
    #[error("the value was written for another key")]
    ForeignKey,
}

impl Stamp {
    /// Builds a stamped value of the given payload.
    ///
    /// # Panics
    /// Never for payloads below 4 GiB, which no backend takes.
    #[must_use]
    pub fn seal(&self, payload: &[u8]) -> Value {
        let len = STAMP_LEN + payload.len();
        let mut buffer = BytesMut::with_capacity(len);
        buffer.put_slice(MAGIC);
        buffer.put_u32_le(self.trial);
        buffer.put_u64_le(self.key);
        buffer.put_u32_le(self.write_id.session);
        buffer.put_u32_le(u32::try_from(len).expect("values are far below 4 GiB"));
        buffer.put_u64_le(self.write_id.sequence);
        buffer.put_u64_le(checksum(&buffer, payload));
        buffer.put_slice(payload);
        Value::new(buffer.freeze())
    }

    /// Checks a value that was read for `key` and returns its stamp.
    ///
    /// # Errors
    /// [`StampError`] says what is wrong: no stamp, wrong length, damaged, or written for another key.
    pub fn check(value: &Value, key: &Key) -> Result<Self, StampError> {
        let bytes = value.as_bytes();
        if bytes.len() < STAMP_LEN || &bytes[..4] != MAGIC {
            return Err(StampError::Missing);
        }
        let stamped = u32_at(bytes, 20);
        if stamped as usize != bytes.len() {
            return Err(StampError::Length { stamped, actual: bytes.len() });
        }
        if u64_at(bytes, CHECKSUM_AT) != checksum(&bytes[..CHECKSUM_AT], &bytes[STAMP_LEN..]) {
            return Err(StampError::Checksum);
        }
        let stamp = Self {
            trial: u32_at(bytes, 4),
            key: u64_at(bytes, 8),
            write_id: WriteId { session: u32_at(bytes, 16), sequence: u64_at(bytes, 24) },
        };
        if stamp.key == key.fingerprint() { Ok(stamp) } else { Err(StampError::ForeignKey) }
    }

    /// The payload behind the stamp of a value that [`Stamp::check`] accepted; empty if there is none.
    #[must_use]
    pub fn payload(value: &Value) -> Bytes {
        let bytes = value.to_bytes();
        if bytes.len() < STAMP_LEN { Bytes::new() } else { bytes.slice(STAMP_LEN..) }
    }
}

fn checksum(header: &[u8], payload: &[u8]) -> u64 {
    // The header's hash seeds the payload's, so one pass over each covers both.
    xxh3_64_with_seed(payload, xxh3_64_with_seed(header, 0))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].try_into().map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8].try_into().map_or(0, u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> Key {
        Key::new(&b"k1"[..]).unwrap()
    }

    fn stamp() -> Stamp {
        Stamp { trial: 7, key: key().fingerprint(), write_id: WriteId { session: 3, sequence: 9 } }
    }

    proptest! {
        #[test]
        fn sealing_then_checking_gives_the_stamp_back(payload: Vec<u8>, trial: u32, session: u32, sequence: u64) {
            let stamp = Stamp { trial, key: key().fingerprint(), write_id: WriteId { session, sequence } };
            let value = stamp.seal(&payload);
            prop_assert_eq!(Stamp::check(&value, &key()), Ok(stamp));
            prop_assert_eq!(Stamp::payload(&value).to_vec(), payload);
        }

        #[test]
        fn a_flipped_bit_is_noticed(payload: Vec<u8>, at: prop::sample::Index, bit in 0..8u32) {
            let mut bytes = stamp().seal(&payload).as_bytes().to_vec();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            prop_assert!(Stamp::check(&Value::new(bytes), &key()).is_err());
        }
    }

    #[test]
    fn each_defect_has_its_name() {
        let value = stamp().seal(b"payload");
        let cut = Value::new(value.to_bytes().slice(..value.len() - 1));
        assert_eq!(Stamp::check(&cut, &key()), Err(StampError::Length { stamped: 47, actual: 46 }));
        assert_eq!(Stamp::check(&Value::new(&b"x"[..]), &key()), Err(StampError::Missing));
        let other = Key::new(&b"k2"[..]).unwrap();
        assert_eq!(Stamp::check(&value, &other), Err(StampError::ForeignKey));
    }
}

//! Keys: short byte strings that every backend accepts.

use bytes::Bytes;
use std::fmt;
use std::hash::{Hash, Hasher};
use xxhash_rust::xxh3::xxh3_64;

/// The longest key, in bytes, namespace prefix included: Memcached's limit, kept for every backend so that one
/// workload runs over all of them.
pub const LONGEST_KEY: usize = 250;

/// A key: 1 to [`LONGEST_KEY`] bytes of printable ASCII without spaces, which is what Memcached's protocol takes.
///
/// Cloning shares the bytes. The 64-bit fingerprint (XXH3) is computed once: it names the key in stamps, picks
/// shards and is the key's hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    bytes: Bytes,
    fingerprint: u64,
}

/// Why some bytes are no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// No bytes at all.
    #[error("a key must not be empty")]
    Empty,
    /// Longer than every backend takes.
    #[error("a key of {len} bytes is longer than {LONGEST_KEY}, the most that every backend takes (prefix included)")]
    TooLong {
        /// The length that was asked for, in bytes.
        len: usize,
    },
    /// A byte that Memcached's protocol would read as the end of the key.
    #[error("byte {at} of the key is 0x{byte:02x}; keys are printable ASCII without spaces")]
    Unprintable {
        /// The offset of the first such byte.
        at: usize,
        /// The byte itself.
        byte: u8,
    },
}

impl Key {
    /// Makes a key of the given bytes.
    ///
    /// # Errors
    /// [`KeyError`] if the bytes are empty, longer than [`LONGEST_KEY`] or not printable ASCII.
    pub fn new(bytes: impl Into<Bytes>) -> Result<Self, KeyError> {
        let bytes = bytes.into();
        if bytes.is_empty() {
            return Err(KeyError::Empty);
        }
        if bytes.len() > LONGEST_KEY {
            return Err(KeyError::TooLong { len: bytes.len() });
        }
        if let Some((at, &byte)) = bytes.iter().enumerate().find(|(_, byte)| !byte.is_ascii_graphic()) {
            return Err(KeyError::Unprintable { at, byte });
        }
        let fingerprint = xxh3_64(&bytes);
        Ok(Self { bytes, fingerprint })
    }

    /// The key's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Construction admits ASCII only, so this never takes the fallback.
        std::str::from_utf8(&self.bytes).unwrap_or_default()
    }

    /// XXH3-64 of the bytes.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.fingerprint);
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.as_str())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_key_is_250_bytes() {
        assert!(Key::new(vec![b'k'; 250]).is_ok());
        assert_eq!(Key::new(vec![b'k'; 251]), Err(KeyError::TooLong { len: 251 }));
    }

    #[test]
    fn empty_and_unprintable_keys_are_refused() {
        assert_eq!(Key::new(Vec::new()), Err(KeyError::Empty));
        assert_eq!(Key::new(&b"a b"[..]), Err(KeyError::Unprintable { at: 1, byte: b' ' }));
        assert_eq!(Key::new(&b"a\n"[..]), Err(KeyError::Unprintable { at: 1, byte: b'\n' }));
        assert_eq!(Key::new("schl\u{fc}ssel".as_bytes().to_vec()), Err(KeyError::Unprintable { at: 4, byte: 0xc3 }));
    }

    #[test]
    fn equal_bytes_have_equal_fingerprints() {
        let (a, b) = (Key::new(&b"k1"[..]).unwrap(), Key::new(b"k1".to_vec()).unwrap());
        assert_eq!(a, b);
        assert_eq!(a.fingerprint(), b.fingerprint());
        assert_ne!(a.fingerprint(), Key::new(&b"k2"[..]).unwrap().fingerprint());
    }
}

//! Keys: short byte strings that every backend accepts.

use crate::digits::eight_digits;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// The longest key, in bytes, namespace prefix included: Memcached's limit, kept for every backend so that one
/// workload runs over all of them.
pub const LONGEST_KEY: usize = 250;

/// A key: 1 to [`LONGEST_KEY`] bytes of printable ASCII without spaces, which is what Memcached's protocol takes.
///
/// Up to 22 bytes stand in the key itself: to make and to clone such a key takes no allocation and no count that threads share.
/// A longer one shares its bytes with its clones. The 64-bit fingerprint (XXH3) names the key in stamps, picks shards
/// and is the key's hash.
#[derive(Clone)]
pub struct Key(Text);

/// The most bytes of a key that stand in itself: it takes 24 bytes then, as much as a longer one.
const SHORT: usize = 22;

#[derive(Clone)]
enum Text {
    /// The last `len` bytes are the key's: what changes from key to key is the end, which stands at one place then.
    Short {
        len: u8,
        bytes: [u8; SHORT],
    },
    Long(Arc<[u8]>),
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
    pub fn new(bytes: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let bytes = bytes.as_ref();
        if bytes.is_empty() {
            return Err(KeyError::Empty);
        }
        if bytes.len() > LONGEST_KEY {
            return Err(KeyError::TooLong { len: bytes.len() });
        }
        if let Some((at, &byte)) = bytes.iter().enumerate().find(|(_, byte)| !byte.is_ascii_graphic()) {
            return Err(KeyError::Unprintable { at, byte });
        }
        Ok(Self(match bytes.len() {
            len @ 0..=SHORT => {
                let mut short = [0; SHORT];
                short[SHORT - len..].copy_from_slice(bytes);
                Text::Short { len: len as u8, bytes: short }
            }
            _ => Text::Long(bytes.into()),
        }))
    }

    /// The key with its last `digits` bytes, eight at most, replaced by those of `number` in decimal, zeros in front. A
    /// number with more digits is none of such a key's.
    #[must_use]
    #[inline]
    pub fn numbered(&self, digits: u32, number: u32) -> Self {
        let mut text = self.0.clone();
        let last = match &mut text {
            Text::Short { bytes, .. } => bytes.last_chunk_mut(),
            Text::Long(bytes) => Arc::make_mut(bytes).last_chunk_mut(),
        };
        if let Some(last) = last {
            let kept = u64::MAX.unbounded_shr(8 * digits);
            let number = u64::from_le_bytes(eight_digits(number));
            *last = ((u64::from_le_bytes(*last) & kept) | (number & !kept)).to_le_bytes();
        }
        Self(text)
    }

    /// The key's bytes.
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Text::Short { len, bytes } => &bytes[SHORT - usize::from(*len)..],
            Text::Long(bytes) => bytes,
        }
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Construction admits ASCII only, so this never takes the fallback.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// XXH3-64 of the bytes.
    #[must_use]
    #[inline]
    pub fn fingerprint(&self) -> u64 {
        xxh3_64(self.as_bytes())
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.fingerprint());
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
        assert_eq!(Key::new("schl\u{fc}ssel"), Err(KeyError::Unprintable { at: 4, byte: 0xc3 }));
    }

    #[test]
    fn a_key_of_any_length_has_its_bytes_and_can_be_numbered() {
        for len in 1..=LONGEST_KEY {
            let text = "k".repeat(len);
            let key = Key::new(&text).unwrap();
            assert_eq!((key.as_str(), key.clone()), (text.as_str(), key.clone()));
            let digits = len.min(4);
            let numbered = key.numbered(digits as u32, 90_042);
            assert_eq!(numbered.as_str(), format!("{}{}", &text[digits..], &"0042"[4 - digits..]), "{len}");
            assert_eq!(key.as_str(), text, "a clone was written to");
        }
        assert_eq!(size_of::<Key>(), 24);
    }

    #[test]
    fn equal_bytes_have_equal_fingerprints() {
        let (a, b) = (Key::new(&b"k1"[..]).unwrap(), Key::new(b"k1").unwrap());
        assert_eq!(a, b);
        assert_eq!(a.fingerprint(), b.fingerprint());
        assert_ne!(a.fingerprint(), Key::new(&b"k2"[..]).unwrap().fingerprint());
    }
}

//! What a cache holds under a key.

use crate::Value;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use std::fmt;
use std::time::Duration;

/// The version of a row, given by the store under the row's lock: 1 for the first write, one more for each write or
/// delete, never started again. A strategy that acknowledges before the store has the write gives the version itself, and they
/// rise by more than one then. [`Version::NONE`] is "never written".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Version(pub u64);

impl Version {
    /// No write has been seen.
    pub const NONE: Self = Self(0);

    /// How many versions each microsecond since 1970 has, where a strategy gives them: one for each of so many writers, so that two that
    /// write in the same one do not give the same. A power of two; the times until 2255 fit into a signed 64-bit column.
    pub const A_MICROSECOND: u64 = 1 << 10;
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

/// What an entry says of its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryBody {
    /// The key has this value.
    Live(Value),
    /// The store has no live row for the key (negative caching).
    Absent,
}

/// What strategies that refresh or expire by themselves need to know of an entry; zeros where they don't.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Freshness {
    /// When the entry was filled, in nanoseconds of the strategy's [`crate::Clock`].
    pub filled_at_ns: u64,
    /// How long the load took, in nanoseconds (the delta of XFetch).
    pub load_cost_ns: u64,
    /// How long from `filled_at_ns` the entry counts as fresh, in nanoseconds; 0: as long as the cache keeps it.
    pub fresh_for_ns: u64,
}

/// One cached entry: version, freshness, body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The version of the row that the entry was made from.
    pub version: Version,
    /// For strategies with a logical expiry.
    pub freshness: Freshness,
    /// The value, or that there is none.
    pub body: EntryBody,
}

/// Bytes before the value in [`Entry::encode`]'s form.
const HEADER_LEN: usize = 34;
const FORMAT: u8 = 1;
const LIVE: u8 = 1;
const ABSENT: u8 = 2;

impl Entry {
    /// An entry for a live row.
    #[must_use]
    pub fn live(version: Version, value: Value) -> Self {
        Self { version, freshness: Freshness::default(), body: EntryBody::Live(value) }
    }

    /// A negative entry.
    #[must_use]
    pub fn absent(version: Version) -> Self {
        Self { version, freshness: Freshness::default(), body: EntryBody::Absent }
    }

    /// The value, if the entry is live.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match &self.body {
            EntryBody::Live(value) => Some(value),
            EntryBody::Absent => None,
        }
    }

    /// The length of [`Entry::encode`]'s form in bytes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        HEADER_LEN + self.value().map_or(0, Value::len)
    }

    /// The form in which servers hold an entry: format and kind (a byte each), then, big-endian, version, fill time,
    /// load cost and freshness (8 bytes each), then the value.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        let mut buffer = BytesMut::with_capacity(self.encoded_len());
        buffer.put_u8(FORMAT);
        buffer.put_u8(if matches!(self.body, EntryBody::Live(_)) { LIVE } else { ABSENT });
        buffer.put_u64(self.version.0);
        buffer.put_u64(self.freshness.filled_at_ns);
        buffer.put_u64(self.freshness.load_cost_ns);
        buffer.put_u64(self.freshness.fresh_for_ns);
        if let EntryBody::Live(value) = &self.body {
            buffer.put_slice(value.as_bytes());
        }
        buffer.freeze()
    }

    /// Reads [`Entry::encode`]'s form; `None` if the bytes are not of it. The value shares the bytes given.
    #[must_use]
    pub fn decode(mut bytes: Bytes) -> Option<Self> {
        if bytes.len() < HEADER_LEN || bytes.get_u8() != FORMAT {
            return None;
        }
        let kind = bytes.get_u8();
        let version = Version(bytes.get_u64());
        let freshness =
            Freshness { filled_at_ns: bytes.get_u64(), load_cost_ns: bytes.get_u64(), fresh_for_ns: bytes.get_u64() };
        let body = match kind {
            LIVE => EntryBody::Live(Value::new(bytes)),
            ABSENT if bytes.is_empty() => EntryBody::Absent,
            _ => return None,
        };
        Some(Self { version, freshness, body })
    }
}

impl Freshness {
    /// `ttl` spread over `ttl * (1 - jitter) ..= ttl * (1 + jitter)` by `draw`, any 64 random bits; `jitter` is 0 to 1.
    ///
    /// Entries filled together then expire over a span instead of at one instant, which would send all their misses
    /// to the store at once.
    #[must_use]
    pub fn jittered(ttl: Duration, jitter: f64, draw: u64) -> Duration {
        if jitter <= 0.0 {
            return ttl;
        }
        // 53 bits fill a double's mantissa: uniform in 0..1.
        let unit = (draw >> 11) as f64 / (1u64 << 53) as f64;
        ttl.mul_f64(1.0 + jitter.min(1.0) * (2.0 * unit - 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn decoding_undoes_encoding(version: u64, filled: u64, cost: u64, fresh: u64, value: Option<Vec<u8>>) {
            let entry = Entry {
                version: Version(version),
                freshness: Freshness { filled_at_ns: filled, load_cost_ns: cost, fresh_for_ns: fresh },
                body: value.map_or(EntryBody::Absent, |bytes| EntryBody::Live(Value::new(bytes))),
            };
            let encoded = entry.encode();
            prop_assert_eq!(encoded.len(), entry.encoded_len());
            prop_assert_eq!(Entry::decode(encoded), Some(entry));
        }

        #[test]
        fn foreign_bytes_never_panic(bytes: Vec<u8>) {
            let _ = Entry::decode(Bytes::from(bytes));
        }

        #[test]
        fn jitter_stays_in_its_band(draw: u64, jitter in 0.0..=1.0f64) {
            let ttl = Duration::from_secs(60);
            let got = Freshness::jittered(ttl, jitter, draw).as_secs_f64();
            prop_assert!(got >= 60.0 * (1.0 - jitter) - 1e-6 && got <= 60.0 * (1.0 + jitter) + 1e-6);
        }
    }

    #[test]
    fn jitter_reaches_both_ends() {
        let ttl = Duration::from_secs(10);
        assert_eq!(Freshness::jittered(ttl, 0.5, 0), Duration::from_secs(5));
        assert!(Freshness::jittered(ttl, 0.5, u64::MAX) > Duration::from_millis(14_999));
        assert_eq!(Freshness::jittered(ttl, 0.0, u64::MAX), ttl);
    }
}

//! One operation, and operations as bytes.

use crate::value::Payloads;
use cachemark_core::{Key, Value, WriteId};
use std::fmt;
use xxhash_rust::xxh3::Xxh3;

/// What is done to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// Asks for the value.
    Read,
    /// Puts a new value in the place of the old.
    Write,
    /// Removes the value.
    Delete,
}

impl OperationKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Delete];

    /// The word for it in records and charts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
        }
    }
}

impl fmt::Display for OperationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One operation. Its place in the session's stream, from 0, is the sequence of its write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operation {
    /// What is done.
    pub kind: OperationKind,
    /// The index of the key, from 0 to below the number of keys.
    pub key: u64,
    /// The size of the value that a write puts, in bytes, stamp included; 0 for the other kinds.
    pub value_bytes: u32,
}

/// The length of an encoded operation in bytes.
pub const ENCODED_LEN: usize = 13;

impl Operation {
    /// The value that it puts under `key` as the given write of the given trial; an empty one if it is no write.
    #[must_use]
    #[inline]
    pub fn value(&self, payloads: &Payloads, trial: u32, key: &Key, write_id: WriteId) -> Value {
        match self.kind {
            OperationKind::Write => payloads.seal(trial, key, write_id, self.value_bytes),
            OperationKind::Read | OperationKind::Delete => Value::default(),
        }
    }

    /// The operation as bytes, little-endian: kind (1: 0 read, 1 write, 2 delete), key index (8), value size (4).
    #[must_use]
    pub fn encode(&self) -> [u8; ENCODED_LEN] {
        let mut bytes = [0; ENCODED_LEN];
        bytes[0] = match self.kind {
            OperationKind::Read => 0,
            OperationKind::Write => 1,
            OperationKind::Delete => 2,
        };
        bytes[1..9].copy_from_slice(&self.key.to_le_bytes());
        bytes[9..].copy_from_slice(&self.value_bytes.to_le_bytes());
        bytes
    }
}

/// The operations as bytes, one after another, [`ENCODED_LEN`] each.
#[must_use]
pub fn encode_operations(operations: impl IntoIterator<Item = Operation>) -> Vec<u8> {
    operations.into_iter().flat_map(|operation| operation.encode()).collect()
}

/// XXH3-64 of [`encode_operations`], without holding the bytes: names a stream of operations in a record.
#[must_use]
pub fn digest_operations(operations: impl IntoIterator<Item = Operation>) -> u64 {
    let mut hasher = Xxh3::new();
    operations.into_iter().for_each(|operation| hasher.update(&operation.encode()));
    hasher.digest()
}

#[cfg(test)]
mod tests {
    use super::*;
    use xxhash_rust::xxh3::xxh3_64;

    #[test]
    fn operations_have_their_bytes() {
        let operation = Operation { kind: OperationKind::Write, key: 258, value_bytes: 100 };
        assert_eq!(operation.encode(), [1, 2, 1, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0]);
        let twice = encode_operations([operation, operation]);
        assert_eq!(twice.len(), 2 * ENCODED_LEN);
        assert_eq!(digest_operations([operation, operation]), xxh3_64(&twice));
    }
}

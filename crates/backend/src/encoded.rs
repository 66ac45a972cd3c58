//! Entries as servers hold them.

use bytes::Bytes;
use cachemark_core::{CacheError, Entry};

/// The bytes of `entry`, if they are no more than `limit`.
pub(crate) fn within(entry: &Entry, limit: Option<usize>) -> Result<Bytes, CacheError> {
    let len = entry.encoded_len();
    match limit {
        Some(limit) if len > limit => Err(CacheError::TooLarge { len, limit }),
        _ => Ok(entry.encode()),
    }
}

/// The entry that a server held.
pub(crate) fn decoded(bytes: Vec<u8>) -> Result<Entry, CacheError> {
    let len = bytes.len();
    Entry::decode(Bytes::from(bytes)).ok_or_else(|| CacheError::Corrupt(format!("{len} bytes are no entry of ours")))
}

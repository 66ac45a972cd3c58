//! The commands, in the words of the meta protocol.
//!
//! An entry's client flags (32 bits) hold its version, or all ones if the version does not fit; so the look before a
//! versioned set carries no value, except for versions that no workload reaches.

use super::lease;
use crate::encoded;
use cachemark_core::{CacheError, Entry, Key, Version};
use memcache::exp::{MetaCommand, MetaOp, MetaResponse, ReturnCode};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Above this many seconds the server takes a number for a date.
const LONGEST_SPAN: u64 = 30 * 24 * 3600;

/// The last date that the server can count to.
const LAST_DATE: u64 = i32::MAX as u64;

/// When a set is to store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    Always,
    /// Nothing is there.
    Absent,
    /// What is there has this mark, which the server changes with every store.
    Unchanged(u64),
}

pub(super) fn get(key: &Key) -> MetaCommand {
    MetaCommand::new(MetaOp::Get, key.as_bytes()).flag("v")
}

/// Asks for value and mark, and for a stub to be left for so long where nothing is.
pub(super) fn get_or_lease(key: &Key, lease: Duration) -> MetaCommand {
    get(key).flag("c").flag(format!("N{}", expiry(lease, SystemTime::now())))
}

/// Asks for the value, which is to live for `ttl` from now.
pub(super) fn get_and_touch(key: &Key, ttl: Duration) -> MetaCommand {
    get(key).flag(format!("T{}", expiry(ttl, SystemTime::now())))
}

/// Asks for flags and mark, without the value.
pub(super) fn look(key: &Key) -> MetaCommand {
    MetaCommand::new(MetaOp::Get, key.as_bytes()).flag("f").flag("c")
}

/// The same with the value.
pub(super) fn look_closely(key: &Key) -> MetaCommand {
    look(key).flag("v")
}

pub(super) fn delete(key: &Key) -> MetaCommand {
    MetaCommand::new(MetaOp::Delete, key.as_bytes())
}

pub(super) fn set(
    key: &Key,
    version: Version,
    encoded: Vec<u8>,
    ttl: Option<Duration>,
    condition: Condition,
) -> MetaCommand {
    let command = MetaCommand::new(MetaOp::Set, key.as_bytes()).flag(format!("F{}", flags(version))).value(encoded);
    let command = match ttl {
        Some(ttl) => command.flag(format!("T{}", expiry(ttl, SystemTime::now()))),
        None => command,
    };
    match condition {
        Condition::Always => command,
        Condition::Absent => command.flag("ME"),
        Condition::Unchanged(mark) => command.flag(format!("C{mark}")),
    }
}

/// The flags for a version.
pub(super) fn flags(version: Version) -> u32 {
    u32::try_from(version.0).unwrap_or(u32::MAX)
}

/// The number behind the letter among the flags of an answer.
pub(super) fn number(response: &MetaResponse, letter: u8) -> Option<u64> {
    let token = response.flags().find(|token| token.first() == Some(&letter))?;
    std::str::from_utf8(&token[1..]).ok()?.parse().ok()
}

/// The entry in an answer; a lease is none.
pub(super) fn entry(response: MetaResponse) -> Result<Option<Entry>, CacheError> {
    match response.rc() {
        ReturnCode::En => Ok(None),
        ReturnCode::Va if lease::is_stub(&response) => Ok(None),
        ReturnCode::Va => encoded::decoded(response.into_value().unwrap_or_default()).map(Some),
        other => Err(unexpected(other)),
    }
}

pub(super) fn unexpected(code: ReturnCode) -> CacheError {
    CacheError::Corrupt(format!("an answer of another kind: {code:?}"))
}

/// The expiry to ask for at `now`: seconds from then, or a date. Never 0, which would be "not at all".
fn expiry(ttl: Duration, now: SystemTime) -> u64 {
    let rounded_up = ttl.as_secs().saturating_add(u64::from(ttl.subsec_nanos() > 0));
    // The server's clock shows the second that began last: one more keeps an entry from going early.
    let span = rounded_up.saturating_add(1);
    if span <= LONGEST_SPAN {
        return span;
    }
    let today = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    today.saturating_add(span).min(LAST_DATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn seconds(ttl: Duration) -> u64 {
        expiry(ttl, UNIX_EPOCH + Duration::from_secs(NOW))
    }

    #[test]
    fn ttls_are_rounded_up_to_more_than_was_asked_for() {
        assert_eq!(seconds(Duration::ZERO), 1);
        assert_eq!(seconds(Duration::from_millis(1)), 2);
        assert_eq!(seconds(Duration::from_secs(10)), 11);
        assert_eq!(seconds(Duration::from_millis(10_001)), 12);
    }

    #[test]
    fn above_thirty_days_a_date_is_given() {
        assert_eq!(seconds(Duration::from_secs(LONGEST_SPAN - 1)), LONGEST_SPAN);
        assert_eq!(seconds(Duration::from_secs(LONGEST_SPAN)), NOW + LONGEST_SPAN + 1);
        assert_eq!(seconds(Duration::MAX), LAST_DATE);
    }

    #[test]
    fn flags_hold_small_versions_and_mark_large_ones() {
        assert_eq!(flags(Version(7)), 7);
        assert_eq!(flags(Version(u64::from(u32::MAX) - 1)), u32::MAX - 1);
        assert_eq!(flags(Version(u64::from(u32::MAX))), u32::MAX);
        assert_eq!(flags(Version(1 << 40)), u32::MAX);
    }

    #[test]
    fn the_commands_read_as_the_protocol_has_them() {
        let key = Key::new(&b"cm:k"[..]).unwrap();
        let encoded = |command: MetaCommand| String::from_utf8(command.encode().unwrap()).unwrap();
        assert_eq!(encoded(get(&key)), "mg cm:k v\r\n");
        assert_eq!(encoded(look(&key)), "mg cm:k f c\r\n");
        assert_eq!(encoded(get_or_lease(&key, Duration::from_secs(10))), "mg cm:k v c N11\r\n");
        assert_eq!(encoded(get_and_touch(&key, Duration::from_millis(1_500))), "mg cm:k v T3\r\n");
        assert_eq!(encoded(delete(&key)), "md cm:k\r\n");
        let set = |ttl, condition| encoded(set(&key, Version(3), b"xy".to_vec(), ttl, condition));
        assert_eq!(set(None, Condition::Always), "ms cm:k 2 F3\r\nxy\r\n");
        assert_eq!(set(Some(Duration::from_secs(5)), Condition::Absent), "ms cm:k 2 F3 T6 ME\r\nxy\r\n");
        assert_eq!(set(None, Condition::Unchanged(8)), "ms cm:k 2 F3 C8\r\nxy\r\n");
    }
}

//! The commands, in the words of the meta protocol.
//!
//! An entry's client flags (32 bits) hold its version, or all ones if the version does not fit; so the look before a
//! versioned set carries no value, except for versions that no workload reaches.

use crate::decimal::push_decimal;
use crate::lane::Repeat;
use cachemark_core::{Key, Version};
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

/// A question to the server.
#[derive(Debug, Clone, Copy)]
pub(super) enum Command<'a> {
    Get(&'a Key),
    /// Asks for value and mark, and for a stub to be left for so long where nothing is.
    GetOrLease(&'a Key, Duration),
    /// Asks for the value, which is to live for so long from now.
    GetAndTouch(&'a Key, Duration),
    /// Asks for flags and mark, without the value.
    Look(&'a Key),
    /// The same with the value.
    LookClosely(&'a Key),
    Set(Set<'a>),
    Delete(&'a Key),
}

/// What is to be stored, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Set<'a> {
    pub(super) key: &'a Key,
    pub(super) version: Version,
    pub(super) encoded: &'a [u8],
    pub(super) ttl: Option<Duration>,
    pub(super) condition: Condition,
}

impl Command<'_> {
    /// Whether it may be asked again though the server may have carried it out.
    pub(super) fn repeat(&self) -> Repeat {
        match self {
            Self::Get(_) | Self::GetAndTouch(..) | Self::Look(_) | Self::LookClosely(_) => Repeat::Harmless,
            // What the first time was won, the second would call held.
            Self::GetOrLease(..) => Repeat::Harmful,
            // Done again they could undo what others set or deleted after the first time.
            Self::Set(_) | Self::Delete(_) => Repeat::Harmful,
        }
    }

    /// Writes it down, behind what stands in `text`.
    pub(super) fn write(&self, text: &mut Vec<u8>) {
        match *self {
            Self::Get(key) => words(text, b"mg ", key, b" v"),
            Self::GetOrLease(key, lease) => {
                words(text, b"mg ", key, b" v c N");
                push_decimal(text, expiry(lease, SystemTime::now()));
            }
            Self::GetAndTouch(key, ttl) => {
                words(text, b"mg ", key, b" v T");
                push_decimal(text, expiry(ttl, SystemTime::now()));
            }
            Self::Look(key) => words(text, b"mg ", key, b" f c"),
            Self::LookClosely(key) => words(text, b"mg ", key, b" f c v"),
            Self::Set(set) => return set.write(text),
            Self::Delete(key) => words(text, b"md ", key, b""),
        }
        text.extend_from_slice(b"\r\n");
    }
}

impl Set<'_> {
    fn write(&self, text: &mut Vec<u8>) {
        words(text, b"ms ", self.key, b" ");
        push_decimal(text, self.encoded.len() as u64);
        text.extend_from_slice(b" F");
        push_decimal(text, u64::from(flags(self.version)));
        if let Some(ttl) = self.ttl {
            text.extend_from_slice(b" T");
            push_decimal(text, expiry(ttl, SystemTime::now()));
        }
        match self.condition {
            Condition::Always => {}
            Condition::Absent => text.extend_from_slice(b" ME"),
            Condition::Unchanged(mark) => {
                text.extend_from_slice(b" C");
                push_decimal(text, mark);
            }
        }
        text.extend_from_slice(b"\r\n");
        text.extend_from_slice(self.encoded);
        text.extend_from_slice(b"\r\n");
    }
}

fn words(text: &mut Vec<u8>, verb: &[u8], key: &Key, rest: &[u8]) {
    text.extend_from_slice(verb);
    text.extend_from_slice(key.as_bytes());
    text.extend_from_slice(rest);
}

/// The flags for a version.
pub(super) fn flags(version: Version) -> u32 {
    u32::try_from(version.0).unwrap_or(u32::MAX)
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
    use memcache::exp::{MetaCommand, MetaOp};
    use proptest::prelude::*;

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

    fn written(command: Command<'_>) -> String {
        let mut text = Vec::new();
        command.write(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn the_commands_read_as_the_protocol_has_them() {
        let key = &Key::new(&b"cm:k"[..]).unwrap();
        assert_eq!(written(Command::Get(key)), "mg cm:k v\r\n");
        assert_eq!(written(Command::Look(key)), "mg cm:k f c\r\n");
        assert_eq!(written(Command::LookClosely(key)), "mg cm:k f c v\r\n");
        assert_eq!(written(Command::GetOrLease(key, Duration::from_secs(10))), "mg cm:k v c N11\r\n");
        assert_eq!(written(Command::GetAndTouch(key, Duration::from_millis(1_500))), "mg cm:k v T3\r\n");
        assert_eq!(written(Command::Delete(key)), "md cm:k\r\n");
        let set =
            |ttl, condition| written(Command::Set(Set { key, version: Version(3), encoded: b"xy", ttl, condition }));
        assert_eq!(set(None, Condition::Always), "ms cm:k 2 F3\r\nxy\r\n");
        assert_eq!(set(Some(Duration::from_secs(5)), Condition::Absent), "ms cm:k 2 F3 T6 ME\r\nxy\r\n");
        assert_eq!(set(None, Condition::Unchanged(8)), "ms cm:k 2 F3 C8\r\nxy\r\n");
    }

    proptest! {
        /// Whatever is stored under whatever key, the client crate would have sent the same.
        #[test]
        fn a_set_is_what_the_client_sends(key in "[!-~]{1,40}", encoded: Vec<u8>, version: u64, mark: u64) {
            let key = &Key::new(&key).unwrap();
            let condition = Condition::Unchanged(mark);
            let mut text = Vec::new();
            Command::Set(Set { key, version: Version(version), encoded: &encoded, ttl: None, condition }).write(&mut text);
            let theirs = MetaCommand::new(MetaOp::Set, key.as_bytes())
                .flag(format!("F{}", flags(Version(version))))
                .flag(format!("C{mark}"))
                .value(encoded);
            prop_assert_eq!(text, theirs.encode().unwrap());
        }
    }
}

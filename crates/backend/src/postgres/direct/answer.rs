//! What is read: the messages of a server, and what stands in them.

use super::error::{Refusal, Wrong};
use crate::postgres::statement;
use bytes::Bytes;
use cachemark_core::{Row, Value, Version};

pub(super) const DATA_ROW: u8 = b'D';
pub(super) const ROW_DESCRIPTION: u8 = b'T';
pub(super) const NO_DATA: u8 = b'n';
pub(super) const ERROR: u8 = b'E';
pub(super) const READY: u8 = b'Z';

/// A tag and the length.
const HEAD: usize = 5;

/// A message of the server's.
#[derive(Clone, Copy)]
pub(super) struct Message<'a> {
    pub(super) tag: u8,
    pub(super) body: &'a [u8],
}

impl Message<'_> {
    /// Whether it may come at any time, and is no answer: a notice, a setting that has changed, a notification.
    pub(super) fn is_aside(self) -> bool {
        matches!(self.tag, b'N' | b'S' | b'A')
    }

    /// Whether it says only that a part of the question was done: parsed, bound, run, the parameters that were found.
    pub(super) fn is_done(self) -> bool {
        matches!(self.tag, b'1' | b'2' | b'C' | b't')
    }

    /// What it is if it is at no place of its own.
    pub(super) fn unexpected(self) -> Wrong {
        Wrong::Protocol(format!("a message of the kind {:?} where none belongs", char::from(self.tag)))
    }
}

/// What stands at a place of what has come.
pub(super) enum Next<'a> {
    /// A message, and where it ends.
    Whole(Message<'a>, usize),
    /// A part of one, or nothing: so many bytes are missing at least.
    Missing(usize),
}

/// The message that begins at `at`, which is not beyond the end.
pub(super) fn next(bytes: &[u8], at: usize) -> Result<Next<'_>, Wrong> {
    let rest = &bytes[at..];
    let Some((head, after)) = rest.split_first_chunk::<HEAD>() else { return Ok(Next::Missing(HEAD - rest.len())) };
    let [tag, a, b, c, d] = *head;
    // The length counts itself.
    let length = usize::try_from(i32::from_be_bytes([a, b, c, d])).ok().and_then(|length| length.checked_sub(4));
    let Some(length) = length else { return Err(Wrong::Protocol("a message of no length".to_owned())) };
    match after.get(..length) {
        Some(body) => Ok(Next::Whole(Message { tag, body }, at + HEAD + length)),
        None => Ok(Next::Missing(length - after.len())),
    }
}

/// Takes the parts out of a message's body.
struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Wrong> {
        let (part, rest) = self.0.split_first_chunk::<N>().ok_or_else(cut)?;
        self.0 = rest;
        Ok(*part)
    }

    fn number(&mut self) -> Result<i32, Wrong> {
        Ok(i32::from_be_bytes(self.take()?))
    }

    /// Bytes up to the next byte 0.
    fn name(&mut self) -> Result<&'a [u8], Wrong> {
        let end = self.0.iter().position(|byte| *byte == 0).ok_or_else(cut)?;
        let (name, rest) = self.0.split_at(end);
        self.0 = &rest[1..];
        Ok(name)
    }

    /// A column's bytes; none for null.
    fn field(&mut self) -> Result<Option<&'a [u8]>, Wrong> {
        // Less than none is null.
        let Ok(length) = usize::try_from(self.number()?) else { return Ok(None) };
        let (field, rest) = self.0.split_at_checked(length).ok_or_else(cut)?;
        self.0 = rest;
        Ok(Some(field))
    }

    /// The columns of a row, which has so many.
    fn of_row(body: &'a [u8], columns: u16) -> Result<Self, Wrong> {
        let mut parts = Self(body);
        let count = u16::from_be_bytes(parts.take()?);
        if count == columns { Ok(parts) } else { Err(Wrong::Value(format!("a row of {count} columns, not {columns}"))) }
    }
}

fn cut() -> Wrong {
    Wrong::Protocol("a message that ends before its parts do".to_owned())
}

/// The row of a read: version, whether it is deleted, value.
pub(super) fn row(body: &[u8]) -> Result<Row, Wrong> {
    let mut parts = Parts::of_row(body, 3)?;
    let Some(number) = parts.field()? else { return Ok(Row::NEVER) };
    let version = version_of(number)?;
    let value = match parts.field()? {
        Some([0]) => Some(parts.field()?.ok_or_else(|| null("value"))?),
        Some([1]) => None,
        other => return Err(Wrong::Value(format!("{other:?} for whether a row is deleted"))),
    };
    Ok(Row { version, value: value.map(|value| Value::new(Bytes::copy_from_slice(value))) })
}

/// The one column of a change: the row's version.
pub(super) fn version(body: &[u8]) -> Result<Version, Wrong> {
    version_of(Parts::of_row(body, 1)?.field()?.ok_or_else(|| null("version"))?)
}

fn version_of(number: &[u8]) -> Result<Version, Wrong> {
    let number = number.try_into().map_err(|_| Wrong::Value(format!("a version of {} bytes", number.len())))?;
    Ok(statement::version(i64::from_be_bytes(number)))
}

/// The one column of a batch: the key of a row that was put.
pub(super) fn key(body: &[u8]) -> Result<String, Wrong> {
    let key = Parts::of_row(body, 1)?.field()?.ok_or_else(|| null("key"))?;
    String::from_utf8(key.to_vec()).map_err(|error| Wrong::Value(format!("a key: {error}")))
}

fn null(column: &str) -> Wrong {
    Wrong::Value(format!("a {column} that is null"))
}

/// The numbers of the types of a statement's columns.
pub(super) fn columns(body: &[u8]) -> Result<Vec<u32>, Wrong> {
    let mut parts = Parts(body);
    let count = u16::from_be_bytes(parts.take()?);
    let column = |_| {
        parts.name()?;
        // The table, the column's number in it; the type; its length and what modifies it, the form.
        let [_, _, _, _, _, _, a, b, c, d, _, _, _, _, _, _, _, _] = parts.take()?;
        Ok(u32::from_be_bytes([a, b, c, d]))
    };
    (0..count).map(column).collect()
}

/// What the server says in an error.
pub(super) fn refusal(body: &[u8]) -> Result<Refusal, Wrong> {
    let mut parts = Parts(body);
    let (mut message, mut code, mut last) = (String::new(), None, false);
    loop {
        let [kind] = parts.take()?;
        if kind == 0 {
            return Ok(Refusal { message, code, last });
        }
        let text = String::from_utf8_lossy(parts.name()?);
        match kind {
            b'M' => message = text.into_owned(),
            b'C' => code = Some(text.into_owned()),
            // V is never translated; a pooler may have only S, which servers translate.
            b'V' | b'S' => last |= ["FATAL", "PANIC"].contains(&&*text),
            _ => {}
        }
    }
}

/// What came after the login's last message.
pub(super) fn after_login(heard: &[u8]) -> Result<&[u8], Wrong> {
    let mut at = 0;
    while let Next::Whole(message, end) = next(heard, at)? {
        at = end;
        if message.tag == READY {
            return Ok(&heard[at..]);
        }
    }
    Err(cut())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_message_is_as_long_as_it_says() {
        let bytes = b"C\0\0\0\x06ab1\0\0\0\x04";
        let Next::Whole(first, end) = next(bytes, 0).unwrap() else { panic!() };
        assert_eq!((first.tag, first.body, end), (b'C', &b"ab"[..], 7));
        assert!(matches!(next(bytes, end).unwrap(), Next::Whole(Message { tag: b'1', body: b"" }, 12)));
        for (cut, missing) in [(0, 5), (4, 1), (5, 2), (6, 1)] {
            assert!(matches!(next(&bytes[..cut], 0).unwrap(), Next::Missing(count) if count == missing), "{cut}");
        }
        for wrong in [&b"C\0\0\0\x03"[..], b"C\xff\xff\xff\xff"] {
            assert!(matches!(next(wrong, 0), Err(Wrong::Protocol(_))));
        }
    }

    #[test]
    fn a_refusal_says_what_the_server_does() {
        let said = refusal(b"SFEHLER\0VERROR\0C23505\0Mtwice\0Dmore\0\0").unwrap();
        assert_eq!((&*said.message, said.code.as_deref(), said.last), ("twice", Some("23505"), false));
        for last in [&b"SFATAL\0Mx\0\0"[..], b"SSCHLUSS\0VPANIC\0\0"] {
            assert!(refusal(last).unwrap().last);
        }
        assert!(refusal(b"SFATAL\0Mx\0").is_err(), "it is cut");
    }

    proptest! {
        /// No bytes make it panic.
        #[test]
        fn any_bytes_are_taken(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            drop(next(&bytes, 0));
            drop(row(&bytes));
            drop(version(&bytes));
            drop(key(&bytes));
            drop(columns(&bytes));
            drop(refusal(&bytes));
            drop(after_login(&bytes));
        }
    }
}

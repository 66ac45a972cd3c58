//! Answers in bytes: what the first of them says, and where it ends.
//!
//! What operations are answered with, as a rule, is taken out of the bytes as it stands. All else, which is refusals and what is not of
//! the protocol, is the client crate's to read.

use crate::decimal::decimal;
use memcache::exp::{Error, MetaResponse, ReturnCode};

/// A line without an end after so many bytes is no answer.
const LONGEST_LINE: usize = 64 << 10;

/// The largest value that a server can hold, in bytes (`-I` goes to 1 GiB).
const LARGEST_VALUE: u64 = 1 << 30;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) code: ReturnCode,
    pub(super) said: Said,
    /// The value, if one was asked for and is there.
    pub(super) value: Option<Vec<u8>>,
}

/// What the flags of an answer say of what is under the key, so far as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Said {
    /// The client's own flags.
    pub(super) flags: Option<u64>,
    /// The number that the server changes with every store.
    pub(super) mark: Option<u64>,
    /// It is ours to fill.
    pub(super) won: bool,
    /// It was given to somebody to fill.
    pub(super) given_away: bool,
}

impl Said {
    fn of<'a>(words: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut said = Self::default();
        for word in words {
            match word.split_first() {
                Some((b'f', number)) => said.flags = decimal(number),
                Some((b'c', number)) => said.mark = decimal(number),
                Some((b'W', [])) => said.won = true,
                Some((b'Z', [])) => said.given_away = true,
                _ => {}
            }
        }
        said
    }
}

/// The answer with which `bytes` begin, and how many of them it takes; none while some of it is still to come.
pub(super) fn read(bytes: &[u8]) -> Result<Option<(Answer, usize)>, Error> {
    let Some((line, start)) = line(bytes)? else { return Ok(None) };
    let mut words = line.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let code = match words.next().map(ReturnCode::from_wire) {
        Some(Ok(code)) => code,
        _ => return Err(refusal(line)),
    };
    if code != ReturnCode::Va {
        return Ok(Some((Answer { code, said: Said::of(words), value: None }, start)));
    }
    let len = words.next().and_then(decimal).filter(|len| *len <= LARGEST_VALUE);
    let len = len.ok_or_else(|| refusal(line))? as usize;
    let Some(value) = bytes.get(start..start + len + 2) else { return Ok(None) };
    let (value, end) = value.split_at(len);
    if end != b"\r\n" {
        return Err(Error::Protocol("a value that goes on where it should end".to_owned()));
    }
    Ok(Some((Answer { code, said: Said::of(words), value: Some(value.to_vec()) }, start + len + 2)))
}

/// The first line, without its end, and where the next one begins; none while some of it is to come.
fn line(bytes: &[u8]) -> Result<Option<(&[u8], usize)>, Error> {
    let seen = &bytes[..bytes.len().min(LONGEST_LINE)];
    match seen.iter().position(|byte| *byte == b'\n') {
        Some(end) => Ok(Some((seen[..end].strip_suffix(b"\r").unwrap_or(&seen[..end]), end + 1))),
        None if seen.len() == LONGEST_LINE => Err(Error::Protocol("a line without an end".to_owned())),
        None => Ok(None),
    }
}

/// What the client crate makes of a line that is no answer to build on.
fn refusal(line: &[u8]) -> Error {
    let unexpected = |_| Error::Protocol(format!("an answer of another kind: {:.60}", String::from_utf8_lossy(line)));
    MetaResponse::parse_header(line).map_or_else(|error| error, unexpected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_is_as_long_as_it_says() {
        for answer in ["HD\r\n", "EN\r\n", "HD f7 c9\r\n", "VA 0 W c3\r\n\r\n", "VA 5 f1 t-1\r\na\r\nbc\r\n", "NF\r\n"]
        {
            let both = format!("{answer}EN\r\n");
            assert_eq!(read(both.as_bytes()).unwrap().unwrap().1, answer.len(), "{answer:?}");
            for cut in 0..answer.len() {
                assert_eq!(read(&answer.as_bytes()[..cut]).unwrap(), None, "{answer:?} up to {cut}");
            }
        }
    }

    #[test]
    fn flags_say_what_is_there() {
        let said = |text: &str| read(text.as_bytes()).unwrap().unwrap().0.said;
        let nothing = Said::default();
        assert_eq!(said("HD\r\n"), nothing);
        assert_eq!(said("HD f4294967295 c18446744073709551615\r\n"), {
            Said { flags: Some(u64::from(u32::MAX)), mark: Some(u64::MAX), ..nothing }
        });
        assert_eq!(said("VA 0 c7 W\r\n\r\n"), Said { mark: Some(7), won: true, ..nothing });
        assert_eq!(said("VA 0 c7 Z\r\n\r\n"), Said { mark: Some(7), given_away: true, ..nothing });
        assert_eq!(said("HD fx c-1 Wx\r\n"), nothing);
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for (text, expected) in [
            ("SERVER_ERROR out of memory\r\n", "Server(\"out of memory\")"),
            ("CLIENT_ERROR bad data chunk\r\n", "Rejected(\"bad data chunk\")"),
            ("ERROR\r\n", "Rejected(\"ERROR\")"),
        ] {
            assert_eq!(format!("{:?}", read(text.as_bytes()).unwrap_err()), expected);
        }
        for text in ["HTTP/1.1 400\r\n", "\r\n", "VA\r\n", "VA x\r\n", "VA -1\r\n", "VA 2\r\nabcd", "VA 1073741825\r\n"]
        {
            let error = read(text.as_bytes()).unwrap_err();
            assert!(matches!(error, Error::Protocol(_)), "{text:?}: {error}");
        }
        assert!(read(&[b'H'; LONGEST_LINE]).is_err());
    }

    proptest! {
        /// Whatever stands in a header, the client crate reads the same out of it.
        #[test]
        fn a_header_is_what_the_client_reads(header in "(HD|EN|NS|EX|NF|MN|ME|XX|ERROR|SERVER_ERROR|CLIENT_ERROR)( [ -~]{0,12}){0,4}") {
            let ours = read(format!("{header}\r\n").as_bytes());
            match MetaResponse::parse_header(header.as_bytes()) {
                Ok(theirs) => {
                    let (answer, length) = ours.unwrap().unwrap();
                    prop_assert_eq!((answer.code, length), (theirs.rc(), header.len() + 2));
                    let number = |letter: u8| {
                        let word = theirs.flags().filter(|word| word[0] == letter).last()?;
                        std::str::from_utf8(&word[1..]).ok().filter(|digits| !digits.starts_with('+'))?.parse().ok()
                    };
                    prop_assert_eq!((answer.said.flags, answer.said.mark), (number(b'f'), number(b'c')));
                }
                Err(theirs) => prop_assert_eq!(ours.unwrap_err().to_string(), theirs.to_string()),
            }
        }

        /// Whatever a value is, it comes out as it is.
        #[test]
        fn a_value_comes_out_as_it_is(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut text = format!("VA {} c5\r\n", bytes.len()).into_bytes();
            text.extend_from_slice(&bytes);
            text.extend_from_slice(b"\r\n");
            let (answer, length) = read(&text).unwrap().unwrap();
            prop_assert_eq!((answer.value, answer.said.mark, length), (Some(bytes), Some(5), text.len()));
        }

        /// No bytes make it panic.
        #[test]
        fn any_bytes_are_taken(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = read(&bytes);
        }
    }
}

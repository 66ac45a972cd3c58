//! Answers in bytes (RESP 2 and 3): how long the first of them is, and what it says.
//!
//! A bulk string, which is what a read is answered with, is taken out of the bytes as it stands. All else is the client crate's to
//! read, once all of it is there.

use crate::decimal::decimal;
use redis::{ErrorKind, RedisError, Value, parse_redis_value};

/// How deep lists may lie in lists. Scripts of ours answer with none.
const DEEPEST: u32 = 16;

/// A line without an end after so many bytes is no answer.
const LONGEST_LINE: usize = 64 << 10;

/// The answer with which `bytes` begin, and how many of them it takes; none while some of it is still to come.
pub(super) fn read(bytes: &[u8]) -> Result<Option<(Value, usize)>, RedisError> {
    if bytes.first() == Some(&b'$') {
        return bulk(bytes);
    }
    let Some(length) = length(bytes)? else { return Ok(None) };
    let answer = match &bytes[..length] {
        b"+OK\r\n" => Value::Okay,
        answer => parse_redis_value(answer)?,
    };
    Ok(Some((answer, length)))
}

/// The same of a bulk string.
fn bulk(bytes: &[u8]) -> Result<Option<(Value, usize)>, RedisError> {
    let Some((line, start)) = line(bytes, 0)? else { return Ok(None) };
    let Some(len) = count(line)? else { return Ok(Some((Value::Nil, start))) };
    let rest = &bytes[start..];
    // As long as the length is that of something that is there, adding to it does not overflow.
    match rest.get(..len) {
        Some(value) if rest.len() - len >= 2 => Ok(Some((Value::BulkString(value.to_vec()), start + len + 2))),
        _ => Ok(None),
    }
}

/// How many bytes the answer is long with which `bytes` begin; none while some of it is still to come.
pub(super) fn length(bytes: &[u8]) -> Result<Option<usize>, RedisError> {
    end(bytes, 0, DEEPEST)
}

/// Where the answer ends that begins at `at`.
fn end(bytes: &[u8], at: usize, deepest: u32) -> Result<Option<usize>, RedisError> {
    let Some((line, next)) = line(bytes, at)? else { return Ok(None) };
    let elements = match bytes[at] {
        b'+' | b'-' | b':' | b'_' | b'#' | b',' | b'(' => return Ok(Some(next)),
        b'$' | b'=' | b'!' => {
            let end = count(line)?.map_or(Some(next), |len| next.checked_add(len)?.checked_add(2));
            return Ok(end.filter(|end| *end <= bytes.len()));
        }
        b'*' | b'~' | b'>' => count(line)?.unwrap_or(0),
        b'%' | b'|' => count(line)?.unwrap_or(0).saturating_mul(2),
        _ => return Err(foreign()),
    };
    if deepest == 0 {
        return Err(foreign());
    }
    // What stands before an attribute's own answer is no answer by itself.
    let elements = elements.saturating_add(usize::from(bytes[at] == b'|'));
    let mut next = next;
    for _ in 0..elements {
        match end(bytes, next, deepest - 1)? {
            Some(found) => next = found,
            None => return Ok(None),
        }
    }
    Ok(Some(next))
}

/// The line that begins at `at`, without its first byte and its end, and where the next one begins; none while some is to come.
fn line(bytes: &[u8], at: usize) -> Result<Option<(&[u8], usize)>, RedisError> {
    let rest = bytes.get(at..).unwrap_or_default();
    let seen = &rest[..rest.len().min(LONGEST_LINE)];
    match seen.iter().position(|byte| *byte == b'\n') {
        Some(end) if end > 1 && rest[end - 1] == b'\r' => Ok(Some((&rest[1..end - 1], at + end + 1))),
        Some(_) => Err(foreign()),
        None if seen.len() == LONGEST_LINE => Err(foreign()),
        None => Ok(None),
    }
}

/// A count in a line; none for -1, which stands for nothing.
fn count(line: &[u8]) -> Result<Option<usize>, RedisError> {
    if line == b"-1" {
        return Ok(None);
    }
    decimal(line).and_then(|count| count.try_into().ok()).map(Some).ok_or_else(foreign)
}

fn foreign() -> RedisError {
    (ErrorKind::Parse, "an answer that is not of the Redis protocol").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_is_as_long_as_it_says() {
        for answer in [
            "+OK\r\n",
            "-ERR no\r\n",
            ":12\r\n",
            "$-1\r\n",
            "$0\r\n\r\n",
            "$5\r\na\r\nbc\r\n",
            "*-1\r\n",
            "*0\r\n",
            "*2\r\n$1\r\na\r\n*1\r\n:1\r\n",
            "%1\r\n+a\r\n:1\r\n",
            "_\r\n",
            "=5\r\ntxt:a\r\n",
        ] {
            let both = format!("{answer}+OK\r\n");
            assert_eq!(length(both.as_bytes()).unwrap(), Some(answer.len()), "{answer:?}");
            assert_eq!(read(both.as_bytes()).unwrap().unwrap().1, answer.len(), "{answer:?}");
            for cut in 0..answer.len() {
                assert_eq!(length(&answer.as_bytes()[..cut]).unwrap(), None, "{answer:?} up to {cut}");
                assert_eq!(read(&answer.as_bytes()[..cut]).unwrap(), None, "{answer:?} up to {cut}");
            }
        }
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        let deep = "*1\r\n".repeat(40);
        for text in ["HTTP/1.1 400\r\n", "\n", "$x\r\n", "$-2\r\n", "$+5\r\n", ":1\n", "*1\r\nx\r\n", &deep] {
            assert_eq!(length(text.as_bytes()).unwrap_err().kind(), ErrorKind::Parse, "{text:?}");
            assert_eq!(read(text.as_bytes()).unwrap_err().kind(), ErrorKind::Parse, "{text:?}");
        }
        assert!(length(&[b'+'; LONGEST_LINE]).is_err());
        // A length beyond any memory is waited for, and the operation's time is up first; nothing is reserved for it.
        assert_eq!(length(b"$18446744073709551614\r\n").unwrap(), None);
        assert_eq!(read(b"$18446744073709551614\r\n").unwrap(), None);
    }

    proptest! {
        /// Whatever the bytes of a value are, the client crate reads the same out of them.
        #[test]
        fn values_are_what_the_client_reads(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut answer = format!("${}\r\n", bytes.len()).into_bytes();
            answer.extend_from_slice(&bytes);
            answer.extend_from_slice(b"\r\n");
            prop_assert_eq!(length(&answer).unwrap(), Some(answer.len()));
            prop_assert_eq!(read(&answer).unwrap(), Some((parse_redis_value(&answer).unwrap(), answer.len())));
        }

        /// No bytes make it panic.
        #[test]
        fn any_bytes_are_taken(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(Some((_, taken))) = read(&bytes) {
                prop_assert_eq!(length(&bytes).unwrap(), Some(taken));
            }
        }
    }

    #[test]
    fn short_answers_are_what_the_client_reads() {
        for answer in ["+OK\r\n", "$-1\r\n", ":1\r\n", "-ERR no\r\n", "+PONG\r\n"] {
            let theirs = parse_redis_value(answer.as_bytes()).unwrap();
            assert_eq!(read(answer.as_bytes()).unwrap(), Some((theirs, answer.len())), "{answer:?}");
        }
    }
}

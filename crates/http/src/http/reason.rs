//! Why an operation failed, in the words of whoever said so.

use super::answer::WholeAnswer;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use std::error::Error;

/// The longest text kept, in characters.
const LONGEST: usize = 200;

/// Of a request without an answer: in `words`, and what brought it about. The address is left out: it may hold a password, and the
/// record has it without.
pub(super) fn of_error(error: &reqwest::Error, words: &str) -> String {
    let mut said = words.to_owned();
    let mut cause = error.source();
    while let Some(inner) = cause {
        said = format!("{said}: {inner}");
        cause = inner.source();
    }
    short(&said)
}

/// Of an answer whose status is no success: the status and what it says beside.
pub(super) fn of_answer(answer: &WholeAnswer) -> String {
    let status = format!("HTTP {}", answer.status);
    match std::str::from_utf8(&answer.body).map(short) {
        Ok(said) if !said.is_empty() => format!("{status}: {said}"),
        _ => status,
    }
}

/// How the body is encoded, if it is.
pub(super) fn content_encoding(headers: &HeaderMap) -> Option<String> {
    let named = headers.get(CONTENT_ENCODING)?;
    let named = short(&String::from_utf8_lossy(named.as_bytes()));
    (!named.is_empty() && !named.eq_ignore_ascii_case("identity")).then_some(named)
}

/// The beginning of a text, in one line.
fn short(text: &str) -> String {
    let words: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use reqwest::StatusCode;

    #[test]
    fn an_answer_says_its_status_and_the_beginning_of_its_body() {
        let said = |body: &[u8]| {
            let (status, body) = (StatusCode::SERVICE_UNAVAILABLE, Bytes::copy_from_slice(body));
            of_answer(&WholeAnswer { status, headers: HeaderMap::new(), body })
        };
        assert_eq!(said(b"too\n many \x07requests"), "HTTP 503 Service Unavailable: too many requests");
        assert_eq!(said(b"\xff\xfe"), "HTTP 503 Service Unavailable");
        assert_eq!(said(&[b'x'; 9_999]).len(), "HTTP 503 Service Unavailable: ".len() + LONGEST);
    }
}

//! From answer to outcome.

use super::{HitRule, HttpTemplates};
use crate::Answered;
use bytes::Bytes;
use cachemark_core::{ErrorKind, OpError, ReadOutcome, ServiceEnd, ServiceError, Value, Version};
use cachemark_workload::OperationKind;
use reqwest::header::CONTENT_ENCODING;
use std::error::Error;
use std::iter;

/// The longest text kept, in characters.
const LONGEST: usize = 200;

impl HttpTemplates {
    /// What the answer to a read means, or its absence.
    pub(crate) fn found(&self, answer: Answered) -> Result<ReadOutcome, OpError> {
        let answer = answer.map_err(|error| of_error(&error))?;
        let is_absent = self.is_absent(OperationKind::Read, &answer)?;
        let asks_json = self.value.at.is_some() || matches!(self.hit, HitRule::Json { .. });
        let json = asks_json.then(|| serde_json::from_slice(answer.body()).ok()).flatten();
        let source = self.hit.source(answer.headers(), json.as_ref());
        let version = self.version.version(answer.headers());
        let value = if is_absent { None } else { Some(self.value_in(&answer, json.as_ref())?) };
        Ok(ReadOutcome { source, value, version })
    }

    fn value_in(&self, answer: &http::Response<Bytes>, json: Option<&serde_json::Value>) -> Result<Value, OpError> {
        let corrupt = |said: String| failed(ErrorKind::Corrupt, ServiceEnd::Failed, said);
        // The client asks for no encoding and decodes none: these bytes are not the value.
        let encoding = answer.headers().get(CONTENT_ENCODING).map_or(String::new(), |named| short(named.as_bytes()));
        if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") {
            let said = format!("the value came encoded (Content-Encoding: {encoding}), which nobody had asked for");
            return Err(corrupt(said));
        }
        let value = self.value.find(answer.body(), json);
        value.ok_or_else(|| corrupt("the answer has no value where [http.value] says it is".to_owned()))
    }

    /// The version that a write or a delete was acknowledged as, where the service says it.
    pub(crate) fn done(&self, kind: OperationKind, answer: Answered) -> Result<Option<Version>, OpError> {
        let answer = answer.map_err(|error| of_error(&error))?;
        self.is_absent(kind, &answer).map(|_| self.version.version(answer.headers()))
    }

    /// Whether an answer says that there is no such key.
    fn is_absent(&self, kind: OperationKind, answer: &http::Response<Bytes>) -> Result<bool, OpError> {
        let (operation, status) = (self.of(kind), answer.status().as_u16());
        let end = match status {
            ok if operation.ok.contains(&ok) => return Ok(false),
            absent if operation.absent.contains(&absent) => return Ok(true),
            shed if self.shed.contains(&shed) => ServiceEnd::Shed,
            unknown if self.unknown.contains(&unknown) => ServiceEnd::Unknown,
            _ => ServiceEnd::Failed,
        };
        Err(failed(ErrorKind::Status(status), end, said_by(answer)))
    }
}

fn failed(kind: ErrorKind, end: ServiceEnd, said: String) -> OpError {
    OpError::Service(Box::new(ServiceError { kind, end, said }))
}

/// A request that was never sent failed for sure; one that was sent and not answered is unknown. It says what brought it about and
/// leaves the address out: that may hold a password, and the record has it without.
fn of_error(error: &reqwest::Error) -> OpError {
    let (kind, end, words) = if error.is_builder() {
        (ErrorKind::Internal, ServiceEnd::Failed, "the request could not be made")
    } else if error.is_connect() {
        (ErrorKind::Unavailable, ServiceEnd::Failed, "no connection")
    } else if error.is_timeout() {
        (ErrorKind::Timeout, ServiceEnd::Unknown, "no whole answer by the operation's deadline")
    } else {
        (ErrorKind::ConnectionLost, ServiceEnd::Unknown, "the connection broke")
    };
    let causes = iter::successors(error.source(), |&cause| cause.source());
    let said: String = causes.map(|cause| format!(": {cause}")).collect();
    failed(kind, end, short(format!("{words}{said}").as_bytes()))
}

/// The status of an answer that is no success, and what it says beside.
fn said_by(answer: &http::Response<Bytes>) -> String {
    let status = format!("HTTP {}", answer.status());
    let said = std::str::from_utf8(answer.body()).map_or(String::new(), |said| short(said.as_bytes()));
    if said.is_empty() { status } else { format!("{status}: {said}") }
}

/// The beginning of a text, in one line.
fn short(text: &[u8]) -> String {
    let words = String::from_utf8_lossy(text).split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::Section;
    use cachemark_core::Source;
    use reqwest::header::HeaderMap;

    fn answer(status: u16, headers: HeaderMap, body: &'static [u8]) -> http::Response<Bytes> {
        let mut answer = http::Response::new(Bytes::from_static(body));
        *answer.status_mut() = status.try_into().unwrap();
        *answer.headers_mut() = headers;
        answer
    }

    fn ours() -> HttpTemplates {
        Section::of("").templates.unwrap()
    }

    fn plain(status: u16) -> Answered {
        Ok(answer(status, HeaderMap::new(), b"x"))
    }

    fn read(status: u16) -> Result<ReadOutcome, OpError> {
        ours().found(plain(status))
    }

    /// The kind that an error is counted by, and what is known of its operation.
    fn told<T: std::fmt::Debug>(result: Result<T, OpError>) -> (String, ServiceEnd) {
        let OpError::Service(error) = result.unwrap_err() else { panic!() };
        (error.kind.to_string(), error.end)
    }

    #[test]
    fn each_status_has_its_outcome() {
        let value = Some(Value::new(&b"x"[..]));
        assert_eq!(read(200).unwrap(), ReadOutcome { source: Source::Bypass, value, version: None });
        assert_eq!(read(404).unwrap(), ReadOutcome { source: Source::Bypass, value: None, version: None });
        for (status, end) in
            [(503, ServiceEnd::Shed), (504, ServiceEnd::Unknown), (500, ServiceEnd::Failed), (301, ServiceEnd::Failed)]
        {
            assert_eq!(told(read(status)), (format!("status-{status}"), end));
        }
        let done = |kind, status| ours().done(kind, plain(status));
        assert_eq!(done(OperationKind::Delete, 404), Ok(None));
        assert_eq!(told(done(OperationKind::Write, 404)), ("status-404".into(), ServiceEnd::Failed));
    }

    #[test]
    fn a_status_listed_under_unknown_is_unknown_and_no_timeout() {
        let templates = HttpTemplates { unknown: vec![502], ..ours() };
        let error = templates.done(OperationKind::Write, plain(502)).unwrap_err();
        assert!(error.is_unknown() && error.kind() == ErrorKind::Status(502), "{error}");
    }

    #[test]
    fn a_value_that_is_not_where_it_should_be_is_corrupt() {
        let mut templates = ours();
        templates.value.at = Some("/v".into());
        let error = templates.found(plain(200)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(error.to_string().contains("[http.value]"));
    }

    #[test]
    fn a_value_that_came_encoded_is_corrupt_and_the_encoding_is_named() {
        let judged = |encoding: &'static str| {
            let headers = HeaderMap::from_iter([(CONTENT_ENCODING, encoding.parse().unwrap())]);
            ours().found(Ok(answer(200, headers, b"x")))
        };
        let error = judged("gzip").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(error.to_string().contains("Content-Encoding: gzip"));
        assert!(judged("identity").is_ok());
    }

    #[test]
    fn an_answer_says_its_status_and_the_beginning_of_its_body() {
        let said = |body: &'static [u8]| said_by(&answer(503, HeaderMap::new(), body));
        assert_eq!(said(b"too\n many \x07requests"), "HTTP 503 Service Unavailable: too many requests");
        assert_eq!(said(b"\xff\xfe"), "HTTP 503 Service Unavailable");
        assert_eq!(said(&[b'x'; 9_999]).len(), "HTTP 503 Service Unavailable: ".len() + LONGEST);
    }
}

//! From answer to outcome.

use super::{HttpTemplates, reason};
use crate::outcome::{Fault, Outcome};
use bytes::Bytes;
use cachemark_core::{ErrorKind, Key, Source, Stamp, StampError, Value};
use cachemark_workload::OperationKind;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What an answer means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    /// Where an answered read came from.
    pub(crate) source: Option<Source>,
    pub(crate) outcome: Outcome,
    /// What an answered read found.
    pub(crate) value: Option<Value>,
    /// Why it failed, if it did.
    pub(crate) reason: Option<String>,
}

/// What is known of a value's stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seal {
    Good,
    /// Not of our making, as a service that was filled by somebody else has them.
    Missing,
    Bad,
}

impl Verdict {
    fn of(outcome: Outcome) -> Self {
        Self { source: None, outcome, value: None, reason: None }
    }

    fn failed(outcome: Outcome, reason: String) -> Self {
        Self { reason: Some(reason), ..Self::of(outcome) }
    }

    /// Of a request that goose refused to send.
    pub(crate) fn not_sent() -> Self {
        Self::of(Outcome::Error(Fault::Kind(ErrorKind::Internal)))
    }

    /// Checks the stamp of the value, if there is a value.
    pub(crate) fn seal(&self, key: &Key) -> Option<Seal> {
        let value = self.value.as_ref()?;
        Some(match Stamp::check(value, key) {
            Ok(_) => Seal::Good,
            Err(StampError::Missing) => Seal::Missing,
            Err(_) => Seal::Bad,
        })
    }
}

impl HttpTemplates {
    /// What an answer, or its absence, means.
    pub(crate) fn judge(&self, kind: OperationKind, answer: &Result<Answer, reqwest::Error>) -> Verdict {
        match answer {
            Ok(answer) => self.judge_answer(kind, answer),
            Err(error) => Verdict::failed(of_error(error), reason::of_error(error)),
        }
    }

    fn judge_answer(&self, kind: OperationKind, answer: &Answer) -> Verdict {
        let outcome = self.of_status(kind, answer.status.as_u16());
        if outcome.fault().is_some() {
            return Verdict::failed(outcome, reason::of_answer(answer));
        }
        if kind != OperationKind::Read {
            return Verdict::of(outcome);
        }
        // The client asks for no encoding and decodes none: these bytes are not the value.
        if let (Outcome::Ok, Some(encoding)) = (outcome, reason::content_encoding(&answer.headers)) {
            let said = format!("the value came encoded (Content-Encoding: {encoding}), which nobody had asked for");
            return Verdict::failed(Outcome::Error(Fault::Kind(ErrorKind::Corrupt)), said);
        }
        let json: Option<serde_json::Value> =
            if self.asks_json() { serde_json::from_slice(&answer.body).ok() } else { None };
        let source = Some(self.hit.source(&answer.headers, json.as_ref()));
        if outcome == Outcome::Absent {
            return Verdict { source, outcome, value: None, reason: None };
        }
        match self.value.find(&answer.body, json.as_ref()) {
            Some(value) => Verdict { source, outcome, value: Some(value), reason: None },
            None => {
                let said = "the answer has no value where [http.value] says it is".to_owned();
                Verdict::failed(Outcome::Error(Fault::Kind(ErrorKind::Corrupt)), said)
            }
        }
    }

    fn of_status(&self, kind: OperationKind, status: u16) -> Outcome {
        let operation = self.of(kind);
        if operation.ok.contains(&status) {
            Outcome::Ok
        } else if operation.absent.contains(&status) {
            Outcome::Absent
        } else if self.shed.contains(&status) {
            Outcome::Shed(Fault::Status(status))
        } else if self.unknown.contains(&status) {
            Outcome::Unknown(Fault::Status(status))
        } else {
            Outcome::Error(Fault::Status(status))
        }
    }
}

/// A request that was never sent failed for sure; one that was sent and not answered is unknown.
fn of_error(error: &reqwest::Error) -> Outcome {
    if error.is_builder() {
        Outcome::Error(Fault::Kind(ErrorKind::Internal))
    } else if error.is_connect() {
        Outcome::Error(Fault::Kind(ErrorKind::Unavailable))
    } else if error.is_timeout() {
        Outcome::Unknown(Fault::Kind(ErrorKind::Timeout))
    } else {
        Outcome::Unknown(Fault::Kind(ErrorKind::ConnectionLost))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::CONTENT_ENCODING;

    fn verdict(kind: OperationKind, status: u16) -> Verdict {
        let (headers, body) = (HeaderMap::new(), Bytes::from_static(b"x"));
        let answer = Answer { status: StatusCode::from_u16(status).unwrap(), headers, body };
        HttpTemplates::default().judge(kind, &Ok(answer))
    }

    #[test]
    fn each_status_has_its_outcome() {
        let read = |status| verdict(OperationKind::Read, status).outcome;
        assert_eq!((read(200), read(404)), (Outcome::Ok, Outcome::Absent));
        assert_eq!((read(503), read(504)), (Outcome::Shed(Fault::Status(503)), Outcome::Unknown(Fault::Status(504))));
        assert_eq!((read(500), read(301)), (Outcome::Error(Fault::Status(500)), Outcome::Error(Fault::Status(301))));
        assert_eq!(Fault::Status(504).to_string(), "status-504");
        assert_eq!(verdict(OperationKind::Delete, 404).outcome, Outcome::Ok);
        assert_eq!(verdict(OperationKind::Write, 404).outcome, Outcome::Error(Fault::Status(404)));
    }

    #[test]
    fn only_answered_reads_have_a_source() {
        assert_eq!(verdict(OperationKind::Read, 200).source, Some(Source::Bypass));
        assert_eq!(verdict(OperationKind::Read, 404).source, Some(Source::Bypass));
        assert_eq!(verdict(OperationKind::Read, 500).source, None);
        assert_eq!(verdict(OperationKind::Write, 200).source, None);
    }

    #[test]
    fn a_value_that_is_not_where_it_should_be_is_corrupt() {
        let mut templates = HttpTemplates::default();
        templates.value.at = "/v".into();
        let answer = Answer { status: StatusCode::OK, headers: HeaderMap::new(), body: Bytes::from_static(b"{}") };
        let verdict = templates.judge(OperationKind::Read, &Ok(answer));
        assert_eq!(verdict.outcome, Outcome::Error(Fault::Kind(ErrorKind::Corrupt)));
        assert!(verdict.reason.is_some_and(|said| said.contains("[http.value]")));
    }

    #[test]
    fn a_value_that_came_encoded_is_corrupt_and_the_encoding_is_named() {
        let judged = |encoding: &'static str| {
            let headers = HeaderMap::from_iter([(CONTENT_ENCODING, encoding.parse().unwrap())]);
            let answer = Answer { status: StatusCode::OK, headers, body: Bytes::from_static(b"\x1f\x8b") };
            HttpTemplates::default().judge(OperationKind::Read, &Ok(answer))
        };
        let verdict = judged("gzip");
        assert_eq!(verdict.outcome, Outcome::Error(Fault::Kind(ErrorKind::Corrupt)));
        assert!(verdict.reason.is_some_and(|said| said.contains("Content-Encoding: gzip")));
        assert_eq!(judged("identity").outcome, Outcome::Ok);
    }
}

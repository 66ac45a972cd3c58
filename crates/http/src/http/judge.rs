//! From answer to outcome.

use super::answer::{Answered, WholeAnswer};
use super::{HttpTemplates, reason};
use cachemark_core::{ErrorKind, OpError, ReadOutcome, ServiceEnd, ServiceError, Value, Version};
use cachemark_workload::OperationKind;

fn failed(kind: ErrorKind, end: ServiceEnd, said: String) -> OpError {
    OpError::Service(Box::new(ServiceError { kind, end, said }))
}

impl HttpTemplates {
    /// What the answer to a read means, or its absence.
    ///
    /// # Errors
    /// [`OpError::Service`] for whatever is no answer to a read.
    pub(crate) fn found(&self, answer: Answered) -> Result<ReadOutcome, OpError> {
        let answer = answer.map_err(|error| of_error(&error))?;
        let is_absent = self.is_absent(OperationKind::Read, &answer)?;
        let json = self.asks_json().then(|| serde_json::from_slice(&answer.body).ok()).flatten();
        let source = self.hit.source(&answer.headers, json.as_ref());
        let version = self.version.version(&answer.headers);
        let value = if is_absent { None } else { Some(self.value_in(&answer, json.as_ref())?) };
        Ok(ReadOutcome { source, value, version })
    }

    fn value_in(&self, answer: &WholeAnswer, json: Option<&serde_json::Value>) -> Result<Value, OpError> {
        let corrupt = |said: String| failed(ErrorKind::Corrupt, ServiceEnd::Failed, said);
        // The client asks for no encoding and decodes none: these bytes are not the value.
        if let Some(encoding) = reason::content_encoding(&answer.headers) {
            let said = format!("the value came encoded (Content-Encoding: {encoding}), which nobody had asked for");
            return Err(corrupt(said));
        }
        let value = self.value.find(&answer.body, json);
        value.ok_or_else(|| corrupt("the answer has no value where [http.value] says it is".to_owned()))
    }

    /// The version that a write or a delete was acknowledged as, where the service says it. To remove what isn't there is no failure, here as in a sweep.
    ///
    /// # Errors
    /// [`OpError::Service`] for whatever is no acknowledgement.
    pub(crate) fn done(&self, kind: OperationKind, answer: Answered) -> Result<Option<Version>, OpError> {
        let answer = answer.map_err(|error| of_error(&error))?;
        self.is_absent(kind, &answer).map(|_| self.version.version(&answer.headers))
    }

    /// Whether an answer says that there is no such key.
    fn is_absent(&self, kind: OperationKind, answer: &WholeAnswer) -> Result<bool, OpError> {
        let (operation, status) = (self.of(kind), answer.status.as_u16());
        if operation.ok.contains(&status) {
            return Ok(false);
        } else if operation.absent.contains(&status) {
            return Ok(true);
        }
        let end = if self.shed.contains(&status) {
            ServiceEnd::Shed
        } else if self.unknown.contains(&status) {
            ServiceEnd::Unknown
        } else {
            ServiceEnd::Failed
        };
        Err(failed(ErrorKind::Status(status), end, reason::of_answer(answer)))
    }
}

/// A request that was never sent failed for sure; one that was sent and not answered is unknown.
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
    failed(kind, end, reason::of_error(error, words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use cachemark_core::Source;
    use reqwest::StatusCode;
    use reqwest::header::{CONTENT_ENCODING, HeaderMap};

    fn answer(status: u16, headers: HeaderMap) -> Answered {
        Ok(WholeAnswer { status: StatusCode::from_u16(status).unwrap(), headers, body: Bytes::from_static(b"x") })
    }

    fn read(status: u16) -> Result<ReadOutcome, OpError> {
        HttpTemplates::default().found(answer(status, HeaderMap::new()))
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
        let done = |kind, status| HttpTemplates::default().done(kind, answer(status, HeaderMap::new()));
        assert_eq!(done(OperationKind::Delete, 404), Ok(None));
        assert_eq!(told(done(OperationKind::Write, 404)), ("status-404".into(), ServiceEnd::Failed));
    }

    #[test]
    fn a_status_listed_under_unknown_is_unknown_and_no_timeout() {
        let templates = HttpTemplates { unknown: vec![502], ..HttpTemplates::default() };
        let error = templates.done(OperationKind::Write, answer(502, HeaderMap::new())).unwrap_err();
        assert!(error.is_unknown() && error.kind() == ErrorKind::Status(502), "{error}");
    }

    #[test]
    fn a_value_that_is_not_where_it_should_be_is_corrupt() {
        let mut templates = HttpTemplates::default();
        templates.value.at = "/v".into();
        let error = templates.found(answer(200, HeaderMap::new())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(error.to_string().contains("[http.value]"));
    }

    #[test]
    fn a_value_that_came_encoded_is_corrupt_and_the_encoding_is_named() {
        let judged = |encoding: &'static str| {
            let headers = HeaderMap::from_iter([(CONTENT_ENCODING, encoding.parse().unwrap())]);
            HttpTemplates::default().found(answer(200, headers))
        };
        let error = judged("gzip").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(error.to_string().contains("Content-Encoding: gzip"));
        assert!(judged("identity").is_ok());
    }
}

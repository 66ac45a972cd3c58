//! Errors as `application/problem+json` (RFC 9457).

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What is told of an error: its kind and what a client can do about it, nothing of a backend's own words.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Problem {
    /// `about:blank`: the status says what it is, `kind` says more.
    r#type: &'static str,
    title: &'static str,
    status: u16,
    kind: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    /// `unknown` where a write may have taken effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            kind,
            detail: detail.into(),
            outcome: None,
        }
    }

    /// The same for a write that may have taken effect.
    pub(crate) fn of_unknown_outcome(self) -> Self {
        Self { outcome: Some("unknown"), ..self }
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) fn kind(&self) -> &'static str {
        self.kind
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        // A struct of strings and a number has nothing that could fail.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            // The least that the header can say; a limit of ours is free again in milliseconds.
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

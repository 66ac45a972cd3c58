//! A whole answer.

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// All of its body.
    pub body: Bytes,
}

/// An answer, or why there is none.
pub type WholeAnswer = Result<Answer, reqwest::Error>;

impl Answer {
    /// Reads an answer to its last byte.
    ///
    /// # Errors
    /// If there was no answer, or it broke off.
    pub async fn whole(response: Result<reqwest::Response, reqwest::Error>) -> WholeAnswer {
        let response = response?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Self { status, headers, body: response.bytes().await? })
    }
}

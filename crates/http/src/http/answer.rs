//! A service's answer, read to its end.

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

/// A whole answer.
#[derive(Debug)]
pub struct WholeAnswer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// All of its body.
    pub body: Bytes,
}

/// An answer, or why there is none.
pub type Answered = Result<WholeAnswer, reqwest::Error>;

impl WholeAnswer {
    /// Sends a request, and reads its answer to the last byte.
    pub(crate) async fn to(request: reqwest::RequestBuilder) -> Answered {
        Self::of(request.send().await).await
    }

    /// Reads an answer to its last byte.
    ///
    /// # Errors
    /// If there was no answer, or it broke off.
    pub async fn of(response: Result<reqwest::Response, reqwest::Error>) -> Answered {
        let response = response?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Self { status, headers, body: response.bytes().await? })
    }
}

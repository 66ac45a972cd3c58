//! A request's body: within its size, within its time.

use crate::limits::Limits;
use crate::problem::Problem;
use axum::body::Body;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use tokio::time::timeout;

/// Reads the body of a `PUT`.
///
/// A body that says it is too long is refused before a byte of it is read, one that turns out to be is dropped at the
/// limit; so memory is bounded by the limit, whatever is sent.
pub(crate) async fn read(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Bytes, Problem> {
    let declared = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|declared| declared > limits.body_bytes as u64) {
        return Err(too_large(limits));
    }
    timeout(limits.body_read, collect(body, limits)).await.unwrap_or_else(|_| {
        Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "slow-body", "the body did not come in time"))
    })
}

async fn collect(body: Body, limits: &Limits) -> Result<Bytes, Problem> {
    let mut frames = body.into_data_stream();
    let mut whole = Frames::Few(Bytes::new());
    while let Some(frame) = frames.next().await {
        let frame = frame.map_err(|_| {
            Problem::new(StatusCode::BAD_REQUEST, "broken-body", "the body ended early or is malformed")
        })?;
        if whole.len() + frame.len() > limits.body_bytes {
            return Err(too_large(limits));
        }
        whole.push(frame);
    }
    Ok(whole.finish())
}

fn too_large(limits: &Limits) -> Problem {
    let detail = format!("a value may have {} bytes", limits.body_bytes);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
}

/// Frames put together. Most bodies come in one frame, which then needs no copy.
enum Frames {
    Few(Bytes),
    Many(BytesMut),
}

impl Frames {
    fn len(&self) -> usize {
        match self {
            Self::Few(bytes) => bytes.len(),
            Self::Many(bytes) => bytes.len(),
        }
    }

    fn push(&mut self, frame: Bytes) {
        match self {
            Self::Few(first) if first.is_empty() => *first = frame,
            Self::Few(first) => {
                let mut joined = BytesMut::with_capacity(2 * (first.len() + frame.len()));
                joined.extend_from_slice(first);
                joined.extend_from_slice(&frame);
                *self = Self::Many(joined);
            }
            Self::Many(joined) => joined.extend_from_slice(&frame),
        }
    }

    fn finish(self) -> Bytes {
        match self {
            Self::Few(bytes) => bytes,
            Self::Many(bytes) => bytes.freeze(),
        }
    }
}

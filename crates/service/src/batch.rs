//! Batch get: `GET /items?key=a&key=b`.
//!
//! ```json
//! {"items": [
//!   {"key": "a", "found": true, "version": 3, "source": "hit", "value": "aGVsbG8="},
//!   {"key": "b", "found": false, "version": 0, "source": "miss-led"},
//!   {"key": "c", "error": "store-timeout", "status": 504}
//! ]}
//! ```
//!
//! One item for each key, in the order asked, a key asked twice answered twice; `value` is base64 (RFC 4648, section
//! 4). The status is 200 whatever became of the keys: each has an outcome of its own, with the status that a get of its
//! own would have had.

use crate::admission::detached;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::shared::Shared;
use crate::{failure, key, session};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cachemark_core::{Key, OpError, ReadOutcome, Strategy, Value};
use futures::{StreamExt, stream};
use serde::Serialize;
use std::sync::Arc;
use tokio::time::Instant;

/// Keys in one batch.
const MOST_KEYS: usize = 100;
/// Reads of one batch under way at once.
const AT_ONCE: usize = 16;

#[derive(Debug, Serialize)]
struct Answer {
    items: Vec<Item>,
}

#[derive(Debug, Serialize)]
struct Item {
    key: String,
    #[serde(flatten)]
    outcome: ItemOutcome,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum ItemOutcome {
    Read {
        found: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        version: Option<u64>,
        source: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    Failed {
        error: &'static str,
        status: u16,
    },
}

pub(crate) async fn get<S: Strategy>(State(shared): State<Arc<Shared<S>>>, request: Request) -> Response {
    answer(&shared, request.into_parts().0).await.unwrap_or_else(IntoResponse::into_response)
}

async fn answer<S: Strategy>(shared: &Arc<Shared<S>>, request: Parts) -> Result<Response, Problem> {
    let keys = keys_of(request.uri.query().unwrap_or_default())?;
    let session = session::of(&request)?;
    let (slot, deadline) = (shared.admit()?, shared.deadline());
    let work = read_all(Arc::clone(shared), session, deadline, keys);
    let items = detached(slot, deadline, work).await.map_err(|error| failure::problem(Operation::Read, &error))?;
    // Strings and numbers: nothing that could fail.
    let body = serde_json::to_vec(&Answer { items }).unwrap_or_default();
    Ok(([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response())
}

fn keys_of(query: &str) -> Result<Vec<Key>, Problem> {
    let refused = |kind, detail: String| Problem::new(StatusCode::BAD_REQUEST, kind, detail);
    let mut keys = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let Some(text) = pair.strip_prefix("key=") else {
            return Err(refused("bad-query", "the only parameter is key".into()));
        };
        if keys.len() == MOST_KEYS {
            return Err(refused("bad-query", format!("a batch has at most {MOST_KEYS} keys")));
        }
        keys.push(key::decode(text).map_err(|bad| refused("bad-key", bad.detail()))?);
    }
    if keys.is_empty() {
        return Err(refused("bad-query", "a batch names its keys: ?key=a&key=b".into()));
    }
    Ok(keys)
}

async fn read_all<S: Strategy>(shared: Arc<Shared<S>>, session: u32, deadline: Instant, keys: Vec<Key>) -> Vec<Item> {
    let mut room = shared.limits.batch_bytes;
    let mut items = Vec::with_capacity(keys.len());
    let reads = keys.into_iter().map(|key| {
        let ctx = shared.context(session, deadline);
        let shared = &shared;
        async move {
            let outcome = shared.read(&ctx, &key).await;
            (key, outcome)
        }
    });
    let mut reads = stream::iter(reads).buffered(AT_ONCE);
    while let Some((key, outcome)) = reads.next().await {
        items.push(Item { key: key.as_str().to_owned(), outcome: told(outcome, &mut room) });
    }
    items
}

/// What is told of one key; values take their length from `room`.
fn told(outcome: Result<ReadOutcome, OpError>, room: &mut usize) -> ItemOutcome {
    let ReadOutcome { value, version, source } = match outcome {
        Ok(read) => read,
        Err(error) => {
            let problem = failure::problem(Operation::Read, &error);
            return ItemOutcome::Failed { error: problem.kind(), status: problem.status().as_u16() };
        }
    };
    let Some(left) = room.checked_sub(value.as_ref().map_or(0, Value::len)) else {
        return ItemOutcome::Failed { error: "too-large", status: StatusCode::PAYLOAD_TOO_LARGE.as_u16() };
    };
    *room = left;
    let value = value.map(|value| BASE64_STANDARD.encode(value.as_bytes()));
    ItemOutcome::Read {
        found: value.is_some(),
        version: version.map(|version| version.0),
        source: source.name(),
        value,
    }
}

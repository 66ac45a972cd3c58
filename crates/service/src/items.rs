//! One item: get, put, delete.

use crate::admission::detached;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::shared::Shared;
use crate::{body, failure, key, observe, session};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use cachemark_core::{Key, ReadOutcome, Strategy, Value, Version, WriteOutcome, cache_status};
use std::sync::Arc;

/// The header that says which version of its row an answer was made from, or a write or delete was acknowledged as: a
/// number that rises with every write and delete of the key.
pub const VERSION_HEADER: HeaderName = HeaderName::from_static("cachemark-version");

/// Where an answer came from.
const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

pub(crate) async fn get<S: Strategy>(State(shared): State<Arc<Shared<S>>>, request: Request) -> Response {
    read(&shared, request.into_parts().0).await.unwrap_or_else(IntoResponse::into_response)
}

pub(crate) async fn put<S: Strategy>(State(shared): State<Arc<Shared<S>>>, request: Request) -> Response {
    write(&shared, request).await.unwrap_or_else(IntoResponse::into_response)
}

pub(crate) async fn delete<S: Strategy>(State(shared): State<Arc<Shared<S>>>, request: Request) -> Response {
    remove(&shared, request.into_parts().0).await.unwrap_or_else(IntoResponse::into_response)
}

async fn read<S: Strategy>(shared: &Arc<Shared<S>>, request: Parts) -> Result<Response, Problem> {
    let key = key_of(&request)?;
    let session = session::of(&request)?;
    let (slot, deadline) = (shared.admit()?, shared.deadline());
    let work = {
        let shared = Arc::clone(shared);
        async move { shared.read(&shared.context(session, deadline), &key).await }
    };
    let outcome = detached(slot, deadline, work).await.flatten();
    let outcome = outcome.map_err(|error| failure::problem(Operation::Read, &error))?;
    Ok(found(outcome, &request.headers))
}

async fn write<S: Strategy>(shared: &Arc<Shared<S>>, request: Request) -> Result<Response, Problem> {
    let (request, body) = request.into_parts();
    let key = key_of(&request)?;
    let session = session::of(&request)?;
    refuse_conditions(&request.headers)?;
    if request.headers.contains_key(CONTENT_RANGE) {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "partial", "a value is written whole"));
    }
    // Before the body: what is held while bodies trickle in is bounded by the slots.
    let slot = shared.admit()?;
    let value = Value::new(body::read(&request.headers, body, &shared.limits).await?);
    let deadline = shared.deadline();
    let work = {
        let shared = Arc::clone(shared);
        async move { shared.write(&shared.context(session, deadline), &key, value).await }
    };
    let outcome = detached(slot, deadline, work).await.flatten();
    let outcome = outcome.map_err(|error| failure::problem(Operation::Write, &error))?;
    // Only the first version of all is known to have made the item: a strategy does not say that a write revived one.
    let status = if outcome.version == Some(Version(1)) { StatusCode::CREATED } else { StatusCode::NO_CONTENT };
    let mut response = written(status, &outcome);
    tag(&mut response, outcome.version);
    Ok(response)
}

async fn remove<S: Strategy>(shared: &Arc<Shared<S>>, request: Parts) -> Result<Response, Problem> {
    let key = key_of(&request)?;
    let session = session::of(&request)?;
    refuse_conditions(&request.headers)?;
    let (slot, deadline) = (shared.admit()?, shared.deadline());
    let work = {
        let shared = Arc::clone(shared);
        async move { shared.delete(&shared.context(session, deadline), &key).await }
    };
    let outcome = detached(slot, deadline, work).await.flatten();
    let outcome = outcome.map_err(|error| failure::problem(Operation::Delete, &error))?;
    if outcome.version == Some(Version::NONE) {
        return Err(Problem::new(StatusCode::NOT_FOUND, "absent", "the key was never written"));
    }
    Ok(written(StatusCode::NO_CONTENT, &outcome))
}

fn key_of(request: &Parts) -> Result<Key, Problem> {
    let text = request.uri.path().strip_prefix("/items/").unwrap_or_default();
    key::decode(text).map_err(|bad| {
        let status = if bad.is_too_long() { StatusCode::URI_TOO_LONG } else { StatusCode::BAD_REQUEST };
        Problem::new(status, "bad-key", bad.detail())
    })
}

/// A condition that is not checked must not be taken for one that held.
fn refuse_conditions(headers: &HeaderMap) -> Result<(), Problem> {
    const CONDITIONS: [HeaderName; 2] = [IF_MATCH, IF_NONE_MATCH];
    if CONDITIONS.iter().any(|condition| headers.contains_key(condition)) {
        return Err(Problem::new(StatusCode::NOT_IMPLEMENTED, "condition", "conditional writes are not offered"));
    }
    Ok(())
}

fn found(outcome: ReadOutcome, asked: &HeaderMap) -> Response {
    let mut response = match outcome.value {
        None => Problem::new(StatusCode::NOT_FOUND, "absent", "the key has no value").into_response(),
        Some(_) if outcome.version.is_some_and(|version| is_known(asked, version)) => {
            StatusCode::NOT_MODIFIED.into_response()
        }
        Some(value) => {
            let kind = HeaderValue::from_static("application/octet-stream");
            ([(CONTENT_TYPE, kind)], value.to_bytes()).into_response()
        }
    };
    if response.status() != StatusCode::NOT_FOUND {
        tag(&mut response, outcome.version);
    }
    version(&mut response, outcome.version);
    response.headers_mut().insert(CACHE_STATUS, HeaderValue::from_static(cache_status::of_read(outcome.source)));
    response.extensions_mut().insert(observe::Served(outcome.source));
    response
}

fn written(status: StatusCode, outcome: &WriteOutcome) -> Response {
    let told = HeaderValue::from_static(cache_status::of_write(outcome.cache));
    let mut response = ([(CACHE_STATUS, told)], status).into_response();
    version(&mut response, outcome.version);
    response
}

/// Says the version: also of a key without a value, which has no tag, for a tag is a value's.
fn version(response: &mut Response, version: Option<Version>) {
    if let Some(Version(number)) = version {
        response.headers_mut().insert(VERSION_HEADER, HeaderValue::from(number));
    }
}

fn tag(response: &mut Response, version: Option<Version>) {
    let Some(version) = version else { return };
    // Digits between quotes are a header value for every version.
    let etag = HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"v\""));
    response.headers_mut().insert(ETAG, etag);
}

/// Whether `If-None-Match` names the version, by weak comparison (RFC 9110, 13.1.2). Our tags hold no comma, so a list
/// can be cut at commas: a foreign tag with one in it cannot become ours by that.
fn is_known(asked: &HeaderMap, version: Version) -> bool {
    let ours = format!("\"{version}\"");
    asked.get_all(IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(',')).any(
        |tag| {
            let tag = tag.trim();
            tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == ours
        },
    )
}

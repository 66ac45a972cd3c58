//! A service that knows nothing of cachemark: things by id, read through Redis from an origin that takes its time.
//!
//! | request | answer |
//! |---|---|
//! | `GET /v1/things/{id}` | 200 with `{"id": .., "data": ..}`, 404; `X-Cache: HIT` or `MISS` |
//! | `PUT /v1/things/{id}` with `{"data": ".."}` | 204 |
//! | `GET /v1/stats` | 200 with `{"reads": .., "hits": .., "writes": ..}` since the start |
//!
//! 400 is a body of another form; 502 says that Redis failed, after a `PUT` when the thing itself was kept already.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands, RedisError};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;

/// How long Redis keeps a thing.
const TTL_S: u64 = 60;
/// What a question to the origin costs at least.
const ORIGIN_COST: Duration = Duration::from_millis(1);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let variable = |name, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let redis = redis::Client::open(variable("REDIS_URL", "redis://127.0.0.1:6379/"))
        .map_err(|error| format!("REDIS_URL is no address of a Redis server: {error}"))?;
    let cache = redis.get_multiplexed_async_connection().await;
    let cache = cache.map_err(|error| format!("Redis cannot be reached (REDIS_URL says where it is): {error}"))?;
    let listen = variable("LISTEN", "127.0.0.1:8090");
    let listener =
        TcpListener::bind(&listen).await.map_err(|error| format!("cannot listen on {listen} (LISTEN): {error}"))?;
    say(&format!("listening on http://{}", listener.local_addr()?));
    let service = Arc::new(Service { origin: Origin::default(), cache, counts: Counts::default() });
    let router =
        Router::new().route("/v1/things/{id}", get(read).put(write)).route("/v1/stats", get(stats)).with_state(service);
    Ok(axum::serve(listener, router).await?)
}

#[expect(clippy::print_stdout, reason = "the address is what scripts wait for")]
fn say(line: &str) {
    println!("{line}");
}

struct Service {
    origin: Origin,
    cache: MultiplexedConnection,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    reads: AtomicU64,
    hits: AtomicU64,
    writes: AtomicU64,
}

/// Stands for a database: right, and slow.
#[derive(Default)]
struct Origin(Mutex<HashMap<String, String>>);

impl Origin {
    async fn rows(&self) -> MutexGuard<'_, HashMap<String, String>> {
        tokio::time::sleep(ORIGIN_COST).await;
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Deserialize)]
struct Thing {
    data: String,
}

type Refusal = (StatusCode, String);

async fn read(State(service): State<Arc<Service>>, Path(id): Path<String>) -> Result<Response, Refusal> {
    service.counts.reads.fetch_add(1, Relaxed);
    let (mut cache, key) = (service.cache.clone(), cache_key(&id));
    let held: Option<String> = cache.get(&key).await.map_err(cache_failed)?;
    if let Some(data) = held {
        service.counts.hits.fetch_add(1, Relaxed);
        return Ok(([("x-cache", "HIT")], json_body(&json!({ "id": id, "data": data }))).into_response());
    }
    let found = service.origin.rows().await.get(&id).cloned();
    let Some(data) = found else {
        return Ok(([("x-cache", "MISS")], StatusCode::NOT_FOUND).into_response());
    };
    // As most services have it: a PUT that comes between the question and this leaves an old copy, for TTL_S at most.
    cache.set_ex::<_, _, ()>(&key, &data, TTL_S).await.map_err(cache_failed)?;
    Ok(([("x-cache", "MISS")], json_body(&json!({ "id": id, "data": data }))).into_response())
}

async fn write(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    service.counts.writes.fetch_add(1, Relaxed);
    let thing: Thing = serde_json::from_slice(&body).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    let key = cache_key(&id);
    service.origin.rows().await.insert(id, thing.data);
    service.cache.clone().del::<_, ()>(&key).await.map_err(cache_failed)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn stats(State(service): State<Arc<Service>>) -> Response {
    let Counts { reads, hits, writes } = &service.counts;
    let [reads, hits, writes] = [reads, hits, writes].map(|count| count.load(Relaxed));
    json_body(&json!({ "reads": reads, "hits": hits, "writes": writes }))
}

fn cache_key(id: &str) -> String {
    format!("things:{id}")
}

fn cache_failed(error: RedisError) -> Refusal {
    (StatusCode::BAD_GATEWAY, format!("the cache failed: {error}"))
}

fn json_body(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

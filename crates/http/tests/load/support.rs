//! A small service that counts what it is asked, and plans against it.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use cachemark_http::{BaseUrl, HttpTemplates, LoadPlan, Stop};
use cachemark_workload::{KeyDistribution, Mix, Seed, ValueSize, WorkloadSpec};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How the service behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As our own service does: raw values, `Cache-Status`; the second read of a key is a hit.
    Ours,
    /// Somebody else's: JSON bodies under /v1, X-Cache, POST for writes.
    Foreign,
    /// Every answer has this status.
    Always(u16),
    /// Answers come after this many milliseconds.
    Slow(u64),
    /// Every value is damaged.
    Damaged,
    /// Every read is sent elsewhere.
    Redirecting,
    /// Reads of every other key go past the cache, with this header.
    Bypassing(&'static str),
    /// Values come in gzip's form, or what says so.
    Encoded,
    /// Values come empty.
    Empty,
}

#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) requests: BTreeMap<String, u64>,
    /// Operations in the order of their coming, as method and key.
    pub(crate) sequence: Vec<(String, String)>,
    pub(crate) authorization: BTreeSet<String>,
    rows: BTreeMap<String, Bytes>,
    cached: BTreeSet<String>,
}

pub(crate) struct Service {
    pub(crate) url: String,
    pub(crate) seen: Arc<Mutex<Seen>>,
    _runtime: tokio::runtime::Runtime,
}

impl Service {
    pub(crate) fn start(manner: Manner) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/items/{key}", any(ours))
            .route("/v1/objects", any(foreign_write))
            .route("/v1/objects/{key}", any(foreign))
            .with_state((manner, Arc::clone(&seen)));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { url: format!("http://{address}"), seen, _runtime: runtime }
    }

    pub(crate) fn requests(&self) -> BTreeMap<String, u64> {
        self.seen.lock().unwrap().requests.clone()
    }
}

type Shared = State<(Manner, Arc<Mutex<Seen>>)>;

fn note(seen: &mut Seen, method: &Method, key: &str, headers: &HeaderMap) {
    *seen.requests.entry(method.to_string()).or_default() += 1;
    seen.sequence.push((method.to_string(), key.to_owned()));
    if let Some(value) = headers.get("authorization") {
        seen.authorization.insert(value.to_str().unwrap().to_owned());
    }
}

async fn ours(
    State((manner, seen)): Shared,
    Path(key): Path<String>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    note(&mut seen.lock().unwrap(), &method, &key, &headers);
    match manner {
        Manner::Always(status) => return StatusCode::from_u16(status).unwrap().into_response(),
        Manner::Slow(millis) => tokio::time::sleep(Duration::from_millis(millis)).await,
        Manner::Redirecting => return (StatusCode::FOUND, [("location", "/items/k0")]).into_response(),
        _ => {}
    }
    let mut seen = seen.lock().unwrap();
    if method != Method::GET {
        seen.cached.remove(&key);
        let before = seen.rows.remove(&key);
        if method == Method::PUT {
            seen.rows.insert(key, body);
            return StatusCode::NO_CONTENT.into_response();
        }
        return if before.is_some() { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }.into_response();
    }
    let status = match manner {
        Manner::Bypassing(status) if key.ends_with(['0', '2', '4', '6', '8']) => status,
        _ if seen.cached.insert(key.clone()) => "test; fwd=uri-miss; stored",
        _ => "test; hit",
    };
    match seen.rows.get(&key) {
        Some(value) => {
            let mut value = value.to_vec();
            if manner == Manner::Encoded {
                return ([("cache-status", status), ("content-encoding", "gzip")], "\x1f").into_response();
            }
            if manner == Manner::Empty {
                value.clear();
            }
            if manner == Manner::Damaged {
                *value.last_mut().unwrap() ^= 1;
            }
            ([("cache-status", status)], value).into_response()
        }
        None => (StatusCode::NOT_FOUND, [("cache-status", status)]).into_response(),
    }
}

async fn foreign_write(State((_, seen)): Shared, method: Method, headers: HeaderMap, body: Bytes) -> Response {
    let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let text = |name: &str| json[name].as_str().unwrap().to_owned();
    let mut seen = seen.lock().unwrap();
    note(&mut seen, &method, &text("id"), &headers);
    seen.rows.insert(text("id"), text("data").into());
    StatusCode::CREATED.into_response()
}

async fn foreign(State((_, seen)): Shared, Path(key): Path<String>, method: Method, headers: HeaderMap) -> Response {
    let mut seen = seen.lock().unwrap();
    note(&mut seen, &method, &key, &headers);
    let x_cache = if seen.cached.insert(key.clone()) { "MISS" } else { "HIT from edge" };
    match seen.rows.get(&key) {
        Some(data) => {
            let body = serde_json::json!({ "object": { "data": String::from_utf8_lossy(data) } });
            ([("x-cache", x_cache)], body.to_string()).into_response()
        }
        None => (StatusCode::GONE, [("x-cache", x_cache)]).into_response(),
    }
}

pub(crate) fn plan(url: &str) -> LoadPlan {
    let mix = Mix { read_ratio: 0.7, delete_ratio: 0.3 };
    let law = KeyDistribution::Zipf { exponent: 0.99 };
    LoadPlan {
        base_url: BaseUrl::parse(url).unwrap(),
        http: HttpTemplates::default(),
        spec: WorkloadSpec::new(200, law, mix, ValueSize::Fixed { bytes: 100 }).unwrap(),
        seed: Seed::new(7),
        block: 0,
        trial: 1,
        users: 4,
        threads: 2,
        hatch: None,
        preload: false,
        warm_up: Duration::from_millis(100),
        duration: Duration::from_millis(400),
        interval: Duration::from_millis(100),
        timeout: Duration::from_secs(2),
        key_prefix: "cm:".into(),
        goose_reports: None,
    }
}

pub(crate) fn never() -> Stop {
    Arc::new(|| false)
}

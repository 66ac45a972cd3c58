//! A small service that counts what it is asked, and loads on it.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use cachemark_bench::definition::Overrides;
use cachemark_bench::{Driver, DriverThreads, Labels, Plan, Silent, StopFlag, Sweep};
use cachemark_core::{Capabilities, UnseenServers};
use cachemark_http::{BaseUrl, HttpAssembler, HttpTarget, Service, Spoken, spoken};
use cachemark_results::{Environment, Run, Tool, Trial};
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
    /// Nothing is taken or found.
    Refusing,
    /// Every key but one is forgotten.
    Forgetting,
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

pub(crate) struct TestService {
    pub(crate) url: String,
    pub(crate) seen: Arc<Mutex<Seen>>,
    _runtime: tokio::runtime::Runtime,
}

impl TestService {
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
        Manner::Refusing if method == Method::GET => return StatusCode::NOT_FOUND.into_response(),
        Manner::Refusing => return (StatusCode::BAD_REQUEST, "no such field").into_response(),
        Manner::Redirecting => return (StatusCode::FOUND, [("location", "/items/k0")]).into_response(),
        _ => {}
    }
    let mut seen = seen.lock().unwrap();
    if method != Method::GET {
        seen.cached.remove(&key);
        let before = seen.rows.remove(&key);
        if method == Method::PUT {
            if manner != Manner::Forgetting || key.ends_with('0') {
                seen.rows.insert(key, body);
            }
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

/// A definition of 200 keys, closed, with short times; what a test adds goes before what is here.
pub(crate) const SHORT: &str = "
[workload]
keys = 200
read-ratio = 0.7
delete-ratio = 0.3
value-bytes = 100
[sweep]
seed = 7
[run]
clients = 4
warm-up-ms = 100
duration-ms = 400
interval-ms = 100
operation-timeout-ms = 2000
";

/// What a test measures.
pub(crate) struct Load {
    pub(crate) definition: String,
    pub(crate) services: Vec<Service>,
    pub(crate) stop: StopFlag,
}

impl Load {
    pub(crate) fn on(url: &str) -> Self {
        Self::of(&[("ours", url)])
    }

    pub(crate) fn of(services: &[(&str, &str)]) -> Self {
        let service =
            |(name, url): &(&str, &str)| Service { name: (*name).into(), base_url: BaseUrl::parse(url).unwrap() };
        let services = services.iter().map(service).collect();
        Self { definition: SHORT.into(), services, stop: StopFlag::default() }
    }

    /// The same with a line of the definition replaced, or added where no line begins as it does.
    pub(crate) fn with(mut self, table: &str, line: &str) -> Self {
        let field = line.split('=').next().unwrap();
        let lines: Vec<&str> = self.definition.lines().filter(|known| !known.starts_with(field)).collect();
        let text = lines.join("\n");
        self.definition = match text.contains(table) {
            true => text.replacen(table, &format!("{table}\n{line}"), 1),
            false => format!("{text}\n{table}\n{line}\n"),
        };
        self
    }

    pub(crate) fn spoken(&self) -> Spoken {
        spoken("test.toml", self.definition.as_bytes(), &self.services, Overrides::default(), &["cachemark", "goose"])
            .unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    /// Runs it by `driver` and returns its record, which is gone with the folder.
    pub(crate) fn run_by(&self, driver: &impl Driver<HttpTarget>) -> (tempfile::TempDir, Run) {
        let Spoken { definition, templates } = self.spoken();
        let out = tempfile::tempdir().unwrap();
        let plan = Plan::lay_out(&definition, |_| Capabilities::NONE);
        let background = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let tool =
            Tool { version: "0.0.0".into(), revision: None, rustc: None, profile: "test".into(), executable: None };
        let environment = Environment::capture(tool, Vec::new(), "client and service on one machine".into());
        let assembler = HttpAssembler {
            services: self.services.clone(),
            templates: Arc::new(templates.with_environment().unwrap()),
            sessions: definition.driving.clients,
            timeout: definition.driving.operation_timeout,
            preload: definition.services.as_ref().unwrap().preload,
            stop: self.stop.clone(),
        };
        let sweep = Sweep {
            definition: &definition,
            plan: &plan,
            assembler: &assembler,
            driver,
            out: out.path(),
            environment: &environment,
            labels: &Labels::default(),
            key_prefix: "cm:",
            servers: &UnseenServers,
            background: background.handle(),
            stop: &self.stop,
        };
        let end = sweep.run(&mut Silent).unwrap();
        let run = Run::open(&end.folder).unwrap();
        (out, run)
    }

    /// Its one trial, driven by cachemark.
    pub(crate) fn trial(&self) -> Trial {
        let (_out, run) = self.run_by(&DriverThreads);
        let [trial] = &run.trials[..] else { panic!("{} trials", run.trials.len()) };
        trial.clone()
    }
}

pub(crate) fn warned<'a>(trial: &'a Trial, code: &str) -> Option<&'a str> {
    trial.warnings.iter().find(|warning| warning.code == code).map(|warning| warning.text.as_str())
}

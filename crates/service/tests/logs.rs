//! What is logged of a request, and what never is.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use cachemark_core::{CacheMeter, Settings, StoreError, StoreMeter, SystemClock};
use cachemark_service::{Limits, Parts, Service};
use cachemark_testkit::scripted::{Op, ScriptedCache, ScriptedStore};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tower_service::Service as _;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn service() -> (Router, Arc<ScriptedStore>) {
    let (cache, store) = (Arc::new(ScriptedCache::new()), Arc::new(ScriptedStore::new()));
    let settings = Settings::defaults(cachemark_strategy::cache_aside::DESCRIPTOR.settings);
    let clock = Arc::new(SystemClock::new());
    let strategy = cachemark_strategy::build("cache-aside", &settings, cache, Arc::clone(&store), clock).unwrap();
    let parts = Parts {
        instances: vec![Arc::new(strategy)],
        cache_meter: Arc::new(CacheMeter::default()),
        store_meter: Arc::new(StoreMeter::default()),
        readiness: Box::new(|| Box::pin(async { Ok(()) })),
    };
    (Service::new(parts, Limits::default()).router(), store)
}

async fn ask(router: &mut Router, method: &str, path: &str, body: &'static str) -> StatusCode {
    let request = Request::builder().method(method).uri(path).body(Body::from(body)).unwrap();
    router.call(request).await.unwrap().status()
}

#[tokio::test]
async fn a_request_is_logged_without_key_and_value() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(LevelFilter::DEBUG).with_ansi(false).with_writer(log.clone()).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let (mut router, store) = service();
    assert_eq!(ask(&mut router, "PUT", "/items/who-am-i", "my-secret-value").await, StatusCode::CREATED);
    assert_eq!(ask(&mut router, "GET", "/items/who-am-i", "").await, StatusCode::OK);
    store.fail_next(Op::Read, StoreError::Unavailable("connection refused".into()));
    assert_eq!(ask(&mut router, "GET", "/items/other", "").await, StatusCode::SERVICE_UNAVAILABLE);

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<_> = text.lines().filter(|line| line.contains("duration_us=")).collect();
    assert_eq!(lines.len(), 3, "{text}");
    for (line, parts) in lines.iter().zip([
        ["DEBUG", "method=PUT", "status=201", "route=\"/items/{key}\""],
        ["DEBUG", "method=GET", "status=200", "source=\"miss-led\""],
        ["WARN", "method=GET", "status=503", "route=\"/items/{key}\""],
    ]) {
        assert!(parts.iter().all(|part| line.contains(part)), "{parts:?} in {line}");
    }
    assert!(!text.contains("secret") && !text.contains("who-am-i"), "{text}");
}

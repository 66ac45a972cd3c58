//! A service over HTTP, made of a strategy, a cache and a store.

use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode};
use axum::{Router, routing::get};
use cachemark_backend::in_process::{InProcess, InProcessOptions, Policy};
use cachemark_backend::sqlite::{Sqlite, SqliteOptions};
use cachemark_core::{Key, OpContext, Settings, Strategy, SystemClock, Value, cache_status};
use cachemark_strategy::{CacheAside, Parts, cache_aside};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

type Quotes = CacheAside<InProcess, Sqlite>;

/// The service over a database in `folder`, which is made if it is not there.
///
/// ```
/// use axum::body::{Body, to_bytes};
/// use axum::http::Request;
/// use tower_service::Service;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// let mut app = cachemark_example_library::quotes::app(folder.path()).await?;
/// app.call(Request::put("/quotes/7").body(Body::from("A hit is a promise."))?).await?;
/// for expected in ["cachemark; fwd=uri-miss", "cachemark; hit"] {
///     let answer = app.call(Request::get("/quotes/7").body(Body::empty())?).await?;
///     assert_eq!(answer.headers()["cache-status"], expected);
///     assert_eq!(to_bytes(answer.into_body(), 1024).await?, "A hit is a promise.");
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If the database cannot be opened.
pub async fn app(folder: &std::path::Path) -> Result<Router, Box<dyn std::error::Error>> {
    let cache = Arc::new(InProcess::new(InProcessOptions { policy: Policy::Lru, capacity: Some(10_000) }));
    let store = Arc::new(Sqlite::open(SqliteOptions::new(folder)).await?);
    let settings = Settings::defaults(cache_aside::DESCRIPTOR.settings);
    let quotes = CacheAside::new(&settings, Parts { cache, store, clock: Arc::new(SystemClock::new()) });
    Ok(Router::new().route("/quotes/{id}", get(read).put(write)).with_state(Arc::new(quotes)))
}

async fn read(State(quotes): State<Arc<Quotes>>, Path(id): Path<String>) -> Result<Answer, StatusCode> {
    let found = quotes.read(&patience(), &key(&id)?).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let text = found.value.ok_or(StatusCode::NOT_FOUND)?.as_bytes().to_vec();
    Ok(([(HeaderName::from_static("cache-status"), cache_status::of_read(found.source))], text))
}

async fn write(State(quotes): State<Arc<Quotes>>, Path(id): Path<String>, text: String) -> Result<(), StatusCode> {
    let written = quotes.write(&patience(), &key(&id)?, Value::new(text)).await;
    written.map(drop).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
}

type Answer = ([(HeaderName, &'static str); 1], Vec<u8>);

/// Until when a request waits for cache and store.
fn patience() -> OpContext {
    OpContext::new(0).until(Instant::now() + Duration::from_secs(1))
}

fn key(id: &str) -> Result<Key, StatusCode> {
    Key::new(format!("quote.{id}")).map_err(|_| StatusCode::BAD_REQUEST)
}

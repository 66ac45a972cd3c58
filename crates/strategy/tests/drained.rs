//! Write-behind over real stores: after a mixed load and a drain the store has every row as it was acknowledged last.

use cachemark_backend::in_process::{InProcess, InProcessOptions};
use cachemark_backend::postgres::{Postgres, PostgresClient, PostgresEndpoint, PostgresOptions, Schema};
use cachemark_backend::sqlite::{Sqlite, SqliteOptions};
use cachemark_core::{Key, OpContext, Row, SettingValue, Settings, Store, Strategy, SystemClock, Value, Version};
use cachemark_stack::{Native, NativeOptions, ServerKind};
use cachemark_strategy::Parts;
use cachemark_strategy::write_behind::{BATCH, DELAY_MS, DESCRIPTOR, QUEUE_LIMIT, WriteBehind};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;

const SESSIONS: u32 = 8;
const OPERATIONS: u64 = 500;
const KEYS: u64 = 40;

type Acknowledged = Arc<Mutex<HashMap<Key, Row>>>;

fn key(number: u64) -> Key {
    Key::new(format!("cm:drained:{number}")).unwrap()
}

fn settings() -> Settings {
    let mut settings = Settings::defaults(DESCRIPTOR.settings);
    // Short enough that many flushes run among the operations, and that writers wait for places.
    for (setting, value) in [(DELAY_MS, 5), (BATCH, 9), (QUEUE_LIMIT, 25)] {
        settings.put(&setting, SettingValue::Integer(value));
    }
    settings
}

/// One client, whose operations are drawn by a multiplier that is its own.
async fn session<S: Store>(strategy: Arc<WriteBehind<InProcess, S>>, number: u32, acknowledged: Acknowledged) {
    let ctx = OpContext::new(number);
    let mut state = u64::from(number) * 2 + 1;
    for sequence in 0..OPERATIONS {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (key, what) = (key((state >> 33) % KEYS), (state >> 60) % 8);
        let known = acknowledged.lock().unwrap().get(&key).map_or(Version::NONE, |row| row.version);
        let (changed, value) = match what {
            0 => (strategy.delete(&ctx, &key).await, None),
            1..=4 => {
                let value = Value::new(format!("{number}.{sequence}").into_bytes());
                (strategy.write(&ctx, &key, value.clone()).await, Some(value))
            }
            _ => {
                let seen = strategy.read(&ctx, &key).await.unwrap().version.unwrap();
                assert!(seen >= known, "{key}: read {seen} after {known} was acknowledged");
                continue;
            }
        };
        let version = changed.unwrap().version.unwrap();
        let mut acknowledged = acknowledged.lock().unwrap();
        let row = acknowledged.entry(key).or_insert(Row::NEVER);
        if row.version < version {
            *row = Row { version, value };
        }
    }
}

async fn load_drain_and_compare<S: Store>(store: Arc<S>) {
    let cache = Arc::new(InProcess::new(InProcessOptions::from_settings(&Settings::default())));
    let parts = Parts { cache, store: Arc::clone(&store), clock: Arc::new(SystemClock::new()) };
    let strategy = Arc::new(WriteBehind::new(&settings(), parts));
    let (acknowledged, mut sessions) = (Acknowledged::default(), JoinSet::new());
    for number in 0..SESSIONS {
        sessions.spawn(session(Arc::clone(&strategy), number, Arc::clone(&acknowledged)));
    }
    sessions.join_all().await;
    assert_eq!(strategy.drain(&OpContext::new(0)).await, Ok(()));
    let acknowledged = acknowledged.lock().unwrap().clone();
    assert_eq!(acknowledged.len() as u64, KEYS);
    for (key, row) in acknowledged {
        assert_eq!(store.read(&OpContext::new(0), &key).await.unwrap(), row, "{key}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_has_everything_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Sqlite::open(SqliteOptions::new(folder.path())).await.unwrap());
    load_drain_and_compare(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs postgresql"]
async fn postgres_has_everything_that_was_acknowledged() {
    let kind = ServerKind::of("postgres").expect("a kind of server");
    let stack = Native::up(&NativeOptions::of([kind])).expect("the server comes up");
    let url = stack.addresses().of("postgres").expect("the server's address").url.clone();
    for (client, schema) in [(PostgresClient::Sqlx, "cachemark_a"), (PostgresClient::TokioPostgres, "cachemark_b")] {
        let (schema, endpoint) = (Schema::new(schema).unwrap(), PostgresEndpoint::parse(&url).unwrap());
        let options = PostgresOptions { client, schema, ..PostgresOptions::new(endpoint) };
        let store = Postgres::connect(options).await.unwrap();
        load_drain_and_compare(Arc::new(store)).await;
    }
}

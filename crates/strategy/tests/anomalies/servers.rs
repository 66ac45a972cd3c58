//! The same over real caches and stores: the gates stand before their calls, so nothing is left to luck there either.

use crate::arms::{Arm, arms};
use crate::held::{differences, suite};
use cachemark_backend::Timeouts;
use cachemark_backend::in_process::{InProcess, InProcessOptions};
use cachemark_backend::memcached::{Memcached, MemcachedEndpoint, MemcachedOptions};
use cachemark_backend::postgres::{Postgres, PostgresClient, PostgresEndpoint, PostgresOptions};
use cachemark_backend::redis::{Redis, RedisEndpoint, RedisOptions};
use cachemark_backend::sqlite::{Sqlite, SqliteOptions};
use cachemark_core::{Cache, Deployment, SettingValue, Store, anomaly};
use cachemark_stack::{Native, NativeOptions, ServerKind};
use cachemark_strategy::cache_aside::FILL_GUARD;
use cachemark_strategy::lease::LONGEST_WAIT_MS;
use cachemark_strategy::settings::{NEGATIVE_TTL_MS, ON_WRITE, PLACEMENT};
use cachemark_strategy::versioned::TOMBSTONE_TTL_MS;
use cachemark_strategy::write_through::LOCK;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// The settings that decide what is asked of cache and store in which order. What the others do is the same over any
/// of them.
fn telling_arms() -> Vec<Arm> {
    let telling = [ON_WRITE, NEGATIVE_TTL_MS, PLACEMENT, FILL_GUARD, LOCK, LONGEST_WAIT_MS, TOMBSTONE_TTL_MS];
    let telling = telling.map(|setting| setting.name);
    arms(|setting| telling.contains(&setting.name))
}

/// Holds every arm at once: each has keys of its own.
async fn hold<C: Cache, S: Store>(
    deployments: &[Deployment],
    cache: impl Fn(Deployment) -> Arc<C> + Clone + Send + Sync + 'static,
    store: Arc<S>,
) {
    let mut running = JoinSet::new();
    for arm in telling_arms() {
        for &deployment in deployments {
            let (arm, cache, store) = (arm.clone(), cache.clone(), Arc::clone(&store));
            running.spawn(async move { differences(&arm, deployment, move || cache(deployment), store).await });
        }
    }
    let found = running.join_all().await.concat();
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

fn up(names: &[&str]) -> Native {
    let kinds = names.iter().map(|name| ServerKind::of(name).expect("a kind of server"));
    Native::up(&NativeOptions::of(kinds)).expect("the servers come up")
}

fn url(stack: &Native, name: &str) -> String {
    stack.addresses().of(name).expect("the server's address").url.clone()
}

/// Every arm is held at once, and a connection is made when it is first wanted: on a busy machine that takes a while.
fn timeouts() -> Timeouts {
    Timeouts { connect: Duration::from_secs(30), operation: Duration::from_secs(30) }
}

async fn redis(stack: &Native) -> Arc<Redis> {
    let endpoint = RedisEndpoint::parse(&url(stack, "redis")).unwrap();
    Arc::new(
        Redis::connect(RedisOptions { lanes: 16, timeouts: timeouts(), ..RedisOptions::new(endpoint) }).await.unwrap(),
    )
}

async fn postgres(stack: &Native) -> Arc<Postgres> {
    postgres_over(PostgresClient::Sqlx, stack).await
}

async fn postgres_over(client: PostgresClient, stack: &Native) -> Arc<Postgres> {
    let endpoint = PostgresEndpoint::parse(&url(stack, "postgres")).unwrap();
    let options = PostgresOptions { client, lanes: 16, timeouts: timeouts(), ..PostgresOptions::new(endpoint) };
    Arc::new(Postgres::connect(options).await.unwrap())
}

const ONE_CACHE: [Deployment; 2] = [Deployment::OneProcess, Deployment::SharedCache];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs redis-server and postgresql"]
async fn over_redis_and_postgres_strategies_have_the_anomalies_that_they_declare() {
    let stack = up(&["redis", "postgres"]);
    let cache = redis(&stack).await;
    hold(&ONE_CACHE, move |_| Arc::clone(&cache), postgres(&stack).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs memcached and postgresql"]
async fn over_memcached_and_postgres_strategies_have_the_anomalies_that_they_declare() {
    let stack = up(&["memcached", "postgres"]);
    let endpoint = MemcachedEndpoint::parse(&url(&stack, "memcached")).unwrap();
    let options = MemcachedOptions { lanes: 16, timeouts: timeouts(), ..MemcachedOptions::new(endpoint) };
    let cache = Arc::new(Memcached::connect(options).await.unwrap());
    hold(&ONE_CACHE, move |_| Arc::clone(&cache), postgres(&stack).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs postgresql"]
async fn with_caches_of_their_own_and_postgres_strategies_have_the_anomalies_that_they_declare() {
    let stack = up(&["postgres"]);
    hold(&[Deployment::OwnCaches], |_| in_process(), postgres(&stack).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs postgresql"]
async fn over_the_other_client_of_postgres_strategies_have_the_anomalies_that_they_declare() {
    let stack = up(&["postgres"]);
    let (shared, store) = (in_process(), postgres_over(PostgresClient::TokioPostgres, &stack).await);
    hold(&[Deployment::OneProcess], move |_| Arc::clone(&shared), store).await;
}

fn in_process() -> Arc<InProcess> {
    Arc::new(InProcess::new(InProcessOptions::from_settings(&cachemark_core::Settings::default())))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_sqlite_strategies_have_the_anomalies_that_they_declare() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Sqlite::open(SqliteOptions::new(folder.path())).await.unwrap());
    let shared = in_process();
    let cache = move |deployment| match deployment {
        Deployment::OwnCaches => in_process(),
        _ => Arc::clone(&shared),
    };
    hold(&[Deployment::OneProcess, Deployment::OwnCaches], cache, store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs redis-server and postgresql"]
async fn two_processes_over_one_redis_have_what_one_has_not() {
    let stack = up(&["redis", "postgres"]);
    let (cache, store) = (redis(&stack).await, postgres(&stack).await);
    let both = [anomaly::CRASH_AFTER_COMMIT, anomaly::STAMPEDE, anomaly::RESURRECTED_DELETE];
    let invalidating = [anomaly::STALE_SET, anomaly::STALE_JOIN];
    let updating = [anomaly::REFILL_OVER_UPDATE, anomaly::FORGOTTEN_VERSION];
    for (strategy, on_write, more) in
        [("read-through", "invalidate", invalidating), ("write-through", "update", updating)]
    {
        let arms = arms(|setting| setting.name == ON_WRITE.name);
        let wanted = SettingValue::Text(on_write.to_owned());
        let is_wanted =
            |arm: &&Arm| arm.strategy.name == strategy && arm.settings.iter().any(|(_, value)| *value == wanted);
        let arm = arms.iter().find(is_wanted).expect("an arm that is listed");
        let cache = Arc::clone(&cache);
        let suite = suite(arm, move || Arc::clone(&cache), Arc::clone(&store));
        for anomaly in both.iter().chain(&more) {
            let (one, two) = (suite.provoke(anomaly, 1).await, suite.provoke(anomaly, 2).await);
            assert!(!one.is_seen() && two.is_seen(), "{strategy}, {}: {one}; {two}", anomaly.name);
        }
    }
}

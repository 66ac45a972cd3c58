//! PostgreSQL keeps the contract of a store.

use crate::support::PostgresServer;
use cachemark_backend::postgres::PostgresClient::{Direct, TokioPostgres};
use cachemark_backend::postgres::{Postgres, PostgresClient, PostgresEndpoint, PostgresOptions, Schema};
use cachemark_core::{ErrorKind, Key, OpContext, PreloadRows, Probe, Row, Store, StoreProbe, Value, Version};
use cachemark_testkit::conformance::SampleRows;
use cachemark_testkit::{store_conformance, store_probe_conformance};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Executor};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn options(server: &PostgresServer) -> PostgresOptions {
    let endpoint = PostgresEndpoint::parse(&server.url()).unwrap();
    let schema = Schema::new(&PostgresServer::schema()).unwrap();
    PostgresOptions { schema, drivers: 2, lanes: 4, ..PostgresOptions::new(endpoint) }
}

fn over(client: PostgresClient, server: &PostgresServer) -> PostgresOptions {
    PostgresOptions { client, ..options(server) }
}

async fn postgres() -> (Postgres, Arc<PostgresServer>) {
    let server = PostgresServer::shared();
    (Postgres::connect(options(&server)).await.unwrap(), server)
}

async fn with_read_cost() -> (Postgres, Arc<PostgresServer>) {
    let server = PostgresServer::shared();
    let options = PostgresOptions { read_cost: Some(Duration::from_millis(2)), owned: true, ..options(&server) };
    (Postgres::connect(options).await.unwrap(), server)
}

async fn over_tokio() -> (Postgres, Arc<PostgresServer>) {
    let server = PostgresServer::shared();
    (Postgres::connect(over(TokioPostgres, &server)).await.unwrap(), server)
}

async fn direct() -> (Postgres, Arc<PostgresServer>) {
    let server = PostgresServer::shared();
    (Postgres::connect(over(Direct, &server)).await.unwrap(), server)
}

async fn direct_with_read_cost() -> (Postgres, Arc<PostgresServer>) {
    let server = PostgresServer::shared();
    let read_cost = Some(Duration::from_millis(2));
    let options = PostgresOptions { read_cost, owned: true, ..over(Direct, &server) };
    (Postgres::connect(options).await.unwrap(), server)
}

async fn over_tokio_with_read_cost() -> (Postgres, Arc<PostgresServer>) {
    let server = PostgresServer::shared();
    let read_cost = Some(Duration::from_millis(2));
    let options = PostgresOptions { read_cost, owned: true, ..over(TokioPostgres, &server) };
    (Postgres::connect(options).await.unwrap(), server)
}

store_conformance!(
    #[ignore = "needs postgresql"]
    store,
    postgres
);
store_conformance!(
    #[ignore = "needs postgresql"]
    store_over_tokio,
    over_tokio
);
store_conformance!(
    #[ignore = "needs postgresql"]
    store_over_tokio_with_read_cost,
    over_tokio_with_read_cost
);
store_probe_conformance!(
    #[ignore = "needs postgresql"]
    probe_over_tokio,
    over_tokio
);
store_probe_conformance!(
    #[ignore = "needs postgresql"]
    probe_over_tokio_with_read_cost,
    over_tokio_with_read_cost
);
store_conformance!(
    #[ignore = "needs postgresql"]
    store_direct,
    direct
);
store_conformance!(
    #[ignore = "needs postgresql"]
    store_direct_with_read_cost,
    direct_with_read_cost
);
store_probe_conformance!(
    #[ignore = "needs postgresql"]
    probe_direct,
    direct
);
store_probe_conformance!(
    #[ignore = "needs postgresql"]
    probe_direct_with_read_cost,
    direct_with_read_cost
);
store_conformance!(
    #[ignore = "needs postgresql"]
    store_with_read_cost,
    with_read_cost
);
store_probe_conformance!(
    #[ignore = "needs postgresql"]
    probe,
    postgres
);
store_probe_conformance!(
    #[ignore = "needs postgresql"]
    probe_with_read_cost,
    with_read_cost
);

fn key(name: &str) -> Key {
    Key::new(name).unwrap()
}

async fn the_read_cost_is_paid_in_the_server_also_for_absent_rows(client: PostgresClient) {
    let server = PostgresServer::shared();
    let cost = Duration::from_millis(30);
    let options = PostgresOptions { read_cost: Some(cost), lanes: 1, ..over(client, &server) };
    let store = Postgres::connect(options).await.unwrap();
    let (ctx, key) = (OpContext::new(0), key("a"));
    store.read(&ctx, &key).await.unwrap();
    let began = Instant::now();
    let (first, second) = tokio::join!(store.read(&ctx, &key), store.read(&ctx, &key));
    assert_eq!((first, second), (Ok(Row::NEVER), Ok(Row::NEVER)));
    assert!(began.elapsed() >= 2 * cost, "two reads over one lane take their costs one after the other");
    assert_eq!(store.lanes().waits, 1);
    let counters = store.counters().await.unwrap().0;
    assert_eq!((counters["lane-waits"], counters["lanes-connected"], counters["lanes-discarded"]), (1, 1, 0));
    assert!(counters["lane-wait-ns"] > 0, "{counters:?}");
}

async fn the_servers_count_is_exact_once_the_lanes_are_free(client: PostgresClient) {
    let server = PostgresServer::shared();
    let store = Postgres::connect(over(client, &server)).await.unwrap();
    let rows = SampleRows::new("cm:", 50, 20, 1);
    store.reset(&rows).await.unwrap();
    let before = store.counters().await.unwrap();
    for index in 0..40 {
        let ctx = OpContext::new(0).on_driver(index as u16);
        store.read(&ctx, &rows.row(index).0).await.unwrap();
        store.read(&ctx, &key("absent")).await.unwrap();
    }
    let counted = store.counters().await.unwrap().since(&before).0;
    assert_eq!((counted["rows-read"], counted["rows-written"]), (40, 0));
}

async fn what_is_yet_to_be_handed_in_is_not_counted(client: PostgresClient) {
    let server = PostgresServer::shared();
    let options = PostgresOptions { read_cost: Some(Duration::from_secs(4)), lanes: 1, ..over(client, &server) };
    let store = Postgres::connect(options).await.unwrap();
    let (ctx, key) = (OpContext::new(0).detached(Duration::from_secs(60)), key("a"));
    store.write(&ctx, &key, Value::new(vec![1])).await.unwrap();
    let before = store.counters().await.unwrap();
    assert!(before.0.contains_key("rows-written"));
    // The one lane is in use for longer than it is waited for.
    let (read, meanwhile) = tokio::join!(store.read(&ctx, &key), store.counters());
    assert_eq!(read.unwrap().version, Version(1));
    let meanwhile = meanwhile.unwrap();
    assert!(!meanwhile.0.contains_key("rows-written") && meanwhile.0.contains_key("entries"), "{meanwhile:?}");
    let after = store.counters().await.unwrap();
    assert_eq!(after.since(&before).0["rows-written"], 0);
    assert!(!after.since(&meanwhile).0.contains_key("rows-written"), "nothing is known of what was added");
}

async fn what_its_caller_gave_up_is_unfinished_until_the_server_is_through_with_it(client: PostgresClient) {
    let server = PostgresServer::shared();
    let options = PostgresOptions { read_cost: Some(Duration::from_secs(2)), lanes: 1, ..over(client, &server) };
    let store = Postgres::connect(options).await.unwrap();
    assert_eq!(store.unfinished().await, Ok(0));
    let hasty = OpContext::new(0).detached(Duration::from_millis(200));
    store.read(&hasty, &key("a")).await.unwrap_err();
    assert_eq!(store.unfinished().await, Ok(1));
    while store.unfinished().await.unwrap() > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn schemas_are_apart_and_can_be_dropped() {
    let server = PostgresServer::shared();
    let (one, other) = (options(&server), options(&server));
    let ctx = OpContext::new(0);
    let (first, second) = (Postgres::connect(one.clone()).await.unwrap(), Postgres::connect(other).await.unwrap());
    first.write(&ctx, &key("a"), Value::new(vec![1])).await.unwrap();
    assert_eq!(second.read(&ctx, &key("a")).await.unwrap(), Row::NEVER);
    let again = Postgres::connect(one.clone()).await.unwrap();
    assert_eq!(again.read(&ctx, &key("a")).await.unwrap().version, Version(1));
    first.drop_schema().await.unwrap();
    let made_anew = Postgres::connect(one).await.unwrap();
    assert_eq!(made_anew.read(&ctx, &key("a")).await.unwrap(), Row::NEVER);
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn settings_and_version_are_the_servers() {
    let (store, _server) = postgres().await;
    let settings = store.settings().await.unwrap();
    let found = ["fsync", "synchronous_commit", "shared_buffers", "max_connections", "lanes"];
    assert_eq!(found.map(|name| &*settings[name]), ["off", "on", "32MB", "200", "4"]);
    assert!(store.version().await.unwrap().starts_with("PostgreSQL 1"));
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn a_wrong_password_is_refused_and_not_repeated() {
    let server = PostgresServer::shared();
    let wrong = server.url().replace("s3cret", "wrong-s3cret");
    let options = PostgresOptions::new(PostgresEndpoint::parse(&wrong).unwrap());
    assert!(!format!("{options:?}").contains("s3cret"));
    let error = Postgres::connect(options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    let text = error.to_string();
    assert!(!format!("{text} {error:?}").contains("s3cret"), "{text}");
    assert!(text.contains(&format!("127.0.0.1:{}", server.port())) && text.contains("user ***"), "{text}");
    assert!(text.contains("percent-encoded") && !text.contains("at line"), "{text}");
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn what_is_refused_is_said_without_the_servers_line_numbers() {
    let server = PostgresServer::shared();
    let mut admin = PgConnection::connect(&server.url()).await.unwrap();
    let make = "DROP ROLE IF EXISTS plain_ann; CREATE ROLE plain_ann LOGIN PASSWORD 's3cret'";
    admin.execute(make).await.unwrap();
    let refusal = |url: String| async move {
        let endpoint = PostgresEndpoint::parse(&url).unwrap();
        let schema = Schema::new("cachemark_of_nobody").unwrap();
        let error = Postgres::connect(PostgresOptions { schema, ..PostgresOptions::new(endpoint) }).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
        error.to_string()
    };
    let elsewhere = refusal(server.url().replace("/postgres", "/nowhere").replace("//nowhere", "//postgres")).await;
    assert!(elsewhere.contains("database \"nowhere\" does not exist"), "{elsewhere}");
    let without_right = refusal(server.url().replace("//postgres:", "//plain_ann:")).await;
    assert!(without_right.contains("permission denied") && without_right.contains("CREATE"), "{without_right}");
    for text in [elsewhere, without_right] {
        assert!(!text.contains("at line") && text.contains(&server.port().to_string()), "{text}");
    }
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn ten_thousand_rows_are_reset_in_a_moment() {
    let (store, _server) = postgres().await;
    let rows = SampleRows::new("cm:", 10_000, 256, 1);
    store.reset(&rows).await.unwrap();
    let began = Instant::now();
    store.reset(&rows).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(store.counters().await.unwrap().0["entries"], 10_000);
}

/// Makes a test of every check for each client.
macro_rules! over_each_client {
    ($($check:ident)*) => {
        $(
            mod $check {
                use cachemark_backend::postgres::PostgresClient::{Direct, Sqlx, TokioPostgres};

                #[tokio::test]
                #[ignore = "needs postgresql"]
                async fn sqlx() {
                    super::$check(Sqlx).await;
                }

                #[tokio::test]
                #[ignore = "needs postgresql"]
                async fn tokio_postgres() {
                    super::$check(TokioPostgres).await;
                }

                #[tokio::test]
                #[ignore = "needs postgresql"]
                async fn direct() {
                    super::$check(Direct).await;
                }
            }
        )*
    };
}

over_each_client! {
    the_read_cost_is_paid_in_the_server_also_for_absent_rows
    the_servers_count_is_exact_once_the_lanes_are_free
    what_is_yet_to_be_handed_in_is_not_counted
    what_its_caller_gave_up_is_unfinished_until_the_server_is_through_with_it
}

//! PostgreSQL behind PgBouncer, which drops what a session is started with.

use crate::support::{PgBouncer, PostgresServer};
use cachemark_backend::postgres::{Postgres, PostgresClient, PostgresEndpoint, PostgresOptions, Schema};
use cachemark_core::{ErrorKind, Key, OpContext, Store, StoreProbe, Value, Version};
use cachemark_testkit::conformance::SampleRows;
use cachemark_testkit::{store_conformance, store_probe_conformance};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Row};
use std::sync::Arc;

type Servers = (PgBouncer, Arc<PostgresServer>);

fn options(url: &str) -> PostgresOptions {
    let schema = Schema::new(&PostgresServer::schema()).unwrap();
    PostgresOptions { schema, drivers: 2, lanes: 4, ..PostgresOptions::new(PostgresEndpoint::parse(url).unwrap()) }
}

async fn pooled_over(client: PostgresClient) -> (Postgres, Servers) {
    let server = PostgresServer::shared();
    let pooler = PgBouncer::before(&server, "session");
    let options = PostgresOptions { client, ..options(&server.url_at(pooler.port())) };
    (Postgres::connect(options).await.unwrap(), (pooler, server))
}

async fn pooled() -> (Postgres, Servers) {
    pooled_over(PostgresClient::Sqlx).await
}

async fn pooled_over_tokio() -> (Postgres, Servers) {
    pooled_over(PostgresClient::TokioPostgres).await
}

async fn pooled_direct() -> (Postgres, Servers) {
    pooled_over(PostgresClient::Direct).await
}

store_conformance!(
    #[ignore = "needs postgresql and pgbouncer"]
    store_direct,
    pooled_direct
);
store_probe_conformance!(
    #[ignore = "needs postgresql and pgbouncer"]
    probe_direct,
    pooled_direct
);
store_conformance!(
    #[ignore = "needs postgresql and pgbouncer"]
    store,
    pooled
);
store_probe_conformance!(
    #[ignore = "needs postgresql and pgbouncer"]
    probe,
    pooled
);
store_conformance!(
    #[ignore = "needs postgresql and pgbouncer"]
    store_over_tokio,
    pooled_over_tokio
);
store_probe_conformance!(
    #[ignore = "needs postgresql and pgbouncer"]
    probe_over_tokio,
    pooled_over_tokio
);

#[tokio::test]
#[ignore = "needs postgresql and pgbouncer"]
async fn rows_are_in_our_schema_and_nowhere_else() {
    let server = PostgresServer::shared();
    let pooler = PgBouncer::before(&server, "session");
    let options = options(&server.url_at(pooler.port()));
    let store = Postgres::connect(options.clone()).await.unwrap();
    store.reset(&SampleRows::new("cm:", 5, 20, 1)).await.unwrap();
    let key = Key::new(&b"cm:written"[..]).unwrap();
    assert_eq!(store.write(&OpContext::new(0), &key, Value::new(vec![1])).await, Ok(Version(1)));
    let mut direct = PgConnection::connect(&server.url()).await.unwrap();
    let tables = "SELECT count(*) FILTER (WHERE schemaname = $1), count(*) FILTER (WHERE schemaname = 'public') \
        FROM pg_tables WHERE tablename = 'cachemark_rows'";
    let tables = sqlx::query(tables).bind(options.schema.to_string()).fetch_one(&mut direct).await.unwrap();
    assert_eq!((tables.get::<i64, _>(0), tables.get::<i64, _>(1)), (1, 0));
    let rows = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {}.cachemark_rows", options.schema));
    assert_eq!(sqlx::query(rows).fetch_one(&mut direct).await.unwrap().get::<i64, _>(0), 6);
}

#[tokio::test]
#[ignore = "needs postgresql and pgbouncer"]
async fn a_pooler_that_shares_sessions_is_refused_by_name() {
    let server = PostgresServer::shared();
    let pooler = PgBouncer::before(&server, "transaction");
    for client in [PostgresClient::Sqlx, PostgresClient::TokioPostgres, PostgresClient::Direct] {
        let options = PostgresOptions { client, ..options(&server.url_at(pooler.port())) };
        let error = Postgres::connect(options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected);
        let text = error.to_string();
        assert!(text.contains("pool_mode = transaction") && text.contains(&pooler.port().to_string()), "{text}");
    }
}

//! Every client of PostgreSQL says the same of what goes wrong, and reaches what the others reach.

use crate::support::PostgresServer;
use cachemark_backend::postgres::PostgresClient::{Direct, Sqlx, TokioPostgres};
use cachemark_backend::postgres::{Postgres, PostgresClient, PostgresEndpoint, PostgresOptions, Schema};
use cachemark_core::{ErrorKind, Key, OpContext, Store, StoreError, Value, Version};
use sqlx::{Connection, Executor, PgConnection};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

const CLIENTS: [PostgresClient; 3] = [Sqlx, TokioPostgres, Direct];

fn options(client: PostgresClient, url: &str) -> PostgresOptions {
    let schema = Schema::new(&PostgresServer::schema()).unwrap();
    PostgresOptions { client, schema, lanes: 1, ..PostgresOptions::new(PostgresEndpoint::parse(url).unwrap()) }
}

fn key() -> Key {
    Key::new(&b"a"[..]).unwrap()
}

/// What a read over `client` says of a server that lets no session in: the table is not looked for, so the read is the first to ask.
async fn refusal(client: PostgresClient, url: &str) -> StoreError {
    let options = PostgresOptions { make_table: false, ..options(client, url) };
    Postgres::connect(options).await.unwrap().read(&OpContext::new(0), &key()).await.unwrap_err()
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn who_is_not_let_in_is_told_why_and_where_and_no_secret() {
    let server = PostgresServer::shared();
    for client in CLIENTS {
        let password = refusal(client, &server.url().replace("s3cret", "wrong-s3cret")).await;
        let (text, name) = (password.to_string(), client.name());
        assert_eq!(password.kind(), ErrorKind::Rejected, "{name}: {text}");
        assert!(text.contains("user ***") && text.contains("percent-encoded"), "{name}: {text}");
        let elsewhere = server.url().replace("/postgres", "/nowhere").replace("//nowhere", "//postgres");
        let database = refusal(client, &elsewhere).await.to_string();
        assert!(database.contains("database \"nowhere\" does not exist"), "{name}: {database}");
        for text in [text, database, format!("{password:?}")] {
            assert!(
                !text.contains("s3cret") && text.contains(&format!("127.0.0.1:{}", server.port())),
                "{name}: {text}"
            );
        }
    }
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn a_server_without_room_is_unavailable() {
    let server = PostgresServer::start_with("-c max_connections=6");
    let mut held = Vec::new();
    while let Ok(session) = PgConnection::connect(&server.url()).await {
        held.push(session);
    }
    assert_eq!(held.len(), 6);
    for client in CLIENTS {
        let error = refusal(client, &server.url()).await;
        let text = error.to_string();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{}: {text}", client.name());
        assert!(text.contains("too many clients") && text.contains(&server.port().to_string()), "{text}");
    }
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn a_write_whose_session_was_ended_is_lost_unless_it_was_seen_before_and_the_next_one_is_not() {
    let server = PostgresServer::shared();
    let mut admin = PgConnection::connect(&server.url()).await.unwrap();
    for client in CLIENTS {
        let options = options(client, &server.url());
        let ended = format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE query LIKE '%{}.cachemark_rows%' \
             AND pid <> pg_backend_pid()",
            options.schema
        );
        let store = Postgres::connect(options).await.unwrap();
        let (ctx, value) = (OpContext::new(0), Value::new(vec![1]));
        assert_eq!(store.write(&ctx, &key(), value.clone()).await, Ok(Version(1)));
        admin.execute(sqlx::AssertSqlSafe(ended)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let (written, name) = (store.write(&ctx, &key(), value.clone()).await, client.name());
        if client == Direct {
            // It has seen the end before it sent anything.
            assert_eq!(written, Ok(Version(2)), "{name}");
            assert_eq!(
                (store.lanes().connects, store.lanes().found_closed, store.lanes().discards),
                (2, 1, 0),
                "{name}"
            );
            continue;
        }
        // It was idle, and nobody but the server knows that it did not end in the middle of the write.
        let lost = written.unwrap_err();
        let text = lost.to_string();
        assert_eq!(lost.kind(), ErrorKind::ConnectionLost, "{name}: {text}");
        assert!(text.contains("terminating connection due to administrator command"), "{name}: {text}");
        assert!(text.contains(&format!("127.0.0.1:{}", server.port())), "{name}: {text}");
        assert_eq!(store.write(&ctx, &key(), value).await, Ok(Version(2)), "{name}");
        assert_eq!((store.lanes().connects, store.lanes().discards), (2, 1), "{name}");
    }
}

#[tokio::test]
#[ignore = "needs postgresql"]
async fn a_unix_socket_is_reached_by_each() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).unwrap();
    let place = folder.path().display();
    let server = PostgresServer::start_with(&format!("-c unix_socket_directories={place}"));
    let url = format!("postgres://postgres:s3cret@/postgres?host={place}&port={}", server.port());
    for client in CLIENTS {
        let store = Postgres::connect(options(client, &url)).await.unwrap();
        let ctx = OpContext::new(0);
        assert_eq!(store.write(&ctx, &key(), Value::new(vec![7])).await, Ok(Version(1)), "{}", client.name());
        assert_eq!(store.read(&ctx, &key()).await.unwrap().value, Some(Value::new(vec![7])));
    }
}

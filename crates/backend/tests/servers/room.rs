//! How many connections a server has room for, by its own word.

use crate::support::{PostgresServer, Server};
use cachemark_backend::Room;
use cachemark_backend::memcached::MemcachedEndpoint;
use cachemark_backend::postgres::PostgresEndpoint;
use cachemark_backend::redis::RedisEndpoint;
use sqlx::{Connection, Executor, PgConnection};
use std::net::TcpStream;

#[tokio::test]
#[ignore = "needs postgresql"]
async fn postgres_says_what_it_keeps_for_others_and_what_they_have() {
    let server = PostgresServer::start_with("-c max_connections=20 -c superuser_reserved_connections=4");
    let mut admin = PgConnection::connect(&server.url()).await.unwrap();
    let room = |url: String| async move { PostgresEndpoint::parse(&url).unwrap().room().await };
    assert_eq!(room(server.url()).await, Some(Room { limit: 20, taken: 1 }), "an administrator has all of it");
    admin.execute("CREATE ROLE ann LOGIN PASSWORD 's3cret'").await.unwrap();
    let anns = server.url().replace("//postgres:", "//ann:");
    let expected = Room { limit: 16, taken: 1 };
    assert_eq!(room(anns.clone()).await, Some(expected));
    assert_eq!(expected.left(), 15);
    admin.execute("ALTER ROLE ann CONNECTION LIMIT 5").await.unwrap();
    let _one = PgConnection::connect(&anns).await.unwrap();
    assert_eq!(room(anns.clone()).await, Some(Room { limit: 5, taken: 1 }), "and the user has less");
    admin.execute("ALTER DATABASE postgres CONNECTION LIMIT 4").await.unwrap();
    assert_eq!(room(anns).await, Some(Room { limit: 4, taken: 2 }), "and the database the least");
    assert_eq!(room(server.url().replace("s3cret", "wrong")).await, None);
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn redis_says_how_many_it_lets_in() {
    let server = Server::redis(&["--maxclients", "20"]);
    let endpoint = RedisEndpoint::parse(&server.redis_url()).unwrap();
    let _one = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    let room = endpoint.room().await.unwrap();
    // What the test knocked with while the server started may not have been closed yet.
    assert!(room.limit == 20 && (1..=2).contains(&room.taken), "{room:?}");
}

#[tokio::test]
#[ignore = "needs memcached"]
async fn memcached_says_how_many_it_lets_in() {
    let server = Server::memcached(&["-c", "20"]);
    let endpoint = MemcachedEndpoint::parse(&server.address()).unwrap();
    let _one = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    let room = endpoint.room().await.unwrap();
    assert!(room.limit == 20 && room.taken <= 2, "{room:?}");
}

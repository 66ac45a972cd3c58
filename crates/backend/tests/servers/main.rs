//! The backends that talk to a server, over private servers that the tests start and end themselves.

mod faults;
mod idle;
mod ipv6;
mod memcached;
mod pooler;
mod postgres;
mod postgres_clients;
mod redis;
mod room;
mod runtimes;
mod support;
mod valkey;
mod ways;

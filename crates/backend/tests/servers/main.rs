//! The backends that talk to a server, over private servers that the tests start and end themselves.

mod faults;
mod memcached;
mod postgres;
mod redis;
mod runtimes;
mod support;

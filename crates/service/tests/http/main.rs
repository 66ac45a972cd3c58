//! The service over real sockets, a scripted cache and store behind it.

mod batch;
mod counts;
mod failures;
mod items;
mod refusals;
mod shutdown;
mod slow_clients;
mod support;

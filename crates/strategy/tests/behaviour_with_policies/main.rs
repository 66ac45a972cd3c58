//! The behaviour suite once more, with policies around strategies, caches and stores: where nothing fails, and of what fails nothing that they
//! are there for, they change no call and no answer.
//!
//! Left out are the tests of failing caches and stores (`errors`, `cache_timeout`, write-behind's own): there they are to change what
//! happens, and `policies` says how.

#![expect(dead_code, reason = "what only the tests that are left out need")]

#[path = "../behaviour/cache_first.rs"]
mod cache_first;
#[path = "../behaviour/coalescing.rs"]
mod coalescing;
#[path = "../behaviour/counts.rs"]
mod counts;
#[path = "../behaviour/double_delete.rs"]
mod double_delete;
#[path = "../behaviour/expiry.rs"]
mod expiry;
#[path = "../behaviour/laws.rs"]
mod laws;
#[path = "../behaviour/lease.rs"]
mod lease;
#[path = "../behaviour/lifetimes.rs"]
mod lifetimes;
#[path = "../behaviour/loads.rs"]
mod loads;
#[path = "../behaviour/memoised.rs"]
mod memoised;
#[path = "../behaviour/poisson.rs"]
mod poisson;
#[path = "../behaviour/protocol.rs"]
mod protocol;
#[path = "../behaviour/races.rs"]
mod races;
#[path = "../behaviour/reloads.rs"]
mod reloads;
#[path = "../behaviour/rig.rs"]
mod rig;
#[path = "../behaviour/sequences.rs"]
mod sequences;
#[path = "../behaviour/single_flight.rs"]
mod single_flight;
#[path = "../behaviour/sliding_ttl.rs"]
mod sliding_ttl;
mod subject;
#[path = "../behaviour/ttl_laws.rs"]
mod ttl_laws;
#[path = "../behaviour/unordered_writers.rs"]
mod unordered_writers;
#[path = "../behaviour/versioned.rs"]
mod versioned;
#[path = "../behaviour/xfetch.rs"]
mod xfetch;

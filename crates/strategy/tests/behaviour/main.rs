//! What strategies ask of caches and stores, in which order, and what they answer: over scripted parts, in paused time.

mod cache_first;
mod cache_timeout;
mod coalescing;
mod counts;
mod double_delete;
mod errors;
mod expiry;
mod hostile;
mod laws;
mod lease;
mod lifetimes;
mod loads;
mod memoised;
mod poisson;
mod protocol;
mod races;
mod reloads;
mod rig;
mod sequences;
mod single_flight;
mod sliding_ttl;
mod ttl_laws;
mod unordered_writers;
mod versioned;
mod write_behind;
mod xfetch;

//! What strategies ask of caches and stores, in which order, and what they answer: over scripted parts, in paused time.

mod cache_timeout;
mod coalescing;
mod errors;
mod expiry;
mod laws;
mod loads;
mod protocol;
mod races;
mod rig;
mod sequences;

//! Policies around scripted caches and stores, by tokio's paused clock.

mod breakers;
mod conformance;
mod presets;
mod retries;
mod rig;

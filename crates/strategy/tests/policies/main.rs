//! Policies around scripted caches and stores, by tokio's paused clock.

mod breakers;
mod conformance;
mod joined;
mod late_delete;
mod outbox;
mod presets;
mod retries;
mod rig;
mod stale;
mod throttles;

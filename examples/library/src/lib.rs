//! cachemark as a library: [`quotes`] is an axum service whose reads and writes go through a measured strategy, [`shelf`] is a cache that
//! isn't cachemark's. `docs/library.md` shows both, and a test holds its code to this crate's.

pub mod quotes;
pub mod shelf;

//! Loads against a service of the test's own, in one binary.

mod agreement;
mod definition;
mod failures;
mod foreign;
mod preload;
mod record;
#[expect(dead_code, reason = "shared with tests that use the rest")]
#[path = "../../../bench/tests/support/schema.rs"]
mod schema;
mod support;

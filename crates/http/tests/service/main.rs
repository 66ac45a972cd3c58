//! Loads against a service of the test's own, in one binary.

mod agreement;
mod definition;
mod failures;
mod foreign;
mod preload;
mod record;
mod support;

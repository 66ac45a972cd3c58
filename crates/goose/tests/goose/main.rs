//! Goose against a service of the tests' own, in one binary.

mod agreement;
mod stdout;
#[path = "../../../http/tests/service/support.rs"]
#[expect(dead_code, reason = "it is the support of another crate's tests")]
mod support;

//! The binary `cachemark`.
fn main() {}

//! Suites that hold every cache and every store to the contracts of the core traits.

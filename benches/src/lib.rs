//! Criterion benches of cachemark's own parts.

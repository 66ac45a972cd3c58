//! The operations.

/// What a strategy is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Read,
    Write,
    Delete,
}

impl Operation {
    pub(crate) const NAMES: [&'static str; 3] = ["read", "write", "delete"];
}

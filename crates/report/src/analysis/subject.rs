//! What a record compares.

use cachemark_results::Manifest;

/// What stands in a row: what the others are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A sweep's: cachemark runs it, over a cache and a store that it knows and resets.
    Strategy,
    /// A sweep's where a strategy takes part in several ways, or under another name: its arms.
    Arm,
    /// A load's: something that answers over HTTP, whatever stands behind it.
    Service,
}

impl Subject {
    pub(crate) fn of(manifest: &Manifest) -> Self {
        let renamed = manifest.cells.iter().any(|cell| cell.arm != cell.strategy);
        match renamed {
            _ if manifest.is_of_services() => Self::Service,
            true => Self::Arm,
            false => Self::Strategy,
        }
    }

    /// The word for it, in the singular.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Strategy => "strategy",
            Self::Arm => "arm",
            Self::Service => "service",
        }
    }
}

//! The first of each finding, with its key.

use cachemark_results::{AuditExample, AuditFinding};
use std::collections::BTreeMap;

/// So many of each are kept.
const KEPT: usize = 3;

/// What is kept, the worst first.
#[derive(Debug, Default)]
pub(super) struct Examples(BTreeMap<AuditFinding, Vec<AuditExample>>);

impl Examples {
    /// Keeps what `example` makes, unless there are enough of its kind.
    pub(super) fn keep(&mut self, finding: AuditFinding, example: impl FnOnce() -> AuditExample) {
        let of_kind = self.0.entry(finding).or_default();
        if of_kind.len() < KEPT {
            of_kind.push(example());
        }
    }

    /// Those that are kept.
    pub(super) fn first(&self) -> Vec<AuditExample> {
        self.0.values().flatten().cloned().collect()
    }
}

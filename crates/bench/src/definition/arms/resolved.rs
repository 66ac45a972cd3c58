//! An arm, and where it was written.

use super::assigned::Assignments;
use crate::definition::arm::{Arm, Scope};
use crate::definition::mistake::Origin;

/// An arm, and where its settings were written.
pub(in crate::definition) struct Resolved {
    pub(in crate::definition) arm: Arm,
    assigned: Assignments,
    /// Where its strategy was named.
    written: Origin,
}

impl Resolved {
    pub(super) fn new(arm: Arm, assigned: Assignments, written: Origin) -> Self {
        Self { arm, assigned, written }
    }

    pub(in crate::definition) fn into_arm(self) -> Arm {
        self.arm
    }

    /// Where the setting of its strategy was given, if it was.
    pub(in crate::definition) fn place_of(&self, setting: &str) -> Option<&Origin> {
        self.assigned.of(Scope::Strategy, setting).map(|assigned| &assigned.origin)
    }

    /// Where something was given that tells it from the others, or else where it was named.
    pub(super) fn place(&self) -> Origin {
        let mut assigned = self.assigned.0.iter();
        let own = assigned.find(|assigned| !assigned.of_all || assigned.values.len() > 1);
        own.map_or_else(|| self.written.clone(), |assigned| assigned.origin.clone())
    }
}

//! An arm, and where it was written.

use super::assigned::Assignments;
use crate::definition::arm::{Arm, Scope};
use crate::definition::mistake::Origin;

/// An arm, and where its settings were written.
pub(in crate::definition) struct Resolved {
    pub(in crate::definition) arm: Arm,
    assigned: Assignments,
}

impl Resolved {
    pub(super) fn new(arm: Arm, assigned: Assignments) -> Self {
        Self { arm, assigned }
    }

    pub(in crate::definition) fn into_arm(self) -> Arm {
        self.arm
    }

    /// Where the setting of its strategy was given, if it was.
    pub(in crate::definition) fn place_of(&self, setting: &str) -> Option<&Origin> {
        self.assigned.of(Scope::Strategy, setting).map(|assigned| &assigned.origin)
    }

    /// Where something was given that tells it from the others.
    pub(super) fn place(&self) -> Origin {
        let mut assigned = self.assigned.0.iter();
        let own = assigned.find(|assigned| !assigned.of_all || assigned.values.len() > 1);
        own.map_or(Origin::Default, |assigned| assigned.origin.clone())
    }
}

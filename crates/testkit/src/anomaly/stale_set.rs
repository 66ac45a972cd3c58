//! A reader sets the old row after a writer's invalidation.

use super::Absence;
use super::late_refill::late_refill;
use super::provocation::Provocation;
use super::scene::{Found, NEW, OLD, Scene};
use cachemark_core::anomaly::STALE_SET;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(STALE_SET, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    let refilled = late_refill(scene, Some(OLD), Some(NEW)).await?;
    // Seen from outside, a write that removes the entry makes the next read load; one that updates it does not.
    if !scene.is_provoked() && refilled.wrong.is_none() && !refilled.loaded {
        return Err(Absence::NotReached("a write removes no entry"));
    }
    Ok(refilled.wrong)
}

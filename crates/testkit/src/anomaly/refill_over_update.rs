//! A reader sets the old row over the value that a writer has put into the cache.

use super::Absence;
use super::late_refill::late_refill;
use super::provocation::Provocation;
use super::scene::{Found, NEW, OLD, Scene};
use cachemark_core::anomaly::REFILL_OVER_UPDATE;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(REFILL_OVER_UPDATE, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    let refilled = late_refill(scene, Some(OLD), Some(NEW)).await?;
    if !scene.is_provoked() && refilled.wrong.is_none() && refilled.loaded {
        return Err(Absence::NotReached("a write puts nothing into the cache"));
    }
    Ok(refilled.wrong)
}

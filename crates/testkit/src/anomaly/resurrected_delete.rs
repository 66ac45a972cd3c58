//! A reader sets a row that has been deleted since it was read.

use super::late_refill::late_refill;
use super::provocation::Provocation;
use super::scene::{Found, OLD, Scene};
use cachemark_core::anomaly::RESURRECTED_DELETE;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(RESURRECTED_DELETE, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    Ok(late_refill(scene, Some(OLD), None).await?.wrong)
}

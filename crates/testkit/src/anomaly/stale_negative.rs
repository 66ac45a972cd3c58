//! A negative entry stands for a row that has been inserted since, with a race or without.

use super::late_refill::late_refill;
use super::provocation::Provocation;
use super::scene::{Found, NEW, Scene};
use cachemark_core::anomaly::STALE_NEGATIVE;

pub(super) const PROVOCATION: Provocation = Provocation::plain(STALE_NEGATIVE, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    Ok(late_refill(scene, None, Some(NEW)).await?.wrong)
}

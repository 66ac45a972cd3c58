//! Two writers change the cache in the wrong order, and the cache has forgotten the newer version in between.

use super::provocation::Provocation;
use super::scene::{Found, Scene};
use super::write_inversion::inverted;
use cachemark_core::anomaly::FORGOTTEN_VERSION;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(FORGOTTEN_VERSION, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    inverted(scene, true).await
}

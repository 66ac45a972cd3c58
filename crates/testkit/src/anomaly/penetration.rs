//! Every read of an absent key goes to the store.

use super::Evidence;
use super::provocation::Provocation;
use super::scene::Place::There;
use super::scene::{Found, OLD, Scene};
use cachemark_core::anomaly::PENETRATION;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(PENETRATION, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    // The plain run reads a key that has a row: where that is read twice as well, nothing is cached at all.
    if !scene.is_provoked() {
        scene.row(OLD).await?;
    }
    for _ in 0..2 {
        scene.answer(There).await?;
    }
    let loads = scene.loads();
    Ok((loads > 1).then_some(Evidence::Loads { reads: 2, loads }))
}

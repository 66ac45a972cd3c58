//! A reader fills the cache with a deleted row, which a replica still has.

use super::provocation::Provocation;
use super::replica_lag::refill_from_a_replica;
use super::scene::{Found, Scene};
use cachemark_core::anomaly::REPLICA_RESURRECTION;

pub(super) const PROVOCATION: Provocation =
    Provocation::of_a_race(REPLICA_RESURRECTION, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    refill_from_a_replica(scene, None).await
}

//! A reader fills the cache with the old row, which a replica still has, after a write has told the cache.

use super::Absence;
use super::provocation::Provocation;
use super::running::End;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, OLD, OTHER, Scene};
use cachemark_core::Row;
use cachemark_core::anomaly::REPLICA_LAG;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(REPLICA_LAG, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    refill_from_a_replica(scene, Some(NEW)).await
}

/// The row becomes what is `after`, and a replica does not hear of it until a reader there has read. That this answer is old is
/// the store's doing; what is wrong after the replica has caught up is the cache's.
pub(super) async fn refill_from_a_replica(scene: &mut Scene, after: Option<&'static str>) -> Found {
    let old = scene.row(OLD).await?;
    lag(scene, &old)?;
    let mut change = scene.change(Here, ME, after);
    scene.finish(&mut change).await?;
    change.acknowledged()?;
    // A row that the strategy has not handed over yet is no matter of replicas.
    scene.until_durable().await;
    let mut reader = scene.read(There, OTHER);
    scene.finish(&mut reader).await?;
    reader.end().map_err(End::of_a_read)?;
    scene.processes.iter().for_each(|process| process.replica.catch_up());
    scene.look(after).await
}

/// From now on the replica that answers reads of the store has `row`; in a plain run it has what the store has.
fn lag(scene: &Scene, row: &Row) -> Result<(), Absence> {
    if !scene.replicated {
        return Err(Absence::NotReached("the store's reads come from no replica"));
    }
    for process in scene.processes.iter().filter(|_| scene.provoked) {
        process.replica.lag(&scene.key, row.clone());
    }
    Ok(())
}

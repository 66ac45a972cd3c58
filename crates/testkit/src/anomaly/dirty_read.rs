//! The cache has a value that the store refused.

use super::Absence;
use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, OLD, Scene};
use cachemark_core::anomaly::DIRTY_READ;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(DIRTY_READ, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    scene.row(OLD).await?;
    scene.answer(There).await?;
    scene.break_store(Here);
    let mut writer = scene.change(Here, ME, Some(NEW));
    scene.finish(&mut writer).await?;
    scene.mend(Here);
    match (scene.is_provoked(), writer.acknowledged()) {
        (false, written) => {
            written?;
            scene.look(Some(NEW)).await
        }
        (true, Err(Absence::NotAcknowledged)) => scene.look(Some(OLD)).await,
        (true, Err(died)) => Err(died),
        (true, Ok(())) => Err(Absence::NotReached("a write is acknowledged without the store")),
    }
}

//! The cache does not hear of a write.

use super::Absence;
use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, OLD, Scene};
use cachemark_core::anomaly::LOST_INVALIDATION;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(LOST_INVALIDATION, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    scene.row(OLD).await?;
    scene.answer(There).await?;
    scene.break_cache(Here);
    let changes = scene.cache_changes();
    let mut writer = scene.change(Here, ME, Some(NEW));
    scene.finish(&mut writer).await?;
    let told = scene.cache_changes() > changes;
    scene.mend(Here);
    writer.acknowledged()?;
    let wrong = scene.look(Some(NEW)).await?;
    if wrong.is_none() && !told {
        return Err(Absence::NotReached("a write asks no cache of the suite's"));
    }
    Ok(wrong)
}

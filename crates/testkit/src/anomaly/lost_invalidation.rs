//! The cache does not hear of a write.

use super::Absence;
use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, NEWER, OLD, OTHER, Scene};
use crate::scripted::{Op, Part, When};
use cachemark_core::anomaly::LOST_INVALIDATION;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(LOST_INVALIDATION, |scene| Box::pin(steps(scene)));

/// So many times the suite's patience a strategy may wait before it does something on its own.
const LATER: usize = 3;

async fn steps(scene: &mut Scene) -> Found {
    let found = of_all_calls(scene).await;
    match found {
        Ok(None) | Err(Absence::NotAcknowledged) if scene.is_provoked() => {}
        found => return found,
    }
    // One that tells the cache several times is held to its last word. The same race without the fault shows whether it is that.
    for (value, breaks) in [(NEWER, false), (OLD, true)] {
        match of_the_last_call(scene, value, breaks).await {
            Ok(Some(wrong)) if breaks => return Ok(Some(wrong)),
            Ok(None) if !breaks => {}
            Err(Absence::CannotTell(why)) => return Err(Absence::CannotTell(why)),
            _ => return found,
        }
    }
    found
}

/// No call of a write comes to the cache.
async fn of_all_calls(scene: &mut Scene) -> Found {
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

/// What a write tells the cache before its commit comes there, and a reader fills the cache after it. If the cache `breaks` then, nothing
/// comes there any more.
async fn of_the_last_call(scene: &mut Scene, value: &'static str, breaks: bool) -> Found {
    let gate = scene.hold(Here, Part::Store, When::next(Op::Write));
    let mut writer = scene.change(Here, ME, Some(value));
    scene.until_held(&gate, &mut writer, "a write writes no row").await?;
    let mut reader = scene.read(There, OTHER);
    scene.let_run(&mut reader).await;
    if breaks {
        scene.break_cache(Here);
    }
    gate.release();
    let acknowledged = scene.acknowledged(writer, &gate).await;
    scene.finish(&mut reader).await?;
    for _ in 0..LATER {
        scene.let_all_run().await;
    }
    scene.mend(Here);
    acknowledged?;
    scene.look(Some(value)).await
}

//! A process dies with an acknowledged write that the store does not have yet.

use super::Absence;
use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, OLD, Scene, wrong};
use crate::scripted::{Op, Part, When};
use cachemark_core::anomaly::LOST_WRITE;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(LOST_WRITE, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    if scene.processes() < 2 {
        return Err(Absence::NotReached("no process is left after the crash"));
    }
    scene.row(OLD).await?;
    // A call that is held for good is, for everybody else, a process that died before it.
    let _held_for_good = scene.hold(Here, Part::Store, When::next(Op::Write));
    let mut writer = scene.change(Here, ME, Some(NEW));
    if !scene.is_provoked() {
        scene.finish(&mut writer).await?;
        scene.let_all_run().await;
    } else if !scene.let_run(&mut writer).await {
        return Err(Absence::NotReached("a write is not acknowledged before the store has it"));
    }
    writer.acknowledged()?;
    // What a cache has of it does not last.
    scene.evict().await?;
    Ok(wrong(&scene.answer(There).await?, Some(NEW)))
}

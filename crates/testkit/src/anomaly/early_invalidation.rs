//! A writer removes the entry before it commits, and a reader fills the cache with the old row in between.

use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, OLD, OTHER, Scene};
use crate::scripted::{Op, Part, When};
use cachemark_core::anomaly::EARLY_INVALIDATION;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(EARLY_INVALIDATION, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    scene.row(OLD).await?;
    scene.answer(There).await?;
    let gate = scene.hold(Here, Part::Store, When::next(Op::Write));
    let mut writer = scene.change(Here, ME, Some(NEW));
    scene.until_held(&gate, &mut writer, "a write writes no row").await?;
    let mut reader = scene.read(There, OTHER);
    if !scene.let_run(&mut reader).await {
        scene.ordered = true;
    }
    gate.release();
    scene.acknowledged(writer, &gate).await?;
    scene.finish(&mut reader).await?;
    scene.look(Some(NEW)).await
}

//! A write is dropped between the commit, or the queueing, and the cache.

use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, OLD, Scene};
use cachemark_core::anomaly::CANCELLED_WRITE;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(CANCELLED_WRITE, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    scene.row(OLD).await?;
    scene.answer(There).await?;
    let gate = scene.hold_decided(Here);
    let mut writer = scene.change(Here, ME, Some(NEW));
    scene.until_held(&gate, &mut writer, "a write tells nobody").await?;
    // Nothing was acknowledged. But the row is committed, or will be, and nobody is at work on the entry any more.
    writer.cancel().await;
    gate.release();
    if scene.is_provoked() {
        scene.let_all_run().await;
    }
    scene.look(Some(NEW)).await
}

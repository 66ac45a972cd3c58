//! A write is dropped between the commit and the cache.

use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, OLD, Scene};
use crate::scripted::{Op, Part, When};
use cachemark_core::anomaly::CANCELLED_WRITE;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(CANCELLED_WRITE, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    scene.row(OLD).await?;
    scene.answer(There).await?;
    let gate = scene.hold(Here, Part::Store, When::next(Op::Write).after_effect());
    let mut writer = scene.change(Here, ME, Some(NEW));
    scene.until_held(&gate, &mut writer, "a write writes no row").await?;
    // Nothing was acknowledged. But the row is committed, and nobody is at work on it any more.
    writer.cancel().await;
    gate.release();
    if scene.is_provoked() {
        scene.let_all_run().await;
    }
    scene.look(Some(NEW)).await
}

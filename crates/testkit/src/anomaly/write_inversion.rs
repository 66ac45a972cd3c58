//! Two writers commit in one order and change the cache in the other.

use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, NEWER, OLD, OTHER, Scene};
use crate::scripted::{Op, Part, When};
use cachemark_core::anomaly::WRITE_INVERSION;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(WRITE_INVERSION, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    inverted(scene, false).await
}

/// A writer there commits the new value and is held; a writer here writes a newer one; the first goes on. With `evicting`,
/// the entry is evicted before that.
pub(super) async fn inverted(scene: &mut Scene, evicting: bool) -> Found {
    scene.row(OLD).await?;
    let gate = scene.hold(There, Part::Store, When::next(Op::Write).after_effect());
    let mut first = scene.change(There, OTHER, Some(NEW));
    scene.until_held(&gate, &mut first, "a write writes no row").await?;
    let second = scene.change(Here, ME, Some(NEWER));
    scene.acknowledged(second, &gate).await?;
    if evicting {
        scene.evict().await?;
    }
    gate.release();
    scene.acknowledged(first, &gate).await?;
    scene.look(Some(NEWER)).await
}

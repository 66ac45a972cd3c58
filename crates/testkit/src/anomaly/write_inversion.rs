//! Two writers commit in one order and change the cache in the other.

use super::Absence;
use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, NEWER, OLD, OTHER, Scene};
use crate::scripted::{Gate, Op, Part, When};
use cachemark_core::anomaly::WRITE_INVERSION;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(WRITE_INVERSION, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    let after_the_commit = inverted(scene, false).await?;
    if after_the_commit.is_some() || scene.acknowledges_first() {
        return Ok(after_the_commit);
    }
    // One that tells the cache first has told it by then: the writer that is held commits last. What is cached of before is not to be
    // taken for what they put there.
    scene.evict().await?;
    let gate = scene.hold(There, Part::Store, When::next(Op::Write));
    let held_back = overtaken(scene, &gate, false).await?;
    let last = if scene.is_provoked() && !held_back { NEW } else { NEWER };
    scene.look(Some(last)).await
}

/// A writer there has decided on the new value and is held; a writer here writes a newer one; the first goes on. With `evicting`,
/// the entry is evicted before that.
pub(super) async fn inverted(scene: &mut Scene, evicting: bool) -> Found {
    scene.row(OLD).await?;
    let gate = scene.hold_decided(There);
    overtaken(scene, &gate, evicting).await?;
    scene.look(Some(NEWER)).await
}

/// The first writer is held at `gate`, and the second overtakes it. Whether the second was held back until the first had ended.
async fn overtaken(scene: &mut Scene, gate: &Gate, evicting: bool) -> Result<bool, Absence> {
    let ordered = std::mem::take(&mut scene.ordered);
    let mut first = scene.change(There, OTHER, Some(NEW));
    scene.until_held(gate, &mut first, "a write tells nobody").await?;
    let second = scene.change(Here, ME, Some(NEWER));
    scene.acknowledged(second, gate).await?;
    let held_back = scene.ordered;
    scene.ordered |= ordered;
    if evicting {
        scene.evict().await?;
    }
    gate.release();
    scene.acknowledged(first, gate).await?;
    Ok(held_back)
}

//! A near cache keeps a reply of the cache that all share, after it was told that the entry is gone.

use super::Absence;
use super::provocation::Provocation;
use super::running::End;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, OLD, OTHER, Scene};
use crate::scripted::{Part, When};
use cachemark_core::anomaly::NEAR_CACHE_RACE;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(NEAR_CACHE_RACE, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    if scene.processes() < 2 {
        return Err(Absence::NotReached("no other process has a near cache"));
    }
    scene.row(OLD).await?;
    // The cache that all share has it then, and no near cache but this process's.
    scene.answer(Here).await?;
    let gate = scene.hold(There, Part::Cache, When::always().nth(1).after_effect());
    let mut reader = scene.read(There, OTHER);
    scene.until_held(&gate, &mut reader, "a read asks no cache of the suite's").await?;
    // Whoever is to be told of the change is told before the old reply arrives.
    let change = scene.change(Here, ME, Some(NEW));
    scene.acknowledged(change, &gate).await?;
    gate.release();
    scene.finish(&mut reader).await?;
    reader.end().map_err(End::of_a_read)?;
    scene.look(Some(NEW)).await
}

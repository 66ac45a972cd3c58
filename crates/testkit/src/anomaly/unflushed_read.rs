//! A process loads the old row from a store that does not have the newer write yet, and the cache keeps it.

use super::Absence;
use super::provocation::Provocation;
use super::running::End;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, OLD, OTHER, Scene};
use crate::scripted::{Op, Part, When};
use cachemark_core::anomaly::UNFLUSHED_READ;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(UNFLUSHED_READ, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    if scene.processes() < 2 {
        return Err(Absence::NotReached("no other process reads the store"));
    }
    scene.row(OLD).await?;
    let gate = scene.hold(Here, Part::Store, When::next(Op::Write));
    let mut writer = scene.change(Here, ME, Some(NEW));
    if !scene.is_provoked() {
        scene.finish(&mut writer).await?;
        scene.let_all_run().await;
    } else if !scene.let_run(&mut writer).await {
        return Err(Absence::NotReached("a write is not acknowledged before the store has it"));
    }
    writer.acknowledged()?;
    scene.evict().await?;
    let mut reader = scene.read(There, OTHER);
    scene.finish(&mut reader).await?;
    reader.end().map_err(End::of_a_read)?;
    gate.release();
    if scene.is_provoked() {
        // The store has it then, for good.
        scene.let_all_run().await;
    }
    scene.look(Some(NEW)).await
}

//! A reader that comes after a write joins a load from before it.

use super::provocation::Provocation;
use super::running::End;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, OLD, OTHER, Scene, wrong};
use crate::scripted::{Op, Part, When};
use cachemark_core::anomaly::STALE_JOIN;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(STALE_JOIN, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    scene.row(OLD).await?;
    let gate = scene.hold(There, Part::Store, When::next(Op::Read).after_effect());
    let mut leader = scene.read(There, OTHER);
    scene.until_held(&gate, &mut leader, "a read loads no row").await?;
    let change = scene.change(Here, ME, Some(NEW));
    scene.acknowledged(change, &gate).await?;
    let mut joiner = scene.read(There, ME);
    scene.let_run(&mut joiner).await;
    gate.release();
    scene.finish(&mut leader).await?;
    scene.finish(&mut joiner).await?;
    Ok(wrong(&joiner.end().map_err(End::of_a_read)?, Some(NEW)))
}

//! A session sees the new value, and then the old one from another process.

use super::Absence;
use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, NEW, OLD, Scene, wrong};
use cachemark_core::anomaly::NON_MONOTONIC_READ;

pub(super) const PROVOCATION: Provocation = Provocation::plain(NON_MONOTONIC_READ, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    scene.row(OLD).await?;
    scene.answer(There).await?;
    scene.write(Here, NEW).await?;
    if wrong(&scene.answer(Here).await?, Some(NEW)).is_some() {
        return Err(Absence::NotReached("the session does not see the new value"));
    }
    Ok(wrong(&scene.answer(There).await?, Some(NEW)))
}

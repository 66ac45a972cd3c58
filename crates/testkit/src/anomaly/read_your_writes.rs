//! A session writes, and then reads what was there before.

use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, NEW, OLD, Scene};
use cachemark_core::anomaly::READ_YOUR_WRITES;

pub(super) const PROVOCATION: Provocation = Provocation::plain(READ_YOUR_WRITES, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    scene.row(OLD).await?;
    scene.answer(There).await?;
    scene.write(Here, NEW).await?;
    scene.look(Some(NEW)).await
}

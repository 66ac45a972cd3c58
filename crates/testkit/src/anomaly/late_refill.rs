//! The race that several anomalies have in common: a refill that comes after the change that it knows nothing of, which the store has by
//! then.

use super::Absence;
use super::scene::Place::{Here, There};
use super::scene::{ME, OTHER, Scene};
use super::verdict::Evidence;
use crate::scripted::{Op, Part, When};

/// What a race of a refill with a change came to.
pub(super) struct Refilled {
    /// A wrong answer after it.
    pub(super) wrong: Option<Evidence>,
    /// Whether the reads after it loaded the row: they do where the change left no entry.
    pub(super) loaded: bool,
}

/// A reader there misses and reads the row as it is `before`; a change here makes it `after` and is acknowledged; the reader
/// goes on.
pub(super) async fn late_refill(
    scene: &mut Scene,
    before: Option<&'static str>,
    after: Option<&'static str>,
) -> Result<Refilled, Absence> {
    if let Some(value) = before {
        scene.row(value).await?;
    }
    let gate = scene.hold(There, Part::Store, When::next(Op::Read).after_effect());
    let mut reader = scene.read(There, OTHER);
    scene.until_held(&gate, &mut reader, "a read loads no row").await?;
    let change = scene.change(Here, ME, after);
    scene.acknowledged(change, &gate).await?;
    scene.until_durable().await;
    gate.release();
    scene.finish(&mut reader).await?;
    let loads = scene.loads();
    let wrong = scene.look(after).await?;
    Ok(Refilled { wrong, loaded: scene.loads() > loads })
}

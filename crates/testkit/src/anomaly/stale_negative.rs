//! A negative entry stands for a row that has been inserted since, with a race or without.

use super::late_refill::late_refill;
use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, NEWER, OTHER, Scene};
use super::verdict::Evidence;
use cachemark_core::anomaly::STALE_NEGATIVE;

pub(super) const PROVOCATION: Provocation = Provocation::plain(STALE_NEGATIVE, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    if let Some(wrong) = late_refill(scene, None, Some(NEW)).await?.wrong {
        return Ok(Some(wrong));
    }
    // What a delete leaves behind.
    for (place, session, value) in [(There, OTHER, None), (Here, ME, Some(NEWER))] {
        let mut change = scene.change(place, session, value);
        scene.finish(&mut change).await?;
        change.acknowledged()?;
        scene.until_durable().await;
    }
    let is_negative = |wrong: &Evidence| matches!(wrong, Evidence::Answer { answered: None, .. });
    Ok(scene.look(Some(NEWER)).await?.filter(is_negative))
}

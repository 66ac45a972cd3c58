//! A process dies between the commit and the cache, and another one goes on.

use super::Absence;
use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, ME, NEW, OLD, Scene, wrong};
use crate::scripted::{Op, Part, When};
use cachemark_core::anomaly::CRASH_AFTER_COMMIT;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(CRASH_AFTER_COMMIT, |scene| Box::pin(steps(scene)));

async fn steps(scene: &mut Scene) -> Found {
    if scene.processes() < 2 {
        return Err(Absence::NotReached("no process is left after the crash"));
    }
    scene.row(OLD).await?;
    scene.answer(There).await?;
    // A call that is held for good is, for everybody else, a process that died in the middle of it.
    let held_for_good = scene.hold(Here, Part::Store, When::next(Op::Write).after_effect());
    let mut writer = scene.change(Here, ME, Some(NEW));
    scene.until_held(&held_for_good, &mut writer, "a write writes no row").await?;
    Ok(wrong(&scene.answer(There).await?, Some(NEW)))
}

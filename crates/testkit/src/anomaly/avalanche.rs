//! Entries that were filled together end together, and the store has to load all of them at once.
//!
//! No time passes: an entry whose lifetime is over is taken out of the cache.

use super::Absence;
use super::Evidence;
use super::provocation::Provocation;
use super::scene::Place::There;
use super::scene::{Found, OLD, Scene};
use crate::scripted::{Call, Op, Part};
use cachemark_core::Key;
use cachemark_core::anomaly::AVALANCHE;
use std::time::Duration;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(AVALANCHE, |scene| Box::pin(steps(scene)));

/// So many that lifetimes which are spread do not all end together by chance.
const KEYS: usize = 8;

/// What ends within this of the first one, ends together with it: caches count lifetimes in no shorter steps.
const STEP: Duration = Duration::from_millis(1);

/// The calls that say for how long a cache is to keep an entry.
const KEEPS: [Op; 4] = [Op::Set, Op::SetIfNewer, Op::SetLeased, Op::GetAndTouch];

async fn steps(scene: &mut Scene) -> Found {
    let of_number =
        |number| Key::new(format!("{}:{number}", scene.key)).expect("the suite's keys are short printable text");
    let keys: Vec<Key> = (0..KEYS).map(of_number).collect();
    let mut lifetimes = Vec::with_capacity(KEYS);
    for key in &keys {
        scene.key.clone_from(key);
        scene.row(OLD).await?;
        scene.answer(There).await?;
        lifetimes.push(lifetime(scene).ok_or(Absence::NotReached("an entry is given no lifetime"))?);
    }
    let first = lifetimes.iter().copied().min().unwrap_or_default();
    for (key, _) in keys.iter().zip(&lifetimes).filter(|(_, lifetime)| **lifetime <= first + STEP) {
        scene.key.clone_from(key);
        scene.evict().await?;
    }
    let loads = scene.loads();
    for key in keys {
        scene.key = key;
        scene.answer(There).await?;
    }
    let all = scene.loads() - loads >= KEYS;
    Ok(all.then_some(Evidence::Together { keys: KEYS, lifetime: first }))
}

/// For how long the cache was to keep the key's entry, when it was told last; none if for ever, or if it was told nothing.
fn lifetime(scene: &Scene) -> Option<Duration> {
    let tells = |call: &&Call| call.part == Part::Cache && call.key == scene.key && KEEPS.contains(&call.op);
    scene.log.calls().iter().rev().find(tells)?.ttl
}

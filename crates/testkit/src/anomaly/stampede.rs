//! Readers who miss one key at once each load it.

use super::Evidence;
use super::provocation::Provocation;
use super::scene::Place::{Here, There};
use super::scene::{Found, OLD, OTHER, Scene};
use crate::scripted::{Op, Part, When};
use cachemark_core::anomaly::STAMPEDE;

pub(super) const PROVOCATION: Provocation = Provocation::of_a_race(STAMPEDE, |scene| Box::pin(steps(scene)));

/// Enough to tell a load of each reader from a load of each process.
const READERS: usize = 4;

async fn steps(scene: &mut Scene) -> Found {
    scene.row(OLD).await?;
    let first_loads = (1..).map(|nth| When::next(Op::Read).nth(nth)).take(READERS);
    let gates: Vec<_> = first_loads
        .flat_map(|when| [Here, There].map(|place| (place, when.clone())))
        .map(|(place, when)| scene.hold(place, Part::Store, when))
        .collect();
    let mut readers = Vec::new();
    for place in [Here, There].into_iter().cycle().take(READERS) {
        let loads = scene.loads();
        let mut reader = scene.read(place, OTHER);
        if scene.is_provoked() {
            scene.let_run_until(&mut reader, || scene.loads() > loads).await;
        } else {
            scene.finish(&mut reader).await?;
        }
        readers.push(reader);
    }
    drop(gates);
    for mut reader in readers {
        scene.finish(&mut reader).await?;
    }
    let loads = scene.loads();
    Ok((loads > 1).then_some(Evidence::Loads { reads: READERS, loads }))
}

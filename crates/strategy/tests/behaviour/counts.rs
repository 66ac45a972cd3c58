//! One client at a time: what differs between strategies is what happens at once, so they ask the same.

use crate::rig::{Rig, ctx, placed};
use cachemark_core::{Key, Strategy, Value};
use cachemark_testkit::scripted::{Op, Part};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// Gets, sets and deletes of the cache; reads, writes and deletes of the store.
async fn counts(name: &str, settings: &str, seed: u64, reads_of_10: u64) -> [usize; 6] {
    let rig = Rig::new(name, &placed(name, settings, "placement=task"));
    let mut draws = SplitMix64::seed_from_u64(seed);
    for sequence in 0..4_000 {
        let key = Key::new(format!("k{}", draws.next_u64() % 50)).unwrap();
        let ctx = ctx().at(sequence);
        match draws.next_u64() % 10 {
            draw if draw < reads_of_10 => drop(rig.strategy.read(&ctx, &key).await.unwrap()),
            9 if draws.next_u64().is_multiple_of(4) => drop(rig.strategy.delete(&ctx, &key).await.unwrap()),
            _ => drop(rig.strategy.write(&ctx, &key, Value::new("x")).await.unwrap()),
        }
    }
    rig.strategy.drain(&ctx()).await.unwrap();
    let count = |part, op| rig.log.count(part, op);
    let (cache, store) = (Part::Cache, Part::Store);
    [
        (cache, Op::Get),
        (cache, Op::Set),
        (cache, Op::Delete),
        (store, Op::Read),
        (store, Op::Write),
        (store, Op::Delete),
    ]
    .map(|(part, op)| count(part, op))
}

#[tokio::test(start_paused = true)]
async fn strategies_that_differ_by_what_happens_at_once_ask_one_client_s_the_same() {
    for seed in 1..=3 {
        for reads_of_10 in [5, 9] {
            for settings in ["", "negative-ttl-ms=60000", "ttl-ms=60000"] {
                let expected = counts("cache-aside", settings, seed, reads_of_10).await;
                assert!(expected.iter().all(|count| *count > 0), "{expected:?}");
                for name in ["single-flight", "read-through"] {
                    assert_eq!(counts(name, settings, seed, reads_of_10).await, expected, "{name} {settings} {seed}");
                }
                let guarded = format!("{settings} fill-guard=process");
                assert_eq!(counts("cache-aside", &guarded, seed, reads_of_10).await, expected, "{settings} {seed}");
            }
            let with_ttl = counts("cache-aside", "ttl-ms=60000", seed, reads_of_10).await;
            for (name, settings) in [
                ("refresh-ahead", "ttl-ms=60000 refresh-factor=0"),
                ("stale-while-revalidate", "fresh-ms=60000"),
                ("xfetch", "ttl-ms=60000 beta-percent=0"),
            ] {
                assert_eq!(counts(name, settings, seed, reads_of_10).await, with_ttl, "{name} {seed}");
            }
            let left_alone = counts("cache-aside", "on-write=none ttl-ms=60000", seed, reads_of_10).await;
            for name in ["write-around", "ttl-only"] {
                assert_eq!(counts(name, "ttl-ms=60000", seed, reads_of_10).await, left_alone, "{name} {seed}");
            }
        }
    }
}

//! Races on one key, with each side stopped at each point of its way, in every order of starting and releasing.
//!
//! Strategies must come through all of them, save those that are known to race ([`RACING`]), which must not: the
//! search would prove nothing.

use crate::rig::{PLACEMENTS, RACING, Rig, assert_all_but_racing, ctx, get_of, key, placed, set_of, settle};
use cachemark_core::{Key, Strategy, Value, Version};
use cachemark_testkit::scripted::{Gate, Op, Part, When};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::task::JoinHandle;

type Stop = Option<(Part, When)>;

/// What a race came to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Harm {
    /// Reads below the version that was acknowledged before they were sent.
    stale_reads: usize,
    /// Races after which the cache held another version than the store.
    old_entries: usize,
}

/// Who races with the writer that writes "b".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rival {
    Reader,
    Writer,
    Deleter,
}

/// Both sides of each of `calls`, and no stop at all.
fn stops(calls: &[(Part, Op)], nth: u64) -> Vec<Stop> {
    let both = |&(part, op): &(Part, Op)| {
        let when = When::next(op).on(&key()).nth(nth);
        [Some((part, when.clone())), Some((part, when.after_effect()))]
    };
    calls.iter().flat_map(both).chain([None]).collect()
}

fn gate(rig: &Rig, stop: &Stop) -> Option<Gate> {
    stop.clone().map(|(part, when)| match part {
        Part::Cache => rig.cache.gate_when(when),
        Part::Store => rig.store.gate_when(when),
    })
}

/// The two sides of a race under way, and the readers sent to look.
struct Race {
    rig: Rig,
    changes: Vec<JoinHandle<()>>,
    /// The highest version that was acknowledged.
    acknowledged: Arc<AtomicU64>,
    readers: Vec<(Version, JoinHandle<Version>)>,
}

impl Race {
    fn new(name: &str, settings: &str) -> Self {
        let rig = Rig::new(name, settings);
        rig.store.preload(&key(), Value::new("a"));
        Self { rig, changes: Vec::new(), acknowledged: Arc::default(), readers: Vec::new() }
    }

    fn start(&mut self, rival: Rival) {
        let change = match rival {
            Rival::Reader => return self.look(Version::NONE),
            Rival::Writer => self.rig.start_write("b"),
            Rival::Deleter => self.rig.start_delete(),
        };
        let acknowledged = Arc::clone(&self.acknowledged);
        self.changes.push(tokio::spawn(async move {
            let version = change.await.unwrap().unwrap().version.unwrap();
            acknowledged.fetch_max(version.0, Ordering::SeqCst);
        }));
    }

    fn acknowledged(&self) -> Version {
        Version(self.acknowledged.load(Ordering::SeqCst))
    }

    fn look(&mut self, at_least: Version) {
        let read = self.rig.start_read(ctx());
        let version = tokio::spawn(async move { read.await.unwrap().unwrap().version.unwrap() });
        self.readers.push((at_least, version));
    }

    /// Lets everything run as far as it gets; then, if every change is acknowledged, sends a reader.
    async fn step(&mut self) {
        settle().await;
        if self.changes.iter().all(JoinHandle::is_finished) {
            self.look(self.acknowledged());
            settle().await;
        }
    }

    async fn end(mut self) -> Harm {
        settle().await;
        assert!(self.changes.iter().all(JoinHandle::is_finished), "a change hangs");
        self.rig.strategy.drain(&ctx()).await.unwrap();
        let old_entry = self.rig.cached().is_some_and(|held| held != self.rig.store.row(&key()).version);
        self.look(self.acknowledged());
        let mut stale_reads = 0;
        for (at_least, reader) in self.readers {
            stale_reads += usize::from(reader.await.unwrap() < at_least);
        }
        Harm { stale_reads, old_entries: usize::from(old_entry) }
    }
}

/// One race. The row starts at v1 and in no cache.
async fn race(name: &str, settings: &str, sides: [(Rival, &Stop); 2], last_released: usize) -> Harm {
    let mut race = Race::new(name, settings);
    let gates = sides.map(|(_, stop)| gate(&race.rig, stop));
    race.start(sides[0].0);
    settle().await;
    race.start(sides[1].0);
    race.step().await;
    for side in [1 - last_released, last_released] {
        if let Some(gate) = &gates[side] {
            gate.release();
        }
        race.step().await;
    }
    race.end().await
}

/// All races between `rival` and a writer whose step after the commit is `cache_op`; the harm of all.
async fn all_races(name: &str, settings: &str, rival: Rival, cache_op: Op) -> Harm {
    let read = [(Part::Cache, get_of(name)), (Part::Store, Op::Read), (Part::Cache, set_of(name))];
    let write = [(Part::Store, Op::Write), (Part::Cache, cache_op)];
    let delete = [(Part::Store, Op::Delete), (Part::Cache, Op::Delete)];
    let rival_stops = match rival {
        Rival::Reader => stops(&read, 1),
        Rival::Writer => stops(&write, 2),
        Rival::Deleter => stops(&delete, if cache_op == Op::Delete { 2 } else { 1 }),
    };
    let mut harm = Harm::default();
    for (one, other) in rival_stops.iter().flat_map(|one| stops(&write, 1).into_iter().map(move |other| (one, other))) {
        let (rival, writer) = ((rival, one), (Rival::Writer, &other));
        for sides in [[writer, rival], [rival, writer]] {
            for last_released in [0, 1] {
                let one = race(name, settings, sides, last_released).await;
                harm.stale_reads += one.stale_reads;
                harm.old_entries += one.old_entries;
            }
        }
    }
    harm
}

#[tokio::test(start_paused = true)]
async fn strategies_come_through_every_race() {
    let rules = [
        ("read-through", "on-write=invalidate", Op::Delete),
        ("read-through", "on-write=update negative-ttl-ms=1000", Op::SetIfNewer),
        ("write-through", "on-write=update", Op::SetIfNewer),
        ("write-through", "on-write=update negative-ttl-ms=1000", Op::SetIfNewer),
        ("write-through", "on-write=invalidate negative-ttl-ms=1000", Op::Delete),
        ("write-through", "on-write=invalidate lock=false", Op::Delete),
        ("single-flight", "negative-ttl-ms=1000", Op::Delete),
        ("refresh-ahead", "negative-ttl-ms=1000", Op::Delete),
        ("stale-while-revalidate", "negative-ttl-ms=1000", Op::Delete),
        ("lease", "", Op::Delete),
        ("lease", "negative-ttl-ms=1000 longest-wait-ms=0", Op::Delete),
        // Flushed after the race, and in the midst of it.
        ("write-behind", "negative-ttl-ms=1000", Op::SetIfNewer),
        ("write-behind", "delay-ms=1", Op::SetIfNewer),
    ];
    assert_all_but_racing(rules.map(|(name, ..)| name));
    // One that races by default does not with a guard.
    let guarded = ("cache-aside", "fill-guard=process negative-ttl-ms=1000", Op::Delete);
    for placement in PLACEMENTS {
        for (name, settings, cache_op) in rules.into_iter().chain([guarded]) {
            for rival in [Rival::Reader, Rival::Writer, Rival::Deleter] {
                let settings = placed(name, settings, placement);
                let harm = all_races(name, &settings, rival, cache_op).await;
                assert_eq!(harm, Harm::default(), "{name} {settings} against {rival:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_guard_orders_refills_and_updates_but_not_two_writers() {
    for (name, settings) in
        [("cache-aside", "on-write=update fill-guard=process"), ("write-through", "on-write=update lock=false")]
    {
        assert_eq!(all_races(name, settings, Rival::Reader, Op::Set).await, Harm::default(), "{name}");
        let inverted = all_races(name, settings, Rival::Writer, Op::Set).await;
        assert!(inverted.old_entries > 0 && inverted.stale_reads > 0, "{name}: {inverted:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn strategies_that_are_known_to_race_do() {
    let known = [
        // A reader sets an old row after an invalidation.
        ("cache-aside", "on-write=invalidate", Rival::Reader, Op::Delete),
        ("xfetch", "", Rival::Reader, Op::Delete),
        // Or before the commit, and nothing invalidates it any more.
        ("cache-first", "on-write=invalidate", Rival::Reader, Op::Delete),
        // Two writers set in another order than they committed.
        ("cache-aside", "on-write=update", Rival::Writer, Op::Set),
        // A refill covers an update.
        ("cache-aside", "on-write=update", Rival::Reader, Op::Set),
        // Nothing is invalidated.
        ("write-around", "", Rival::Reader, Op::Delete),
        ("ttl-only", "", Rival::Reader, Op::Delete),
        ("memoised", "", Rival::Reader, Op::Delete),
        ("sliding-ttl", "on-write=invalidate", Rival::Reader, Op::Delete),
        ("sliding-ttl", "on-write=update", Rival::Writer, Op::Set),
        // A writer that is late puts its value in the place of a row that was deleted meanwhile.
        ("versioned", "tombstone-ttl-ms=0", Rival::Deleter, Op::SetIfNewer),
    ];
    for (name, settings, rival, cache_op) in known {
        let harm = all_races(name, settings, rival, cache_op).await;
        assert!(harm.old_entries > 0 && harm.stale_reads > 0, "{name} {settings} against {rival:?}: {harm:?}");
    }
    let healing = "double-delete";
    let names: BTreeSet<_> = known.map(|(name, ..)| name).into_iter().chain([healing]).collect();
    assert_eq!(names, BTreeSet::from(RACING));
    // The second delete has taken out what readers were served until then.
    let harm = all_races(healing, "", Rival::Reader, Op::Delete).await;
    assert!(harm.stale_reads > 0 && harm.old_entries == 0, "{harm:?}");
}

/// With versions and tombstones no order of sets does harm. What does is a cache that forgets, which none does here.
#[tokio::test(start_paused = true)]
async fn versions_and_tombstones_come_through_every_race() {
    for settings in ["", "negative-ttl-ms=1000"] {
        for rival in [Rival::Reader, Rival::Writer, Rival::Deleter] {
            let harm = all_races("versioned", settings, rival, Op::SetIfNewer).await;
            assert_eq!(harm, Harm::default(), "{settings} against {rival:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn invalidating_writers_do_not_hurt_each_other() {
    assert_eq!(all_races("cache-aside", "on-write=invalidate", Rival::Writer, Op::Delete).await, Harm::default());
}

#[tokio::test(start_paused = true)]
async fn no_cache_has_nothing_to_get_old() {
    for rival in [Rival::Reader, Rival::Writer, Rival::Deleter] {
        assert_eq!(all_races("no-cache", "", rival, Op::Delete).await, Harm::default());
    }
}

#[tokio::test(start_paused = true)]
async fn two_instances_race_like_cache_aside() {
    let Rig { cache, store, strategy, .. } = Rig::new("read-through", "");
    let second = crate::rig::instance("read-through", "", &cache, &store);
    let key: Key = key();
    store.preload(&key, Value::new("a"));
    let gate = store.gate_when(When::next(Op::Read).after_effect());
    let reader = tokio::spawn(async move { strategy.read(&ctx(), &crate::rig::key()).await });
    gate.reached().await;
    second.write(&ctx(), &key, Value::new("b")).await.unwrap();
    gate.release();
    reader.await.unwrap().unwrap();
    assert_eq!(cache.entry(&key).unwrap().version, Version(1));
}

//! Lanes over a connection that only counts itself.

use super::*;
use cachemark_core::{HopLease, HopTimes, Hops, OpContext};
use futures::FutureExt;
use std::sync::atomic::AtomicUsize;

const SECOND: Duration = Duration::from_secs(1);

/// A connection that knows its number and how many there are.
pub(super) struct Numbered {
    number: usize,
    open: Arc<AtomicUsize>,
}

impl Drop for Numbered {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::SeqCst);
    }
}

pub(super) struct Bench {
    pub(super) lanes: Arc<Lanes<Numbered>>,
    open: Arc<AtomicUsize>,
}

/// Lanes whose connections take `takes` to make.
pub(super) fn bench(groups: usize, per_group: usize, takes: Duration) -> Bench {
    let (open, made) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&open);
    let lanes = Lanes::new(groups, per_group, SECOND, move || {
        let (open, made) = (Arc::clone(&counted), Arc::clone(&made));
        async move {
            tokio::time::sleep(takes).await;
            open.fetch_add(1, Ordering::SeqCst);
            Ok(Numbered { number: made.fetch_add(1, Ordering::SeqCst), open })
        }
    });
    Bench { lanes: Arc::new(lanes), open }
}

impl Bench {
    pub(super) async fn lane(&self) -> Lane<Numbered> {
        self.lanes.lane(0, &Budget::UNBOUNDED).await.unwrap()
    }

    fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }
}

#[tokio::test(start_paused = true)]
async fn the_background_has_lanes_of_its_own_and_its_waits_are_nobodys() {
    let bench = bench(1, 4, Duration::ZERO);
    let lane = |driver: u16| bench.lanes.lane(driver, &Budget::UNBOUNDED);
    let mut clients = Vec::new();
    for driver in [0, 1, 0, 1] {
        clients.push(lane(driver).await.unwrap());
    }
    // All of the driver's are taken.
    let own = [lane(OpContext::BACKGROUND).await.unwrap(), lane(OpContext::BACKGROUND).await.unwrap()];
    assert!(lane(OpContext::BACKGROUND).now_or_never().is_none());
    assert_eq!((bench.lanes.stats().waits, bench.lanes.stats().connects), (0, 6));
    drop(own);
    assert!(lane(0).now_or_never().is_none(), "nor do they help clients");
}

#[tokio::test]
async fn a_lane_comes_back_and_is_used_again() {
    let bench = bench(1, 4, Duration::ZERO);
    for _ in 0..5 {
        let mut lane = bench.lane().await;
        assert_eq!(lane.start().number, 0);
        lane.finish();
    }
    assert_eq!((bench.open(), bench.lanes.stats().connects), (1, 1));
}

#[tokio::test]
async fn a_lane_dropped_in_flight_is_thrown_away_and_its_place_is_free() {
    let bench = bench(1, 1, Duration::ZERO);
    bench.lane().await.start();
    assert_eq!((bench.open(), bench.lanes.stats().discards), (0, 1));
    assert_eq!(bench.lane().await.start().number, 1);
}

#[tokio::test(start_paused = true)]
async fn a_future_dropped_midway_throws_its_lane_away() {
    let bench = bench(1, 1, Duration::ZERO);
    let operation = async {
        let mut lane = bench.lane().await;
        lane.start();
        std::future::pending::<()>().await;
        lane.finish();
    };
    assert!(tokio::time::timeout(Duration::from_millis(5), operation).await.is_err());
    assert_eq!(bench.open(), 0);
    assert_eq!(bench.lane().await.start().number, 1);
}

#[tokio::test]
async fn a_broken_lane_retires_the_free_ones() {
    let bench = bench(1, 3, Duration::ZERO);
    let (first, mut second, third) = (bench.lane().await, bench.lane().await, bench.lane().await);
    drop(first);
    second.start();
    second.retire_group();
    drop(second);
    assert_eq!(bench.open(), 1, "only the lane that is out is left");
    drop(third);
    assert_eq!(bench.open(), 0, "and it goes when it comes back");
}

#[tokio::test(start_paused = true)]
async fn queueing_ends_at_the_deadline_and_is_measured() {
    let bench = bench(1, 1, Duration::ZERO);
    let _held = bench.lane().await;
    let budget = Budget::lasting(Duration::from_millis(20));
    let refused = bench.lanes.lane(0, &budget).await.map(drop);
    assert_eq!(refused, Err(LaneError::Queue(Duration::from_millis(20))));
    let stats = bench.lanes.stats();
    assert_eq!(stats.waits, 1);
    assert!((20_000_000..25_000_000).contains(&stats.wait_ns), "{stats:?}");
}

#[tokio::test(start_paused = true)]
async fn an_operation_whose_hops_are_timed_is_told_its_wait() {
    let bench = bench(1, 1, Duration::from_millis(30));
    let lease = HopLease::take();
    let timed = |hops| Budget::of(&OpContext::new(0).timed(Some(hops)), None);
    let connecting = lease.begin();
    let held = bench.lanes.lane(0, &timed(connecting)).await.unwrap();
    let queue = |hops: Hops| hops.times().queue_ns.map(|ns| ns / 1_000_000);
    assert_eq!(queue(connecting), Some(30), "a lane that is being connected is waited for too");

    let waiting = lease.begin();
    let lanes = Arc::clone(&bench.lanes);
    let second = tokio::spawn(async move { drop(lanes.lane(0, &timed(waiting)).await.unwrap()) });
    tokio::time::sleep(Duration::from_millis(20)).await;
    drop(held);
    second.await.unwrap();
    assert_eq!(queue(waiting), Some(20));

    let free = lease.begin();
    drop(bench.lanes.lane(0, &timed(free)).await.unwrap());
    assert_eq!(free.times(), HopTimes::default(), "a free lane is no wait");
}

#[tokio::test]
async fn the_queue_is_first_come_first_served() {
    let bench = bench(1, 1, Duration::ZERO);
    let held = bench.lane().await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let waiting: Vec<_> = (0..10)
        .map(|turn| {
            let (lanes, order) = (Arc::clone(&bench.lanes), Arc::clone(&order));
            tokio::spawn(async move {
                let _lane = lanes.lane(0, &Budget::UNBOUNDED).await.unwrap();
                order.lock().unwrap().push(turn);
            })
        })
        .collect();
    tokio::task::yield_now().await;
    drop(held);
    for task in waiting {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), (0..10).collect::<Vec<_>>());
}

#[tokio::test]
async fn driver_threads_have_lanes_of_their_own() {
    let bench = bench(2, 1, Duration::ZERO);
    let _zero = bench.lane().await;
    let one = bench.lanes.lane(1, &Budget::UNBOUNDED).await.unwrap();
    drop(one);
    let three = bench.lanes.lane(3, &Budget::UNBOUNDED).await.unwrap();
    assert_eq!(bench.open(), 2, "driver 3 shares with driver 1");
    drop(three);
}

#[tokio::test(start_paused = true)]
async fn connecting_outlives_a_caller_in_a_hurry() {
    let bench = bench(1, 1, Duration::from_millis(50));
    let hurried = bench.lanes.lane(0, &Budget::lasting(Duration::from_millis(1))).await.map(drop);
    assert_eq!(hurried, Err(LaneError::Queue(Duration::from_millis(1))));
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(bench.open(), 1);
    let patient = bench.lanes.lane(0, &Budget::lasting(Duration::from_millis(1))).await;
    assert_eq!(patient.unwrap().start().number, 0);
}

/// Asks for `crowd` lanes at once, each with `budget`, and keeps what comes until all have an answer; how many there were.
async fn crowd(bench: &Bench, crowd: usize, budget: Duration) -> usize {
    let ask = |_| {
        let lanes = Arc::clone(&bench.lanes);
        tokio::spawn(async move { lanes.lane(0, &Budget::lasting(budget)).await })
    };
    let asked: Vec<_> = (0..crowd).map(ask).collect();
    let mut held = Vec::new();
    for lane in asked {
        held.extend(lane.await.unwrap());
    }
    held.len()
}

#[tokio::test(start_paused = true)]
async fn a_crowd_is_connected_a_few_at_a_time() {
    let bench = bench(1, 100, Duration::from_millis(10));
    assert_eq!(crowd(&bench, 3 * CONNECTED_AT_ONCE, Duration::from_millis(15)).await, CONNECTED_AT_ONCE);
    tokio::time::sleep(SECOND).await;
    // The second turn had begun when its callers went, and is kept; the third had not, and never does.
    assert_eq!(bench.open(), 2 * CONNECTED_AT_ONCE);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_his_turn_takes_a_lane_that_is_free_by_then() {
    let bench = bench(1, 100, Duration::from_millis(10));
    let lanes = Arc::clone(&bench.lanes);
    let ask = || {
        let lanes = Arc::clone(&lanes);
        tokio::spawn(async move { drop(lanes.lane(0, &Budget::UNBOUNDED).await.unwrap()) })
    };
    let asked: Vec<_> = (0..3 * CONNECTED_AT_ONCE).map(|_| ask()).collect();
    for lane in asked {
        lane.await.unwrap();
    }
    assert_eq!(bench.lanes.stats().connects, CONNECTED_AT_ONCE as u64);
}

#[tokio::test(start_paused = true)]
async fn a_lane_that_is_connected_after_another_broke_is_kept() {
    let bench = bench(1, 100, Duration::from_millis(10));
    let mut broken = bench.lane().await;
    broken.start();
    let waiting = tokio::spawn({
        let lanes = Arc::clone(&bench.lanes);
        async move { crowd(&Bench { lanes, open: Arc::default() }, 2 * CONNECTED_AT_ONCE, SECOND).await }
    });
    tokio::time::sleep(Duration::from_millis(5)).await;
    broken.retire_group();
    drop(broken);
    assert_eq!(waiting.await.unwrap(), 2 * CONNECTED_AT_ONCE);
    // Those of the first turn were begun before it broke.
    assert_eq!(bench.open(), CONNECTED_AT_ONCE);
}

#[tokio::test(start_paused = true)]
async fn a_connect_that_takes_too_long_is_unavailable() {
    let bench = bench(1, 1, SECOND * 5);
    let refused = bench.lanes.lane(0, &Budget::UNBOUNDED).await.map(drop);
    assert_eq!(refused, Err(LaneError::Unavailable("no connection within 1s".to_owned())));
}

#[tokio::test]
async fn a_refused_connect_gives_its_place_back() {
    let lanes: Lanes<()> = Lanes::new(1, 1, SECOND, || async { Err(LaneError::Rejected("wrong password".to_owned())) });
    for _ in 0..3 {
        let refused = lanes.lane(0, &Budget::lasting(SECOND)).await.map(drop);
        assert_eq!(refused, Err(LaneError::Rejected("wrong password".to_owned())));
    }
}

#[tokio::test]
async fn disconnecting_closes_free_lanes_now_and_others_on_return() {
    let bench = bench(1, 2, Duration::ZERO);
    let (out, free) = (bench.lane().await, bench.lane().await);
    drop(free);
    bench.lanes.disconnect();
    assert_eq!(bench.open(), 1);
    drop(out);
    assert_eq!(bench.open(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn under_concurrency_no_lane_is_shared_and_none_is_lost() {
    let bench = bench(2, 3, Duration::ZERO);
    let in_use: Arc<[AtomicUsize; 2]> = Arc::default();
    let tasks: Vec<_> = (0..64u16)
        .map(|task| {
            let (lanes, in_use) = (Arc::clone(&bench.lanes), Arc::clone(&in_use));
            tokio::spawn(async move {
                let group = &in_use[usize::from(task % 2)];
                for turn in 0..50 {
                    let mut lane = lanes.lane(task, &Budget::UNBOUNDED).await.unwrap();
                    assert!(group.fetch_add(1, Ordering::SeqCst) < 3, "more than three lanes at once");
                    lane.start();
                    tokio::task::yield_now().await;
                    group.fetch_sub(1, Ordering::SeqCst);
                    // Every seventh operation ends as a timeout would.
                    if turn % 7 != 0 {
                        lane.finish();
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let stats = bench.lanes.stats();
    assert_eq!(stats.discards, 64 * 8);
    assert_eq!(stats.connects - stats.discards, bench.open() as u64);
    assert!(bench.open() <= 6);
    let all = [bench.lane().await, bench.lane().await, bench.lane().await];
    assert_eq!(all.len(), 3, "all places are still there");
}

/// A server that answers in a millisecond, and not at all while it is frozen; connecting takes an answer, too.
#[derive(Clone, Copy)]
struct Frozen {
    from: Instant,
    until: Instant,
}

impl Frozen {
    async fn answer(self) {
        tokio::time::sleep(Duration::from_millis(1)).await;
        if (self.from..self.until).contains(&Instant::now()) {
            tokio::time::sleep_until(self.until).await;
        }
    }
}

/// What came of an operation, and when it began.
type Fate = (Instant, Result<(), LaneError>);

/// 3 arrivals a millisecond for 2.5 s over 32 lanes, each with 300 ms; the server is frozen from 0.5 s to 1.5 s.
async fn through_a_frozen_second() -> (Frozen, LaneStats, Vec<Fate>) {
    let begun = Instant::now();
    let server = Frozen { from: begun + SECOND / 2, until: begun + SECOND * 3 / 2 };
    let lanes = Arc::new(Lanes::new(1, 32, SECOND * 5, move || async move {
        server.answer().await;
        Ok(())
    }));
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..2_500 {
        for _ in 0..3 {
            let lanes = Arc::clone(&lanes);
            running.spawn(async move {
                let (asked, budget) = (Instant::now(), Budget::lasting(Duration::from_millis(300)));
                let work = async {
                    let mut lane = lanes.lane(0, &budget).await?;
                    lane.start();
                    budget.bound(server.answer()).await.map_err(LaneError::from)?;
                    lane.finish();
                    Ok(())
                };
                (asked, work.await)
            });
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let fates = running.join_all().await;
    (server, lanes.stats(), fates)
}

#[tokio::test(start_paused = true)]
async fn after_a_freeze_nothing_is_begun_that_cannot_end_and_no_lane_is_lost_to_it() {
    let (server, stats, fates) = through_a_frozen_second().await;
    let failed: Vec<Instant> = fates.iter().filter(|(_, fate)| fate.is_err()).map(|(asked, _)| *asked).collect();
    // Those whose time ended while the server stood still, those in flight then, and those with hardly any time left after.
    let must = 3 * (1_000 - 300);
    assert!((must..=must + 32 + 3 * 15).contains(&failed.len()), "{} failed", failed.len());
    assert!(failed.iter().all(|&asked| asked < server.until), "none that began when it was back");
    assert!(stats.discards <= 32, "{} lanes thrown away: no more than were in flight", stats.discards);
}

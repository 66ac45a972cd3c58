//! A throttle at the entry: what it sheds has cost nobody anything.

use crate::rig::Rig;
use cachemark_core::{ErrorKind, OpError};
use std::time::Duration;
use tokio::time::sleep;

/// How many of `count` reads at once are let in.
async fn let_in(rig: &Rig, count: usize) -> usize {
    let mut entered = 0;
    for _ in 0..count {
        match rig.read().await {
            Ok(_) => entered += 1,
            Err(error) => assert!(error.is_shed() && error.kind() == ErrorKind::Shed, "{error}"),
        }
    }
    entered
}

#[tokio::test(start_paused = true)]
async fn the_books_ten_an_hour_are_ten_and_what_is_shed_reaches_nobody() {
    let rig = Rig::with("cache-aside", "throttle=textbook", "", "");
    assert_eq!(let_in(&rig, 100).await, 10);
    assert_eq!(rig.asked().iter().filter(|call| call.starts_with("C.get")).count(), 10);
    assert_eq!(rig.write("a").await, Err(OpError::Shed("the throttle lets no more in")));
    assert_eq!(rig.asked(), [""; 0]);
    assert_eq!(rig.told("throttle-shed"), 91);
    sleep(Duration::from_secs(3_600)).await;
    assert_eq!(let_in(&rig, 100).await, 10);
}

#[tokio::test(start_paused = true)]
async fn at_a_scale_of_360000_an_hour_lasts_10_milliseconds() {
    let rig = Rig::with("no-cache", "throttle=textbook throttle-scale=360000", "", "");
    let mut entered = 0;
    for _ in 0..100 {
        entered += let_in(&rig, 20).await;
        sleep(Duration::from_millis(1)).await;
    }
    assert!((100..=110).contains(&entered), "10 in each of 10 windows: {entered}");
}

#[tokio::test(start_paused = true)]
async fn a_window_lets_twice_as_many_in_where_two_meet_and_a_bucket_its_burst() {
    let both_sides = async |policy: &str| {
        let rig = Rig::with("no-cache", policy, "", "");
        sleep(Duration::from_millis(995)).await;
        let before = let_in(&rig, 100).await;
        sleep(Duration::from_millis(10)).await;
        before + let_in(&rig, 100).await
    };
    assert_eq!(both_sides("throttle=textbook throttle-per-ms=1000").await, 20);
    let bucket = "throttle=recommended throttle-calls=10 throttle-burst=10";
    assert_eq!(both_sides(bucket).await, 10, "and 10 ms bring a tenth of a token");
}

#[tokio::test(start_paused = true)]
async fn however_long_it_has_run_its_clock_runs_on() {
    const DAY: Duration = Duration::from_secs(86_400);
    for (policy, passed) in [("throttle=textbook", 10), ("throttle=recommended throttle-burst=7", 7)] {
        // The nanoseconds of 600 days, so much faster, are no 64-bit number.
        for scale in [1_000, 360_000, 1_000_000_000] {
            let rig = Rig::with("no-cache", &format!("{policy} throttle-scale={scale}"), "", "");
            for wait in [Duration::ZERO, 20 * Duration::from_secs(1), DAY, 600 * DAY] {
                sleep(wait).await;
                assert_eq!(let_in(&rig, 20).await, passed, "{policy} at {scale}, {wait:?} later");
            }
        }
    }
}

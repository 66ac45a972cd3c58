//! What surrounds an operation: clock, context, turn.

use cachemark_core::{Clock, OpContext, SystemClock};
use std::hint::black_box;
use std::time::{Duration, Instant};
use tokio::runtime;
use tokio::task::{self, LocalSet};

/// As a client of a closed loop does: it lets others run after as many operations.
const OPERATIONS_A_TURN: u64 = 8;

pub(super) fn clock(count: u64) -> Duration {
    let clock = SystemClock::from_zero();
    let began = Instant::now();
    for _ in 0..count {
        black_box((clock.now_ns(), clock.now_ns()));
    }
    began.elapsed()
}

pub(super) fn context(count: u64) -> Duration {
    let origin = tokio::time::Instant::now();
    let began = Instant::now();
    for sequence in 0..count {
        let deadline = origin + Duration::from_nanos(sequence) + Duration::from_secs(1);
        black_box(OpContext::new(0).on_driver(0).at(sequence).until(deadline));
    }
    began.elapsed()
}

pub(super) fn turn(count: u64) -> Duration {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    runtime.block_on(LocalSet::new().run_until(async move {
        let turns = async move {
            let began = Instant::now();
            for number in 0..count {
                if number % OPERATIONS_A_TURN == 0 {
                    task::yield_now().await;
                }
            }
            began.elapsed()
        };
        task::spawn_local(turns).await.expect("it does not panic")
    }))
}

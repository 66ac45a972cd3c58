//! Every strategy over every cache and store, two instances at once, under a mixed load with deletes, expiries and readers that give up:
//! no acknowledged write is lost, nothing is read that nobody wrote, and nothing stays behind: no task, no connection, no open file, and
//! memory that does not grow.
//!
//! One cell takes ten seconds, the others a moment. `scripts/endurance` gives each of them as many seconds as it is told
//! (`CACHEMARK_ENDURANCE_SECONDS`).

mod arm;
mod cell;
mod ledger;
mod load;
mod memory;
mod planted;
mod servers;
mod stack;

use arm::Arm;
use cell::{Cell, Length, Span};
use stack::Stack;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What is measured is the process's: one test at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    // A test that failed has left nothing that the next one goes by.
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a cell does where nobody says how long it is to take, in operations.
const MOMENT: Span = Span { length: Length::Operations(400), watches_memory: false };

/// The cell that is held for ten seconds all the same: the strategy with most tasks of its own, over servers alone.
const LONG: (&str, &str, &str) = ("write-behind", "redis", "postgres");

/// How long a cell takes. Where that is long enough to tell growth from a start, its memory is looked at.
fn span(strategy: &str, cache: &str, store: &str) -> Span {
    let told = std::env::var("CACHEMARK_ENDURANCE_SECONDS").ok();
    let told = told.map(|text| Duration::from_secs(text.parse().expect("a number of seconds")));
    let long = ((strategy, cache, store) == LONG).then_some(Duration::from_secs(10));
    match told.or(long) {
        Some(long) => Span { length: Length::Time(long), watches_memory: true },
        None => MOMENT,
    }
}

/// Holds every strategy that the cache can serve; what is wrong, of all of them.
fn hold(cache: &'static str, store: &'static str) {
    let _alone = alone();
    let stack = Stack::up(cache, store);
    let mut faults = Vec::new();
    for (number, arm) in Arm::over(&stack).enumerate() {
        let span = span(arm.strategy.name, cache, store);
        let cell = Cell { stack: &stack, number: number as u32 + 1, span, patience: Duration::from_secs(20) };
        let outcome = cell.run(|instance, parts| arm.build(instance, parts));
        let name = format!("{} over {cache} and {store}", arm.strategy.name);
        faults.extend(outcome.faults.iter().map(|fault| format!("{name}: {fault}")));
        // Where a moment is long, every entry expires before anybody asks again.
        let idle = arm.idle(&outcome.counts).filter(|_| span.watches_memory);
        faults.extend(idle.map(|what| format!("{name}: {what}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn in_process_and_sqlite() {
    hold("in-process", "sqlite");
}

#[test]
#[ignore = "needs postgresql"]
fn in_process_and_postgres() {
    hold("in-process", "postgres");
}

#[test]
#[ignore = "needs redis-server"]
fn redis_and_sqlite() {
    hold("redis", "sqlite");
}

#[test]
#[ignore = "needs redis-server and postgresql"]
fn redis_and_postgres() {
    hold("redis", "postgres");
}

#[test]
#[ignore = "needs memcached"]
fn memcached_and_sqlite() {
    hold("memcached", "sqlite");
}

#[test]
#[ignore = "needs memcached and postgresql"]
fn memcached_and_postgres() {
    hold("memcached", "postgres");
}

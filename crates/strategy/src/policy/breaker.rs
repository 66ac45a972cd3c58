//! A circuit breaker: what has failed too often of late is not asked for a while, then a few calls find out whether it works again.
//!
//! ```text
//!            too many failures                  open time over
//!   closed ---------------------> open ------------------------------> half-open
//!      ^                            ^                                   |     |
//!      |                            +--------- a probe fails -----------+     |
//!      +-------------------------------- every probe succeeds ----------------+
//! ```
//!
//! It is a state machine without a clock: whoever asks says how late it is, in nanoseconds of any clock that does not go back. A call
//! belongs to the state in which it was admitted; how it ends in another one says nothing of that.

mod window;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use window::Window;

/// When it opens, and how it closes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakerRule {
    /// It opens after so many failures in a row; none: however many.
    pub failures: Option<u32>,
    /// It opens when this share of the calls of the window failed, 0 to 1; none: however many.
    pub share: Option<f64>,
    /// The window, which counts calls by when they ended.
    pub window: Duration,
    /// The share is looked at only where so many calls ended in the window.
    pub least_calls: u32,
    /// A call that takes longer counts as one that failed; none: however long.
    pub slow: Option<Duration>,
    /// How long it stays open.
    pub open: Duration,
    /// How many calls it admits then, each of which has to succeed.
    pub probes: u32,
}

/// How a call ended that was admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The other side answered.
    Well,
    /// It did not answer, or that it cannot.
    Badly,
    /// Nothing was learnt of it: it was not asked, or nobody waited for the end.
    Unseen,
}

/// What a breaker is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Every call passes.
    Closed,
    /// None does.
    Open,
    /// A few do.
    HalfOpen,
}

/// The leave to make one call.
#[derive(Debug)]
#[must_use = "say how it ended"]
pub struct Admitted {
    phase: u64,
    began_ns: u64,
}

/// What it has done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BreakerCounts {
    /// How often it opened, again after a failed probe too.
    pub opened: u64,
    /// How often it closed.
    pub closed: u64,
    /// How long it was not closed, in nanoseconds.
    pub open_ns: u64,
    /// Calls that it did not admit.
    pub refused: u64,
    /// Calls that counted as failures for being slow.
    pub slow: u64,
}

/// The breaker of one cache or store.
#[derive(Debug)]
pub struct Breaker {
    rule: BreakerRule,
    /// The number of the state that it is in, of which the two lowest bits say which: looked at without the lock, and changed under it.
    phase: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    window: Window,
    /// Failures in a row.
    row: u32,
    /// Until when it is open, and since when it is not closed.
    until_ns: u64,
    since_ns: u64,
    /// Probes that were admitted, and those of them that succeeded.
    probes: (u32, u32),
    counts: BreakerCounts,
}

const CLOSED: u64 = 0;
const OPEN: u64 = 1;
const HALF_OPEN: u64 = 2;
const KIND: u64 = 3;

impl Breaker {
    /// A closed one.
    #[must_use]
    pub fn new(rule: BreakerRule) -> Self {
        let state = State {
            window: Window::new(rule.window),
            row: 0,
            until_ns: 0,
            since_ns: 0,
            probes: (0, 0),
            counts: BreakerCounts::default(),
        };
        Self { rule, phase: AtomicU64::new(CLOSED), state: Mutex::new(state) }
    }

    /// What it is in.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) & KIND {
            CLOSED => Phase::Closed,
            OPEN => Phase::Open,
            _ => Phase::HalfOpen,
        }
    }

    /// What it has done until `now_ns`.
    #[must_use]
    pub fn counts(&self, now_ns: u64) -> BreakerCounts {
        let state = self.lock();
        let open = self.phase() != Phase::Closed;
        let still_ns = if open { now_ns.saturating_sub(state.since_ns) } else { 0 };
        BreakerCounts { open_ns: state.counts.open_ns + still_ns, ..state.counts }
    }

    /// Whether a call may be made now; none if not. The clock is looked at only where it matters: while it is closed and no call is slow, it
    /// does not.
    pub fn admit(&self, now_ns: impl FnOnce() -> u64) -> Option<Admitted> {
        let phase = self.phase.load(Ordering::Acquire);
        if phase & KIND == CLOSED {
            let began_ns = if self.rule.slow.is_some() { now_ns() } else { 0 };
            return Some(Admitted { phase, began_ns });
        }
        self.admit_probe(now_ns())
    }

    #[cold]
    fn admit_probe(&self, now_ns: u64) -> Option<Admitted> {
        let mut state = self.lock();
        let mut phase = self.phase.load(Ordering::Acquire);
        if phase & KIND == OPEN && now_ns >= state.until_ns {
            state.probes = (0, 0);
            phase = self.enter(HALF_OPEN);
        }
        let passes = match phase & KIND {
            CLOSED => true,
            HALF_OPEN => state.probes.0 < self.rule.probes,
            _ => false,
        };
        if !passes {
            state.counts.refused += 1;
            return None;
        }
        state.probes.0 += u32::from(phase & KIND == HALF_OPEN);
        Some(Admitted { phase, began_ns: now_ns })
    }

    /// A call has ended that was admitted.
    pub fn ended(&self, call: Admitted, now_ns: u64, how: Ended) {
        let mut state = self.lock();
        let phase = self.phase.load(Ordering::Acquire);
        if call.phase != phase {
            return;
        }
        // Nearly every call ends so.
        if phase & KIND == CLOSED && how == Ended::Well && self.rule.slow.is_none() {
            if state.ended(&self.rule, now_ns, false) {
                self.open_from_closed(&mut state, now_ns);
            }
            return;
        }
        self.ended_otherwise(&mut state, call, now_ns, how);
    }

    #[inline(never)]
    fn ended_otherwise(&self, state: &mut State, call: Admitted, now_ns: u64, how: Ended) {
        let slow =
            self.rule.slow.is_some_and(|slow| u128::from(now_ns.saturating_sub(call.began_ns)) > slow.as_nanos());
        state.counts.slow += u64::from(slow && how == Ended::Well);
        let bad = how == Ended::Badly || (slow && how == Ended::Well);
        match (call.phase & KIND, how) {
            (CLOSED, Ended::Unseen) => {}
            (CLOSED, _) => {
                if state.ended(&self.rule, now_ns, bad) {
                    self.open_from_closed(state, now_ns);
                }
            }
            (_, Ended::Unseen) => state.probes.0 -= 1,
            _ if bad => self.open(state, now_ns),
            _ => {
                state.probes.1 += 1;
                if state.probes.1 >= self.rule.probes {
                    state.closes(now_ns);
                    self.enter(CLOSED);
                }
            }
        }
    }

    #[inline(never)]
    fn open_from_closed(&self, state: &mut State, now_ns: u64) {
        state.since_ns = now_ns;
        self.open(state, now_ns);
    }

    fn open(&self, state: &mut State, now_ns: u64) {
        state.counts.opened += 1;
        let open_ns = u64::try_from(self.rule.open.as_nanos()).unwrap_or(u64::MAX);
        state.until_ns = now_ns.saturating_add(open_ns);
        self.enter(OPEN);
    }

    /// The next state, under the lock: a number of its own, so that what was admitted before is told from what is admitted from now on.
    fn enter(&self, kind: u64) -> u64 {
        let next = (self.phase.load(Ordering::Relaxed) | KIND) + 1 + kind;
        self.phase.store(next, Ordering::Release);
        next
    }

    /// No panic in what runs under the lock leaves it half done.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Counts a call in the closed state; whether that opens it.
    #[inline]
    fn ended(&mut self, rule: &BreakerRule, now_ns: u64, bad: bool) -> bool {
        self.row = if bad { self.row + 1 } else { 0 };
        if rule.failures.is_some_and(|failures| self.row >= failures) {
            return true;
        }
        let Some(share) = rule.share else { return false };
        let (calls, failed) = self.window.ended(now_ns, bad);
        calls >= u64::from(rule.least_calls) && failed > 0 && failed as f64 >= share * calls as f64
    }

    fn closes(&mut self, now_ns: u64) {
        self.counts.closed += 1;
        self.counts.open_ns += now_ns.saturating_sub(self.since_ns);
        self.row = 0;
        self.window.clear();
    }
}

#[cfg(test)]
mod tests;

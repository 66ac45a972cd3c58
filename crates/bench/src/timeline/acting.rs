//! Does the faults of a trial when their moments have come, on a thread of its own.
//!
//! The thread that leads a trial announces its moments and must not wait for what they bring about: a server takes its time to start
//! again. So it sends each step here, and what is done is recorded with the time at which it was in place, and undone.
//!
//! Nothing outlives the thread: what is in place when the window is over, when nobody announces anything any more, or when the thread
//! itself fails, is undone then. Once a trial was stopped nothing is begun.

mod hands;
mod in_place;

pub(crate) use hands::Hands;

use super::Timeline;
use crate::observer::StopFlag;
use cachemark_results::FaultSeen;
use in_place::InPlace;
use std::sync::mpsc::{Receiver, Sender, channel};

/// What the thread that leads announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The fault of that place is to begin.
    Begin(usize),
    /// It is to be undone.
    End(usize),
    /// The window is over: whatever is in place is undone.
    Over,
}

/// Goes on with `drive` while the steps that it announces are taken on another thread. What is in place in the end is undone before
/// this returns, and before a panic of `drive` goes on, which must drop its sender for that.
pub(crate) fn beside<T>(
    hands: &Hands<'_>,
    timeline: &Timeline,
    stop: &StopFlag,
    drive: impl FnOnce(Sender<Step>) -> T,
) -> (T, Vec<FaultSeen>) {
    let (announce, steps) = channel();
    std::thread::scope(|scope| {
        let acting = scope.spawn(move || take(hands, timeline, stop, &steps));
        let driven = drive(announce);
        match acting.join() {
            Ok(seen) => (driven, seen),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn take(hands: &Hands<'_>, timeline: &Timeline, stop: &StopFlag, steps: &Receiver<Step>) -> Vec<FaultSeen> {
    let mut in_place = InPlace::new(hands, timeline);
    for step in steps {
        match step {
            Step::Begin(_) if stop.is_stopped() => {}
            Step::Begin(place) => in_place.begin(place),
            Step::End(place) => in_place.end(place),
            Step::Over => in_place.undo_all(),
        }
    }
    in_place.conclude()
}

#[cfg(test)]
mod tests;

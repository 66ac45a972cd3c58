//! The faults that are in place, and what was seen of all of them.

use super::super::fault::PlannedFault;
use super::super::{Timeline, nanos};
use super::hands::{By, Hands};
use cachemark_core::FaultActor;
use cachemark_results::FaultSeen;

/// Faults under way. Dropped, it undoes what is in place.
pub(super) struct InPlace<'a> {
    hands: &'a Hands<'a>,
    timeline: &'a Timeline,
    /// The places of those in place, in the order in which they were begun.
    places: Vec<usize>,
    /// Of each fault.
    seen: Vec<FaultSeen>,
}

impl<'a> InPlace<'a> {
    pub(super) fn new(hands: &'a Hands<'a>, timeline: &'a Timeline) -> Self {
        let seen = hands.faults.iter().map(|fault| unseen(hands, fault)).collect();
        Self { hands, timeline, places: Vec::new(), seen }
    }

    /// Does the fault of that place.
    pub(super) fn begin(&mut self, place: usize) {
        let fault = &self.hands.faults[place];
        let by = self.hands.by(fault);
        let acts = matches!(by, By::Actor(_));
        // Harm is done from the first of it on: a server that is started again is gone while that takes.
        let began_ns = self.timeline.since_start_ns();
        if acts && fault.kind.lasts && began_ns >= self.seen[place].until_ns {
            self.seen[place].failed = Some("another fault took until after its end to be undone".to_owned());
            return;
        }
        let done = self.hands.begin(fault);
        let done_ns = self.timeline.since_start_ns();
        let seen = &mut self.seen[place];
        match done {
            Ok(()) => seen.began_ns = Some(if acts { began_ns } else { seen.at_ns }),
            Err(error) => seen.failed = Some(error.to_string()),
        }
        if !fault.kind.lasts {
            seen.ended_ns = seen.began_ns.map(|at_ns| if acts { done_ns } else { at_ns });
        }
        // One that failed may have come half the way, whatever its actor says: to undo it does no harm. Of a moment, only a process is left
        // behind: one whose restart failed.
        let is_half_done = seen.failed.is_some() && by == By::Actor(FaultActor::Process);
        if fault.kind.lasts || is_half_done {
            self.places.push(place);
        }
    }

    /// Undoes the fault of that place, if it is in place.
    pub(super) fn end(&mut self, place: usize) {
        if !self.places.contains(&place) {
            return;
        }
        let fault = &self.hands.faults[place];
        let acts = matches!(self.hands.by(fault), By::Actor(_));
        let undone = self.hands.end(fault);
        let now_ns = self.timeline.since_start_ns();
        let seen = &mut self.seen[place];
        match undone {
            Ok(()) => {
                self.places.retain(|other| *other != place);
                seen.ended_ns = seen.began_ns.map(|_| if acts { now_ns } else { seen.until_ns });
            }
            // It is tried again at the window's end.
            Err(error) => {
                seen.failed.get_or_insert_with(|| error.to_string());
            }
        }
    }

    /// Undoes whatever is in place, the last first.
    pub(super) fn undo_all(&mut self) {
        for place in self.places.clone().into_iter().rev() {
            self.end(place);
        }
    }

    /// What was seen, once nothing is in place any more. One that never came to be done was not done.
    pub(super) fn conclude(mut self) -> Vec<FaultSeen> {
        self.undo_all();
        let mut seen = std::mem::take(&mut self.seen);
        for fault in &mut seen {
            if fault.began_ns.is_none() && fault.failed.is_none() {
                fault.failed = Some(format!("the trial was over before it could be {}", fault.in_words));
            }
        }
        seen
    }
}

impl Drop for InPlace<'_> {
    fn drop(&mut self) {
        // Once concluded there is nothing left but what could not be undone, twice.
        if !self.seen.is_empty() {
            self.undo_all();
        }
    }
}

fn unseen(hands: &Hands<'_>, fault: &PlannedFault) -> FaultSeen {
    FaultSeen {
        kind: fault.kind.name.to_owned(),
        target: fault.target.name().to_owned(),
        server: hands.server(fault).to_owned(),
        in_words: fault.in_words(),
        at_ns: nanos(fault.at),
        until_ns: nanos(fault.until()),
        began_ns: None,
        ended_ns: None,
        actor: hands.by(fault).name().to_owned(),
        failed: None,
    }
}

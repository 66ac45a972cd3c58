//! Checks whether faults fit what they are done to: the window, the load, the parts, each other.

use crate::definition::check::Check;
use crate::definition::draft::Draft;
use crate::definition::mistake::{Mistake, Origin};
use crate::definition::{Arm, Catalogue, Chosen, Driving};
use crate::timeline::fault::{PlannedFault, Target};
use cachemark_core::{FaultError, FaultTarget};

/// The fewest whole intervals before the first fault: what is usual is told by them.
const BEFORE: u32 = 5;
/// The fewest whole intervals after the last: so many in a row make a recovery.
const AFTER: u32 = 3;

/// What servers there are.
pub(in crate::definition) struct Whose<'a> {
    pub(in crate::definition) catalogue: &'a Catalogue<'a>,
    pub(in crate::definition) caches: &'a [Chosen],
    pub(in crate::definition) stores: &'a [Chosen],
    pub(in crate::definition) arms: &'a [Arm],
}

/// A fault, and where it stands.
pub(super) struct Placed {
    pub(super) fault: PlannedFault,
    pub(super) origin: Origin,
}

impl Check {
    /// What comes before and after must be seen.
    pub(super) fn fit_the_window(&mut self, placed: &[Placed], driving: &Driving) {
        let (Some(first), Some(last)) = (placed.first(), placed.iter().max_by_key(|one| one.fault.until())) else {
            return;
        };
        let interval = driving.interval;
        if first.fault.at < interval * BEFORE {
            let at = first.fault.at.as_secs_f64();
            let message = format!("a fault at {at} s leaves too little to see what is usual before it");
            let least = (interval * BEFORE).as_secs_f64();
            let help = format!("at-s is at least {BEFORE} intervals (interval-ms), here {least}");
            self.mistakes.push(Mistake::new(first.origin.clone(), message).advise(help));
        }
        let needed = last.fault.until() + interval * AFTER;
        if needed > driving.duration {
            let (until, window) = (last.fault.until().as_secs_f64(), driving.duration.as_secs_f64());
            let message = format!("a fault until {until} s leaves too little to see what comes after it in {window} s");
            let help = format!(
                "make the window longer: duration-ms (--duration) at least {} ms, {AFTER} intervals more",
                needed.as_millis()
            );
            self.mistakes.push(Mistake::new(last.origin.clone(), message).advise(help));
        }
    }

    /// Arrivals come in an open loop alone; of a service neither cache nor store is seen.
    pub(super) fn fits_the_load(&mut self, one: &Placed, draft: &Draft) {
        let kind = one.fault.kind.name;
        let mut wrong = |message: String, help: &str| {
            self.mistakes.push(Mistake::new(one.origin.clone(), message).advise(help));
        };
        match one.fault.target {
            Target::Load if draft.rates.is_none() => wrong(
                format!("{kind} has no meaning in a closed loop, which has no arrivals"),
                "give an offered load with rate (arrivals per second)",
            ),
            Target::Server(target) if draft.http.is_some() => wrong(
                format!("{kind} cannot be done to the {} of a service, which is not seen", target.name()),
                "sweep over a cache and a store, or take flash-crowd",
            ),
            _ => {}
        }
    }

    /// Whether somebody can do it to each part that it would be done to.
    pub(super) fn can_be_done(&mut self, one: &Placed, whose: &Whose<'_>) {
        let Some((target, fault)) = one.fault.of_server() else { return };
        let parts = match target {
            FaultTarget::Cache => whose.caches,
            FaultTarget::Store => whose.stores,
        };
        // Without any arm there is a mistake of its own.
        if target == FaultTarget::Cache && !whose.arms.is_empty() && !whose.arms.iter().any(Arm::asks_cache) {
            let message = format!("no arm asks a cache: {} is done to none", one.fault.kind.name);
            self.mistakes
                .push(Mistake::new(one.origin.clone(), message).advise("leave it out, or take an arm that does"));
            return;
        }
        for part in parts {
            if let Err(error) = (whose.catalogue.can)(fault, part.descriptor.name) {
                let why = match error {
                    FaultError::Impossible { why, .. } => why,
                    FaultError::Failed { said, .. } => said,
                };
                let message = format!("{} cannot be done to {}", one.fault.kind.name, part.descriptor.name);
                self.mistakes.push(Mistake::new(one.origin.clone(), message).advise(why));
            }
        }
    }

    /// Two at a time on one server: it would not be known what is undone by what.
    pub(super) fn do_not_overlap(&mut self, placed: &[Placed]) {
        for (index, later) in placed.iter().enumerate() {
            let under_way = |earlier: &&Placed| {
                let both_now = earlier.fault.at == later.fault.at;
                earlier.fault.target == later.fault.target && (later.fault.at < earlier.fault.until() || both_now)
            };
            if let Some(earlier) = placed[..index].iter().find(under_way) {
                let (kind, target) = (later.fault.kind.name, later.fault.target.name());
                let at = later.fault.at.as_secs_f64();
                let message =
                    format!("{kind} of the {target} at {at} s begins while {} is in place", earlier.fault.kind.name);
                let help = format!("begin it after {} s, or end the other sooner", earlier.fault.until().as_secs_f64());
                self.mistakes.push(Mistake::new(later.origin.clone(), message).advise(help));
            }
        }
    }
}

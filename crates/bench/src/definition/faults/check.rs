//! Checks each fault by itself: its kind, its target, its times, its settings.

use super::fit::{Placed, Whose};
use super::written::WrittenFault;
use crate::definition::Driving;
use crate::definition::check::Check;
use crate::definition::draft::Draft;
use crate::definition::mistake::{Located, Mistake, Origin};
use crate::timeline::fault::{FaultKind, KINDS, PlannedFault, Target};
use cachemark_core::Settings;
use std::time::Duration;

impl Check {
    /// The faults of the draft, in the order of their beginnings.
    pub(in crate::definition) fn faults(
        &mut self,
        draft: &Draft,
        driving: &Driving,
        whose: &Whose<'_>,
    ) -> Vec<PlannedFault> {
        let mut placed: Vec<Placed> = draft.faults.iter().filter_map(|written| self.fault(written)).collect();
        placed.sort_by_key(|one| one.fault.at);
        for one in &placed {
            self.fits_the_load(one, draft);
            self.can_be_done(one, whose);
        }
        self.fit_the_window(&placed, driving);
        self.do_not_overlap(&placed);
        placed.into_iter().map(|one| one.fault).collect()
    }

    /// One of them; none if too much of it is wrong to say more.
    fn fault(&mut self, written: &WrittenFault) -> Option<Placed> {
        let Some(kind) = self.kind(written) else {
            self.target_of_any(written);
            return None;
        };
        let target = self.target(written, kind);
        let settings = self.fault_settings(written, kind);
        let at =
            self.seconds(written, written.at_s.as_ref(), "at-s", "when it begins, in seconds from the window's start");
        let lasting = self.lasting(written, kind);
        let fault = PlannedFault { at: at?, lasting: lasting?, target: target?, kind, settings: settings? };
        if let Some(why) = (kind.unfit)(&fault.settings, fault.target) {
            let message = format!("{} of the {} makes no sense as it is set", kind.name, fault.target.name());
            self.mistakes.push(Mistake::new(written.place.clone(), message).advise(why));
        }
        Some(Placed { fault, origin: written.place.clone() })
    }

    fn kind(&mut self, written: &WrittenFault) -> Option<&'static FaultKind> {
        let names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        let Some(named) = &written.kind else {
            self.lacks(written, "kind", &format!("name one of {}", names.join(", ")));
            return None;
        };
        let kind = FaultKind::named(&named.value);
        if kind.is_none() {
            self.mistakes.push(Mistake::unknown(named.origin.clone(), "kind of fault", &named.value, &names));
        }
        kind
    }

    /// What it is done to: where a kind has one target alone, it need not be named.
    fn target(&mut self, written: &WrittenFault, kind: &FaultKind) -> Option<Target> {
        let names: Vec<_> = kind.targets.iter().map(|target| target.name()).collect();
        let Some(named) = &written.target else {
            if let [only] = kind.targets {
                return Some(*only);
            }
            self.lacks(written, "target", &format!("name one of {}", names.join(", ")));
            return None;
        };
        if let Some(target) = kind.targets.iter().find(|target| target.name() == named.value) {
            return Some(*target);
        }
        let known = Target::ALL.iter().any(|target| target.name() == named.value);
        let mistake = if known {
            let message = format!("{} cannot be done to the {}", kind.name, named.value);
            Mistake::new(named.origin.clone(), message).advise(format!("its target is {}", names.join(" or ")))
        } else {
            Mistake::unknown(named.origin.clone(), "target", &named.value, &names)
        };
        self.mistakes.push(mistake);
        None
    }

    /// Of a fault whose kind is not known: that its target is one of some kind.
    fn target_of_any(&mut self, written: &WrittenFault) {
        let names = Target::ALL.map(Target::name);
        if let Some(named) = written.target.as_ref().filter(|named| !names.contains(&named.value.as_str())) {
            self.mistakes.push(Mistake::unknown(named.origin.clone(), "target", &named.value, &names));
        }
    }

    fn lasting(&mut self, written: &WrittenFault, kind: &FaultKind) -> Option<Duration> {
        match (&written.for_s, kind.lasts) {
            (None, false) => Some(Duration::ZERO),
            (Some(given), false) => {
                let message = format!("for-s has no meaning for {}, which is over once it is done", kind.name);
                self.mistakes.push(Mistake::new(given.origin.clone(), message).advise("leave it out"));
                None
            }
            (Some(given), true) if given.value <= 0.0 => {
                let message = format!("{} for no time at all is no fault", kind.name);
                self.mistakes.push(Mistake::new(given.origin.clone(), message).advise("give for-s above 0"));
                None
            }
            (given, true) => self.seconds(written, given.as_ref(), "for-s", "how long it lasts, in seconds"),
        }
    }

    fn seconds(
        &mut self,
        written: &WrittenFault,
        given: Option<&Located<f64>>,
        name: &str,
        says: &str,
    ) -> Option<Duration> {
        if given.is_none() {
            self.lacks(written, name, &format!("it says {says}"));
        }
        // To the millisecond, as all times of a definition are.
        given.map(|given| Duration::from_millis((given.value * 1000.0).round() as u64))
    }

    fn lacks(&mut self, written: &WrittenFault, field: &str, help: &str) {
        // Of one whose fields were refused it is not known which it lacks.
        if !written.spoilt {
            let message = format!("a fault without {field}");
            self.mistakes.push(Mistake::new(written.place.clone(), message).advise(help));
        }
    }

    fn fault_settings(&mut self, written: &WrittenFault, kind: &FaultKind) -> Option<Settings> {
        let mut settings = Settings::defaults(kind.settings);
        let before = self.mistakes.len();
        for given in &written.settings {
            if !kind.settings.iter().any(|setting| setting.name == given.name.value) {
                let known: Vec<_> =
                    FIELDS.into_iter().chain(kind.settings.iter().map(|setting| setting.name)).collect();
                let what = format!("setting of {}", kind.name);
                self.mistakes.push(Mistake::unknown(given.name.origin.clone(), &what, &given.name.value, &known));
                continue;
            }
            let Some(setting) = self.setting(given, kind.name, kind.settings) else { continue };
            match self.values(given, &setting).as_deref() {
                Some([value]) => settings.put(&setting, value.clone()),
                Some(_) => self.mistakes.push(several(given.name.origin.clone(), setting.name)),
                None => {}
            }
        }
        (self.mistakes.len() == before).then_some(settings)
    }
}

/// What every fault has.
const FIELDS: [&str; 4] = ["at-s", "for-s", "target", "kind"];

fn several(origin: Origin, name: &str) -> Mistake {
    let help = "every arm goes through the same faults; write a definition for each value";
    Mistake::new(origin, format!("{name} of a fault takes one value")).advise(help)
}

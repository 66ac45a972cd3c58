//! Lifetimes that a cache of the sweep cannot keep.

use super::arms::Resolved;
use super::check::Check;
use super::mistake::Mistake;
use super::{Catalogue, Chosen};
use cachemark_core::Settings;
use std::time::Duration;

/// The settings that are lifetimes, in milliseconds.
const LIFETIMES: [&str; 2] = ["ttl-ms", "negative-ttl-ms"];

impl Check {
    /// Refuses each lifetime, at its place, that may be drawn below the step in which a cache of the sweep counts: it would
    /// be measured at twice its length or more, under its name.
    pub(super) fn lifetimes(&mut self, catalogue: &Catalogue<'_>, arms: &[Resolved], caches: &[Chosen]) {
        let coarse: Vec<(&str, Duration)> = caches
            .iter()
            .filter_map(|cache| Some((cache.descriptor.name, (catalogue.ttl_step)(cache.descriptor.name)?)))
            .collect();
        for resolved in arms {
            let settings = &resolved.arm.strategy.settings;
            for lifetime in LIFETIMES {
                let Some(origin) = resolved.place_of(lifetime) else { continue };
                let given = settings.integer(lifetime);
                for &(cache, step) in &coarse {
                    let least = least_ms(settings, step);
                    if given > 0 && given < least {
                        let mistake = below(lifetime, given, cache, step, least).at(origin.clone());
                        // Of arms that have it from one place, one is enough.
                        if !self.mistakes.contains(&mistake) {
                            self.mistakes.push(mistake);
                        }
                    }
                }
            }
        }
    }
}

/// The least lifetime whose jitter does not take it below `step`, in ms; with a jitter of 1 there is none.
fn least_ms(settings: &Settings, step: Duration) -> u64 {
    let jitter = if settings.iter().any(|(name, _)| name == "ttl-jitter") { settings.ratio("ttl-jitter") } else { 0.0 };
    if jitter >= 1.0 {
        return u64::MAX;
    }
    // A hair less, so that 1,000 ms over a jitter of none stay 1,000.
    ((step.as_millis() as f64 / (1.0 - jitter)) - 1e-6).ceil() as u64
}

struct Below(String, String);

impl Below {
    fn at(self, origin: super::Origin) -> Mistake {
        Mistake::new(origin, self.0).advise(self.1)
    }
}

fn below(lifetime: &str, given: u64, cache: &str, step: Duration, least: u64) -> Below {
    let message =
        format!("{lifetime} = {given} may come below the step of {cache}, which counts lifetimes in {step:?}");
    let most = step * 2;
    let jitter =
        if least == u64::try_from(step.as_millis()).unwrap_or(u64::MAX) { "" } else { " (its ttl-jitter in mind)" };
    let better = if least == u64::MAX {
        "with a ttl-jitter of 1 no lifetime is long enough: take less jitter".to_owned()
    } else {
        format!("take {least} or more{jitter}")
    };
    let help = format!("{cache} would keep such an entry for up to {most:?}: {better}, or leave {cache} out");
    Below(message, help)
}

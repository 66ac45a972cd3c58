//! Lifetimes that a cache of the sweep cannot keep.

use super::arms::Resolved;
use super::check::Check;
use super::mistake::Mistake;
use super::{Catalogue, Chosen};
use cachemark_core::Lifetime;
use std::time::Duration;

impl Check {
    /// Refuses each lifetime, at its place, that may be drawn below the step in which a cache of the sweep counts: it would
    /// be measured at twice its length or more, under its name.
    pub(super) fn lifetimes(&mut self, catalogue: &Catalogue<'_>, arms: &[Resolved], caches: &[Chosen]) {
        let coarse: Vec<(&str, Duration)> = caches
            .iter()
            .filter_map(|cache| Some((cache.descriptor.name, (catalogue.ttl_step)(cache.descriptor.name)?)))
            .collect();
        for resolved in arms {
            for lifetime in &resolved.arm.strategy.model().lifetimes {
                let Some(origin) = resolved.place_of(lifetime.setting) else { continue };
                for &(cache, step) in &coarse {
                    let least = least(lifetime, step);
                    if lifetime.length < least {
                        let mistake = below(lifetime, cache, step, least).at(origin.clone());
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

/// The least length, in whole milliseconds, at which the jitter does not take the lifetime below `step`; with a jitter of 1
/// there is none.
fn least(lifetime: &Lifetime, step: Duration) -> Duration {
    if lifetime.jitter >= 1.0 {
        return Duration::MAX;
    }
    // A hair less, so that 1,000 ms over a jitter of none stay 1,000.
    Duration::from_millis(((step.as_millis() as f64 / (1.0 - lifetime.jitter)) - 1e-6).ceil() as u64)
}

struct Below(String, String);

impl Below {
    fn at(self, origin: super::Origin) -> Mistake {
        Mistake::new(origin, self.0).advise(self.1)
    }
}

fn below(lifetime: &Lifetime, cache: &str, step: Duration, least: Duration) -> Below {
    let Lifetime { setting, jitter_setting, length, .. } = lifetime;
    let given = length.as_millis();
    let message = format!("{setting} = {given} may come below the step of {cache}, which counts lifetimes in {step:?}");
    let most = step * 2;
    let jitter = if least == step { String::new() } else { format!(" (its {jitter_setting} in mind)") };
    let better = if least == Duration::MAX {
        format!("with a {jitter_setting} of 1 no lifetime is long enough: take less jitter")
    } else {
        format!("take {} or more{jitter}", least.as_millis())
    };
    let help = format!("{cache} would keep such an entry for up to {most:?}: {better}, or leave {cache} out");
    Below(message, help)
}

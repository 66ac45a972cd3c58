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
                    if lifetime.own() < least {
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

/// The least that its setting has to say, in whole milliseconds, for the jitter not to take the lifetime below `step`; with a jitter
/// of 1 there is none.
fn least(lifetime: &Lifetime, step: Duration) -> Duration {
    /// So that 1,000 ms over a jitter of none stay 1,000, and a jitter of 1 that was a share of a sum is 1 again.
    const HAIR: f64 = 1e-6;
    let own = lifetime.own();
    let jitter = lifetime.jitter * lifetime.length.div_duration_f64(own);
    let step = step.saturating_sub(lifetime.length - own);
    if jitter >= 1.0 - HAIR && !step.is_zero() {
        return Duration::MAX;
    }
    Duration::from_millis(((step.as_millis() as f64 / (1.0 - jitter)) - HAIR).ceil() as u64)
}

struct Below(String, String);

impl Below {
    fn at(self, origin: super::Origin) -> Mistake {
        Mistake::new(origin, self.0).advise(self.1)
    }
}

fn below(lifetime: &Lifetime, cache: &str, step: Duration, least: Duration) -> Below {
    let Lifetime { setting, jitter_setting, added, .. } = lifetime;
    let given = lifetime.own().as_millis();
    let message = match added {
        None => format!("{setting} = {given} may come below"),
        Some((other, added)) => {
            format!("{setting} = {given} and {other} = {} make a lifetime that may come below", added.as_millis())
        }
    };
    let message = format!("{message} the step of {cache}, which counts lifetimes in {step:?}");
    let most = step * 2;
    let jitter = if lifetime.jitter == 0.0 { String::new() } else { format!(" (its {jitter_setting} in mind)") };
    let which = if added.is_some() { format!("{setting} = ") } else { String::new() };
    let better = if least == Duration::MAX {
        format!("with a {jitter_setting} of 1 no lifetime is long enough: take less jitter")
    } else {
        format!("take {which}{} or more{jitter}", least.as_millis())
    };
    let help = format!("{cache} would keep such an entry for up to {most:?}: {better}, or leave {cache} out");
    Below(message, help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::Remembered;

    const SECOND: Duration = Duration::from_secs(1);

    /// `ms` that are spread by `jitter`, and `added` that aren't.
    fn of(ms: u64, added: Option<u64>, jitter: f64) -> Lifetime {
        let length = Duration::from_millis(ms + added.unwrap_or(0));
        Lifetime {
            of: Remembered::Value,
            length,
            added: added.map(|added| ("stale-ms", Duration::from_millis(added))),
            jitter: jitter * ms as f64 / length.as_millis() as f64,
            renewed: false,
            setting: "fresh-ms",
            jitter_setting: "ttl-jitter",
        }
    }

    #[test]
    fn what_a_setting_has_to_say_at_least_leaves_the_step_under_jitter() {
        let least = |lifetime: Lifetime| super::least(&lifetime, SECOND).as_millis();
        assert_eq!(least(of(100, None, 0.0)), 1000);
        assert_eq!(least(of(100, None, 0.1)), 1112);
        // 667 less a tenth, and 400.
        assert_eq!([600, 100].map(|fresh| least(of(fresh, Some(400), 0.1))), [667, 667]);
        assert_eq!(least(of(1, Some(1000), 1.0)), 0);
        for added in [None, Some(400)] {
            assert_eq!(super::least(&of(7, added, 1.0), SECOND), Duration::MAX);
        }
    }

    #[test]
    fn of_a_sum_each_setting_is_named_with_what_it_says() {
        let said = |lifetime: Lifetime| {
            let Below(message, help) = below(&lifetime, "memcached", SECOND, least(&lifetime, SECOND));
            format!("{message} ({help})")
        };
        let sum = said(of(600, Some(400), 0.1));
        assert!(sum.starts_with("fresh-ms = 600 and stale-ms = 400 make a lifetime that may come below"), "{sum}");
        assert!(sum.contains("take fresh-ms = 667 or more (its ttl-jitter in mind)"), "{sum}");
        let alone = said(of(900, None, 0.0));
        assert!(
            alone.starts_with("fresh-ms = 900 may come below") && alone.contains("take 1000 or more, or"),
            "{alone}"
        );
    }
}

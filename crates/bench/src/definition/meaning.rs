//! Which figures no trial of a run could have: neither a verdict nor an assertion can be on one.

use super::Arm;
use super::draft::Draft;
use cachemark_results::figure::{Figure, Needs};

/// Why no trial would have the figure, as what it is, and what to do about it; none if one may.
pub(super) fn without_meaning(figure: &Figure, draft: &Draft, arms: &[Arm]) -> Option<(&'static str, String)> {
    let open_loop = draft.rates.is_some();
    // Services say what their caches did, and the calls to them are not seen.
    let of_services = draft.http.is_some();
    // Without any arm there is a mistake of its own.
    let asks_a_cache = of_services || arms.is_empty() || arms.iter().any(Arm::asks_cache);
    match figure.needs {
        Needs::Faults if draft.faults.is_empty() => {
            Some(("a figure of faults, and the definition has none", "leave it out, or write a [[fault]]".to_owned()))
        }
        needs if needs.open_loop() && !open_loop => {
            let instead = figure.in_a_closed_loop().map(|figure| format!(", or take {}", figure.name));
            let help = format!("give an offered load with rate (arrivals per second){}", instead.unwrap_or_default());
            Some(("a figure of an open loop alone, and this is a closed one", help))
        }
        needs if needs.oracle() && draft.oracle.as_ref().is_some_and(|on| !on.value) => Some((
            "a figure of the oracle, which is left out",
            "leave out --oracle off (oracle = false in [run])".to_owned(),
        )),
        needs if needs.audit() && of_services => Some((
            "a figure of the audit, which does not see the store and the cache of a service",
            "leave it out".to_owned(),
        )),
        needs if needs.audit() && draft.audit_keys.as_ref().is_some_and(|most| most.value == 0) => Some((
            "a figure of the audit, which is left out",
            "leave out --audit-keys 0 (audit-keys = 0 in [run])".to_owned(),
        )),
        Needs::Lookups | Needs::CacheCalls | Needs::Audit { of_writes: false } if !asks_a_cache => Some((
            "a figure of what asks a cache, and no arm does",
            "leave it out, or take an arm that does".to_owned(),
        )),
        Needs::CacheCalls if of_services => {
            Some(("a figure of calls to a cache, and those of a service are not seen", "leave it out".to_owned()))
        }
        needs if needs.store_calls() && of_services => {
            Some(("a figure of calls to a store, and those of a service are not seen", "leave it out".to_owned()))
        }
        _ => None,
    }
}

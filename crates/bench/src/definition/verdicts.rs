//! Which figures verdicts are given on: each has to be one that this sweep can have.

use super::Arm;
use super::check::{Check, twice};
use super::draft::Draft;
use super::mistake::{Located, Mistake};
use cachemark_results::figure::{FIGURES, Figure, Needs, THROUGHPUT, response};

/// What verdicts are on if nothing is said: what a closed loop achieves, and how long the users of an open loop wait.
pub(super) fn by_default(open_loop: bool) -> Vec<&'static Figure> {
    vec![if open_loop { response::P99 } else { THROUGHPUT }]
}

impl Check {
    /// The figures asked for, in their order.
    pub(super) fn verdict_on(&mut self, draft: &Draft, arms: &[Arm]) -> Vec<&'static Figure> {
        let Some(asked) = &draft.verdict_on else { return by_default(draft.rates.is_some()) };
        let mut figures: Vec<&'static Figure> = Vec::new();
        for name in asked {
            let Some(figure) = Figure::named(&name.value) else {
                let known: Vec<_> = FIGURES.iter().map(|figure| figure.name).collect();
                self.mistakes.push(Mistake::unknown(name.origin.clone(), "figure", &name.value, &known));
                continue;
            };
            if figures.contains(&figure) {
                self.mistakes.push(twice(name.origin.clone(), "figure", figure.name));
            }
            self.mistakes.extend(without_meaning(figure, name, draft, arms));
            figures.push(figure);
        }
        figures
    }
}

/// A figure that no trial of the sweep would have.
fn without_meaning(figure: &Figure, name: &Located<String>, draft: &Draft, arms: &[Arm]) -> Option<Mistake> {
    let open_loop = draft.rates.is_some();
    // Services say what their caches did, and the calls to them are not seen.
    let of_services = draft.http.is_some();
    let asks_a_cache = of_services || arms.iter().any(Arm::asks_cache);
    let (why, help) = match figure.needs {
        needs if needs.open_loop() && !open_loop => {
            let instead = figure.in_a_closed_loop().map(|figure| format!(", or take {}", figure.name));
            let help = format!("give an offered load with rate{}", instead.unwrap_or_default());
            ("a figure of an open loop alone, and this is a closed one", help)
        }
        needs if needs.oracle() && draft.oracle.as_ref().is_some_and(|on| !on.value) => {
            ("a figure of the oracle, which is left out", "leave out --oracle off (oracle = false in [run])".to_owned())
        }
        Needs::Lookups | Needs::CacheCalls if !asks_a_cache => {
            ("a figure of what asks a cache, and no arm does", "leave it out, or compare an arm that does".to_owned())
        }
        Needs::CacheCalls if of_services => {
            ("a figure of calls to a cache, and those of a service are not seen", "leave it out".to_owned())
        }
        _ => return None,
    };
    Some(Mistake::new(name.origin.clone(), format!("no verdict on {}: it is {why}", figure.name)).advise(help))
}

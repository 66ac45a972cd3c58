//! What a run has to keep to: read, and held against the parts that exist. Whether it was kept to is judged from the record.

use super::catalogue::Catalogue;
use super::draft::Draft;
use super::mistake::{Located, Mistake, Origin};
use cachemark_core::Descriptor;
use cachemark_results::Assertion;
use cachemark_results::assertion::AssertionError;

/// The assertions of file and flags, each once.
pub(super) fn check(draft: &Draft, catalogue: &Catalogue<'_>, mistakes: &mut Vec<Mistake>) -> Vec<Assertion> {
    let mut assertions: Vec<Assertion> = Vec::new();
    for text in draft.assertions.iter().flatten() {
        match text.value.parse::<Assertion>() {
            Ok(assertion) => {
                names(&assertion, text, catalogue, mistakes);
                if draft.rates.is_none() && assertion.metric.is_response_time() {
                    mistakes.push(without_response(&assertion, text));
                }
                if !assertions.contains(&assertion) {
                    assertions.push(assertion);
                }
            }
            Err(AssertionError::Unknown { what, given, known }) => {
                mistakes.push(Mistake::unknown(text.origin.clone(), what, &given, &known));
            }
            Err(error) => mistakes.push(Mistake::new(text.origin.clone(), error.to_string())),
        }
    }
    assertions
}

/// A name that no part has would only show after the run, as an assertion that no cell fits.
fn names(assertion: &Assertion, text: &Located<String>, catalogue: &Catalogue<'_>, mistakes: &mut Vec<Mistake>) {
    let mut hold = |what: &str, given: &Option<String>, known: &[Descriptor]| {
        let Some(given) = given else { return };
        let names: Vec<_> = known.iter().map(|part| part.name).collect();
        if !names.contains(&given.as_str()) {
            mistakes.push(Mistake::unknown(text.origin.clone(), what, given, &names));
        }
    };
    hold("strategy", &assertion.selector.strategy, catalogue.strategies);
    hold("cache", &assertion.selector.cache, catalogue.caches);
    hold("store", &assertion.selector.store, catalogue.stores);
}

/// It would be found out only after the run, as a figure that no trial has.
fn without_response(assertion: &Assertion, text: &Located<String>) -> Mistake {
    let name = assertion.metric.name();
    let message = format!("{name} is a figure of an open loop alone, and this is a closed one");
    let service = name.replace("response", "service");
    Mistake::new(text.origin.clone(), message)
        .advise(format!("give an offered load with rate (arrivals per second), or assert {service}"))
}

impl Draft {
    /// Adds the assertions of flags to the file's: a gate that a definition brings is not taken down by another.
    pub(super) fn add_assertions(&mut self, given: Vec<String>) {
        let flag = |value| Located { value, origin: Origin::Flag("--assert") };
        self.assertions.get_or_insert_default().extend(given.into_iter().map(flag));
    }
}

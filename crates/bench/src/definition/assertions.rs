//! What a run has to keep to: read, and held against the parts that exist. Whether it was kept to is judged from the record.

use super::arm::Arm;
use super::catalogue::Catalogue;
use super::draft::Draft;
use super::meaning::without_meaning;
use super::mistake::{Located, Mistake, Origin};
use cachemark_core::PartKind;
use cachemark_results::Assertion;
use cachemark_results::assertion::AssertionError;
use cachemark_results::axis::AXES;

/// The assertions of file and flags, each once.
pub(super) fn check(
    draft: &Draft,
    catalogue: &Catalogue<'_>,
    arms: &[Arm],
    mistakes: &mut Vec<Mistake>,
) -> Vec<Assertion> {
    let mut assertions: Vec<Assertion> = Vec::new();
    for text in draft.assertions.iter().flatten() {
        let read = if draft.recorded { Assertion::recorded(&text.value) } else { text.value.parse() };
        match read {
            Ok(assertion) => {
                names(&assertion, text, catalogue, arms, mistakes);
                // It would be found out only after the run, as a figure that no trial has.
                if let Some((why, help)) = without_meaning(assertion.figure, draft, arms) {
                    let message = format!("no assertion on {}: it is {why}", assertion.figure.name);
                    mistakes.push(Mistake::new(text.origin.clone(), message).advise(help));
                }
                if draft.oracle.as_ref().is_some_and(|on| !on.value) && assertion.figure.needs.oracle() {
                    let message = format!("{} is a figure of the oracle, which is left out", assertion.figure.name);
                    let help = "leave out --oracle off (oracle = false in [run])";
                    mistakes.push(Mistake::new(text.origin.clone(), message).advise(help));
                }
                if !assertions.contains(&assertion) {
                    assertions.push(assertion);
                }
            }
            Err(AssertionError::Unknown { unknown }) => {
                mistakes.push(Mistake::new(text.origin.clone(), unknown.to_string()).advise(unknown.help()));
            }
            Err(error) => mistakes.push(Mistake::new(text.origin.clone(), error.to_string())),
        }
    }
    assertions
}

/// A name that no part has would only show after the run, as an assertion that no cell fits.
fn names(
    assertion: &Assertion,
    text: &Located<String>,
    catalogue: &Catalogue<'_>,
    arms: &[Arm],
    mistakes: &mut Vec<Mistake>,
) {
    for (setting, _) in &assertion.selector.settings {
        let axes = || arms.iter().flat_map(|arm| &arm.axes).map(|(name, _)| name.as_str());
        let same = |name: &str| name.replace('-', "_") == setting.replace('-', "_");
        if !axes().any(same) {
            let mut known = vec!["store"];
            known.extend(AXES.iter().map(|axis| axis.name));
            axes().for_each(|name| {
                if !known.contains(&name) {
                    known.push(name)
                }
            });
            mistakes.push(Mistake::unknown(text.origin.clone(), "condition", setting, &known));
        }
    }
    let mut hold = |what: &str, given: &Option<String>, names: Vec<&str>| {
        let Some(given) = given else { return };
        if !names.contains(&given.as_str()) {
            mistakes.push(Mistake::unknown(text.origin.clone(), what, given, &names));
        }
    };
    let of = |kind| catalogue.of(kind).iter().map(|part| part.name);
    let mut known: Vec<&str> = arms.iter().map(|arm| arm.group.as_str()).collect();
    known.dedup();
    // A strategy that takes no part is told of once the cells are known. Services that a command is to name are not known yet.
    let takes_no_part =
        assertion.selector.arm.as_deref().is_some_and(|arm| of(PartKind::Strategy).any(|name| name == arm));
    if !arms.is_empty() && !takes_no_part {
        hold("arm", &assertion.selector.arm, known);
    }
    hold("cache", &assertion.selector.cache, of(PartKind::Cache).collect());
    hold("store", &assertion.selector.store, of(PartKind::Store).collect());
}

impl Draft {
    /// Adds the assertions of flags to the file's: a gate that a definition brings is not taken down by another.
    pub(super) fn add_assertions(&mut self, given: Vec<String>) {
        let flag = |value| Located { value, origin: Origin::Flag("--assert") };
        self.assertions.get_or_insert_default().extend(given.into_iter().map(flag));
    }
}

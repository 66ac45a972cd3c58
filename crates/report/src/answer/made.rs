//! A heading made from what is compared.

use super::lists::NAMED;
use crate::analysis::{Analysis, Subject};
use crate::units;
use cachemark_results::Run;

pub(super) fn heading(run: &Run, analysis: &Analysis<'_>) -> String {
    let arms: Vec<&str> =
        analysis.variants.iter().filter(|variant| !variant.control).map(|variant| variant.label.as_str()).collect();
    let reference = analysis.families.first().map(|family| analysis.label(&analysis.cells[family.reference]));
    let others: Vec<&str> = arms.iter().filter(|arm| Some(**arm) != reference).copied().collect();
    let over = match analysis.stacks.as_slice() {
        [one] if analysis.subject != Subject::Service => format!(" over {}", one.label),
        _ => String::new(),
    };
    let compared = match reference {
        Some(reference) if !others.is_empty() => format!("{} against {reference}", some(analysis.subject, &others)),
        _ => some(analysis.subject, &arms),
    };
    let heading = match run.manifest.is_search() {
        true => format!("How much load {} bear{over}", some(analysis.subject, &arms)),
        false => format!("{compared}{over}"),
    };
    if arms.is_empty() { run.manifest.name.clone() } else { heading }
}

/// Their names, or how many there are.
fn some(subject: Subject, names: &[&str]) -> String {
    if names.len() <= NAMED {
        return units::listed(names);
    }
    let plural = match subject {
        Subject::Strategy => "strategies",
        Subject::Arm => "arms",
        Subject::Service => "services",
    };
    format!("{} {plural}", names.len())
}

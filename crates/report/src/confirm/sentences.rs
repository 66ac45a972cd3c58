//! What is said of a confirmation, for all faces alike.

use super::{Confirmation, ConfirmedRow, RowAgreement};
use crate::compare::Aspect;
use crate::tables::counted;
use crate::units;
use std::collections::BTreeMap;

/// So many rows or differences are named where there may be many.
const NAMED: usize = 4;

/// What came out, in a sentence.
pub(super) fn conclusion(found: &Confirmation) -> String {
    let [agrees, differs, unclear] =
        [RowAgreement::Agrees, RowAgreement::Differs, RowAgreement::CannotTell].map(|says| found.count(says));
    let quiet = found.rows.iter().filter(|row| row.is_quiet());
    let (quiet, quiet_agree) =
        quiet.fold((0, 0), |(all, agree), row| (all + 1, agree + usize::from(row.says() == RowAgreement::Agrees)));
    let of_quiet = match quiet {
        0 => "In none is the A/A control quiet in both records.".to_owned(),
        _ => format!("Where the A/A control is quiet in both records, {quiet_agree} of {quiet} agree."),
    };
    format!(
        "Of {}, {agrees} {}, {differs} {}, and {unclear} can't be told. {of_quiet}",
        counted(found.rows.len(), "row"),
        if agrees == 1 { "agrees" } else { "agree" },
        if differs == 1 { "differs" } else { "differ" },
    )
}

/// `Confirmation of embedded-default`.
pub(super) fn title(found: &Confirmation) -> String {
    format!("Confirmation of {}", found.published.folder)
}

/// What must be seen before any row.
pub(super) fn warnings(found: &Confirmation) -> Vec<String> {
    let mut lines: Vec<String> = found.untrusted.iter().map(|line| format!("not to be trusted: {line}")).collect();
    for (side, of) in [(&found.published, "published"), (&found.here, "here")] {
        if side.unoptimised {
            lines.push(format!("{of}: built without optimisation, whose figures are no evidence"));
        }
    }
    if found.different().next().is_some() && !found.is_contradicted() {
        lines.push(
            "what differs does so only where an A/A control strays or is missing: no evidence against either".into(),
        );
    }
    lines
}

/// The rule, in sentences.
pub(super) fn rule(found: &Confirmation) -> String {
    let margin = units::percent(found.margin);
    format!(
        "A row agrees if both intervals lie on the same side of 1 (of 0, of differences), or both within {margin}. It differs if they lie on \
         opposite sides, or if the gap between two ratios is wider than {margin}. Else it can't be told. Intervals: exact, 95 %, each \
         comparison by itself, not adjusted for {}. Controls: quiet if the whole interval of the reference's second run is within {margin}; published/here where they are not alike.",
        counted(found.rows.len(), "row")
    )
}

/// What has to be known to read the rows.
pub(super) fn notes(found: &Confirmation) -> Vec<String> {
    let mut notes = vec![rule(found)];
    notes.extend(found.shortened.costs());
    notes.extend(found.wider.map(|wider| {
        format!("Intervals are {} times as wide here as published (median over rows).", units::ratio(wider))
    }));
    notes.extend(sizes(found));
    notes.extend(unclear(found));
    if found.is_of_one_machine() {
        notes.push("Machine and servers are those of the published record: this shows that it can be repeated, not that it holds elsewhere.".into());
    }
    notes
}

/// The rows that agree by their side and not in size.
fn sizes(found: &Confirmation) -> Option<String> {
    let rows: Vec<&ConfirmedRow> = found.rows.iter().filter(|row| row.is_of_another_size()).collect();
    (!rows.is_empty())
        .then(|| format!("The side is the same and the size is not (intervals don't overlap): {}.", named(&rows)))
}

/// Why rows can't be told, those alike together.
fn unclear(found: &Confirmation) -> Vec<String> {
    let mut reasons: BTreeMap<&str, Vec<&ConfirmedRow>> = BTreeMap::new();
    for row in &found.rows {
        if let Some(why) = row.why() {
            reasons.entry(why).or_default().push(row);
        }
    }
    reasons.into_iter().map(|(why, rows)| format!("Can't tell: {why} ({}).", named(&rows))).collect()
}

fn named(rows: &[&ConfirmedRow]) -> String {
    let name = |row: &&ConfirmedRow| format!("{} of {}, {}", row.title, row.label, row.family);
    if rows.len() > NAMED { counted(rows.len(), "row") } else { rows.iter().map(name).collect::<Vec<_>>().join("; ") }
}

/// In what the records differ, without their folders: a line for each aspect, the first of them alone.
pub(super) fn differences(found: &Confirmation) -> impl Iterator<Item = String> {
    Aspect::ALL.into_iter().filter_map(move |aspect| of_aspect(found, aspect))
}

fn of_aspect(found: &Confirmation, aspect: Aspect) -> Option<String> {
    let of = found.differences.iter().filter(|difference| difference.aspect == aspect);
    let lines: Vec<String> = of.map(crate::compare::AspectDifference::in_words).collect();
    let more = lines.len().saturating_sub(NAMED);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let shown = lines.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    (!lines.is_empty()).then(|| format!("Not the same {}, published against here: {shown}{more}.", aspect.name()))
}

//! A confirmation as data.

use super::{Confirmation, ConfirmedRow, RowAgreement, Side, sentences};
use crate::analysis::Compared;
use cachemark_stats::Interval;
use serde_json::{Map, Value, json};

/// What a confirmation says, as numbers: ratios, differences in the figure's unit (times in ns, shares from 0 to 1); null is what was not measured.
#[must_use]
pub fn confirmation_json(found: &Confirmation) -> Map<String, Value> {
    let count = |says| found.count(says);
    let told = json!({
        "conclusion": found.conclusion(),
        "published": side(&found.published),
        "here": side(&found.here),
        "margin": found.margin,
        "agree": count(RowAgreement::Agrees),
        "differ": count(RowAgreement::Differs),
        "cannot_tell": count(RowAgreement::CannotTell),
        "contradicted": found.is_contradicted(),
        "same_machine": found.is_of_one_machine(),
        "intervals_wider": found.wider,
        "blocks": found.shortened.blocks,
        "window_s": found.shortened.window_s,
        "shortened": found.shortened.costs(),
        "trusted": found.untrusted.is_empty(),
        "reasons": sentences::warnings(found),
        "differences": found.differences.iter().map(|difference| json!({
            "aspect": difference.aspect.name(),
            "what": difference.difference.what,
            "published": difference.difference.then,
            "here": difference.difference.now,
        })).collect::<Vec<_>>(),
        "rows": found.rows.iter().map(row).collect::<Vec<_>>(),
    });
    match told {
        Value::Object(told) => told,
        _ => Map::new(),
    }
}

fn side(side: &Side) -> Value {
    json!({ "record": side.folder, "name": side.name, "made": side.made })
}

fn row(row: &ConfirmedRow) -> Value {
    json!({
        "figure": row.figure.name,
        "family": row.family,
        "label": row.label,
        "published": compared(&row.published),
        "here": row.here.as_ref().map(compared),
        "published_control": row.controls[0].in_words(),
        "control": row.controls[1].in_words(),
        "quiet": row.is_quiet(),
        "says": row.says().in_words(),
        "another_size": row.is_of_another_size(),
        "why": row.why(),
    })
}

fn compared(compared: &Compared) -> Value {
    let ends = |interval: Option<Interval>| interval.map(|found| [found.low, found.high]);
    let found = &compared.comparison;
    json!({
        "ratio": found.ratio,
        "interval": ends(found.interval),
        "difference": found.difference,
        "difference_interval": ends(found.difference_interval),
        "pairs": found.pairs,
    })
}

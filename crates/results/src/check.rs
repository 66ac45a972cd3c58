//! Whether the parts of a record belong together: what makes room for a number must not believe just any number.

use crate::{Manifest, RecordError, Run, Series, Trial};
use serde_json::Value;
use std::path::PathBuf;

/// Refuses trials that cannot be of this record: one number twice, or a block beyond all that there are. Every table and chart
/// has room for as many blocks as the last one's number says.
pub(crate) fn trials(
    manifest: &Manifest,
    trials: &[Trial],
    path: impl Fn(&Trial) -> PathBuf,
) -> Result<(), RecordError> {
    let refuse = |trial: &Trial, detail: String| Err(RecordError::Malformed { path: path(trial), detail });
    // A search counts its probes as blocks, and may have been stopped before its manifest had the last one.
    let blocks = manifest.blocks.len().max(trials.len());
    for (index, trial) in trials.iter().enumerate() {
        if trial.block as usize >= blocks {
            let detail = format!("it says that it is of block {}, and the record has {blocks}, from 0", trial.block);
            return refuse(trial, detail);
        }
        if index > 0 && trials[index - 1].number == trial.number {
            return refuse(trial, format!("it says that it is trial {}, and another says so too", trial.number));
        }
    }
    Ok(())
}

/// The greatest count, or number of nanoseconds, of a trial: 13 days, and a thousand of them can be added up.
const GREATEST: u64 = 1 << 50;

/// Refuses a trial with a number that nobody measures.
pub(crate) fn trial(trial: &Trial, path: PathBuf) -> Result<(), RecordError> {
    let mut fields = serde_json::to_value(trial).unwrap_or_default();
    // What servers count is theirs, and is added to nothing.
    for theirs in ["cache_counters", "store_counters"] {
        fields[theirs].take();
    }
    // Versions are compared and not added up, and a strategy that gives them itself makes them of times.
    for example in fields["audit"]["examples"].as_array_mut().into_iter().flatten() {
        ["acknowledged", "row", "entry"].into_iter().for_each(|version| drop(example[version].take()));
    }
    match beyond(&fields, "") {
        Some((name, number)) => Err(too_great(path, &name, number)),
        None => Ok(()),
    }
}

/// The same of its course.
pub(crate) fn series(series: &Series, path: PathBuf) -> Result<(), RecordError> {
    let of_interval = series.intervals.iter().flat_map(|interval| {
        let counts = [interval.operations, interval.failures, interval.hits, interval.misses, interval.start_ns];
        counts.into_iter().chain(interval.p50_ns).chain(interval.p99_ns)
    });
    match of_interval.chain([series.interval_ns]).find(|number| *number > GREATEST) {
        Some(number) => Err(too_great(path, "one of its numbers", number)),
        None => Ok(()),
    }
}

fn too_great(path: PathBuf, name: &str, number: u64) -> RecordError {
    RecordError::Malformed { path, detail: format!("{name} is {number}, more than anything that is measured") }
}

/// The first number within that is too great, by its name.
fn beyond(value: &Value, name: &str) -> Option<(String, u64)> {
    match value {
        Value::Number(number) => {
            number.as_u64().filter(|number| *number > GREATEST).map(|number| (name.to_owned(), number))
        }
        Value::Object(fields) => fields.iter().find_map(|(name, value)| beyond(value, name)),
        Value::Array(items) => items.iter().find_map(|item| beyond(item, name)),
        _ => None,
    }
}

/// The hash of a definition's text, as manifests have it: XXH3-64, in hexadecimal.
#[must_use]
pub fn definition_hash(text: &str) -> String {
    format!("{:016x}", xxhash_rust::xxh3::xxh3_64(text.as_bytes()))
}

impl Run {
    /// What is wrong with definition.toml, if it is not the one that the record was made with: it was changed since. One that
    /// cannot be read is missed where it is shown.
    #[must_use]
    pub fn changed_definition(&self) -> Option<String> {
        let (then, now) = (&self.manifest.definition_hash, definition_hash(&self.definition().ok()?));
        (now != *then).then(|| {
            format!(
                "definition.toml has the hash {now}, and the run was made with one of the hash {then}: it was changed since, and \
                 what it says need not be what was measured"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Audit, AuditExample, AuditFinding};

    #[test]
    fn a_version_may_be_a_time_and_a_time_may_not_be_what_nobody_measures() {
        let of = |row: u64, remaining_ns: u64| {
            let example = AuditExample {
                finding: AuditFinding::Behind,
                key: "k".into(),
                acknowledged: Some(row),
                row,
                other_value: false,
                entry: Some(row),
                cache: Some(0),
                remaining_ns: Some(remaining_ns),
            };
            let audit = Audit { examples: vec![example], ..Audit::default() };
            trial(&Trial { audit: Some(audit), ..Trial::default() }, PathBuf::new())
        };
        assert!(of(1_790_000_000_000_000, 5).is_ok());
        assert!(of(5, GREATEST + 1).is_err());
        assert!(trial(&Trial::default(), PathBuf::new()).is_ok());
    }
}

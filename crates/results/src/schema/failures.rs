//! Calls to a cache or store that failed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Failed calls of one sort and kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FailedCalls {
    /// `get`, `set` (refills and updates of any kind) or `delete` (invalidations) of a cache; `read`, `write` or
    /// `delete` of a store.
    pub call: String,
    /// The kind of error.
    pub kind: String,
    /// How many in the window.
    pub window: u64,
    /// How many from the first operation to the end of the drain.
    pub whole: u64,
    /// What the first of the whole trial said, in the backend's or the server's own words.
    pub first: String,
}

/// How many kinds are named in a sentence.
const NAMED: usize = 3;

/// Counts with what the first of each said, in words: `set rejected 9585 ("OOM command not allowed"), get timeout 3`.
/// The most frequent first; those beyond the third are summed up.
pub(super) fn in_words<'a>(counts: impl IntoIterator<Item = (String, u64, Option<&'a str>)>) -> String {
    let mut counts: Vec<_> = counts.into_iter().filter(|(_, count, _)| *count > 0).collect();
    counts.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
    let rest: u64 = counts.iter().skip(NAMED).map(|(_, count, _)| count).sum();
    let mut words: Vec<String> = counts
        .into_iter()
        .take(NAMED)
        .map(|(name, count, said)| match said {
            Some(said) => format!("{name} {count} (\"{said}\")"),
            None => format!("{name} {count}"),
        })
        .collect();
    if rest > 0 {
        words.push(format!("others {rest}"));
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn the_most_frequent_come_first_with_what_they_said() {
        let named = |name: &str, count| (name.to_owned(), count, None);
        let counts = [named("get timeout", 3), ("set rejected".to_owned(), 90, Some("OOM")), named("x", 0)];
        assert_eq!(in_words(counts), "set rejected 90 (\"OOM\"), get timeout 3");
        let many = [named("a", 5), named("b", 4), named("c", 3), named("d", 2), named("e", 1)];
        assert_eq!(in_words(many), "a 5, b 4, c 3, others 3");
    }
}

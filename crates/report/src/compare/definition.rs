//! In what two resolved definitions differ, setting by setting.

use cachemark_results::{Difference, Run};
use std::collections::{BTreeMap, BTreeSet};

/// What a definition says of itself, which changes no measurement.
const OF_ITSELF: [&str; 2] = ["name", "description"];

/// The settings in which the definitions of two records differ; both hashes where a definition cannot be read.
pub(super) fn differences(one: &Run, other: &Run) -> Vec<Difference> {
    let hashes = [one, other].map(|run| run.manifest.definition_hash.as_str());
    if hashes[0] == hashes[1] {
        return Vec::new();
    }
    match (one.definition(), other.definition()) {
        (Ok(then), Ok(now)) => of_texts(&then, &now),
        _ => {
            let [then, now] = hashes.map(|hash| format!("`{hash}`"));
            vec![Difference { what: "definition.toml, its hash".into(), then, now }]
        }
    }
}

fn of_texts(then: &str, now: &str) -> Vec<Difference> {
    let (then, now) = (settings(then), settings(now));
    let names: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    let shown = |value: Option<&String>| value.map_or_else(|| "nothing".to_owned(), |value| format!("`{value}`"));
    let differs = names.into_iter().filter(|name| then.get(*name) != now.get(*name));
    let differs = differs.filter(|name| !OF_ITSELF.contains(&name.as_str()));
    differs
        .map(|name| Difference { what: name.clone(), then: shown(then.get(name)), now: shown(now.get(name)) })
        .collect()
}

/// Every setting by its table and name. Resolved definitions have one a line; what goes on over more lines belongs to the one before.
/// Of tables of one name the second is another than the first.
fn settings(text: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let (mut table, mut last) = (String::new(), String::new());
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with('[') && line.ends_with(']') && !line.contains('=') {
            let times = seen.entry(line).or_default();
            *times += 1;
            table = if line.starts_with("[[") { format!("{line} {times} ") } else { format!("{line} ") };
        } else if let Some((name, value)) = line.split_once(" = ") {
            last = format!("{table}{name}");
            found.insert(last.clone(), value.to_owned());
        } else if let Some(value) = found.get_mut(&last) {
            *value += line;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_differ_are_named_with_their_tables() {
        let then =
            "name = \"a\"\n[run]\nclients = 8\nduration-ms = 500\n\n[[arm]]\nname = \"x\"\n[[arm]]\nname = \"y\"\n";
        let now = "name = \"b\"\n[run]\nclients = 9\n\n[[arm]]\nname = \"x\"\n[[arm]]\nname = \"z\"\n";
        let found: Vec<String> = of_texts(then, now).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("[[arm]] 2 name: the record says `\"y\"`, now it is `\"z\"`"), "{found:?}");
        assert!(found[1].starts_with("[run] clients: the record says `8`, now it is `9`"), "{found:?}");
        assert!(found[2].starts_with("[run] duration-ms: the record says `500`, now it is nothing"), "{found:?}");
        assert_eq!(of_texts(then, then), []);
    }

    #[test]
    fn a_value_over_several_lines_is_one() {
        let list = "[sweep]\ncaches = [\n  \"a\",\n  \"b\",\n]\n";
        assert_eq!(settings(list).len(), 1);
        assert_eq!(of_texts(list, &list.replace("\"b\"", "\"c\"")).len(), 1);
    }
}

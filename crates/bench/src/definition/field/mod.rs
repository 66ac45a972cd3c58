//! The fields of a definition's own tables: what each takes, what it is where it is left out, and what it is for. The reader takes their
//! ranges from here, and so does the schema for editors. What parts take stands in their descriptors.

pub(super) mod root;
pub(super) mod run;
pub(super) mod sweep;
pub(super) mod workload;

use super::mistake::{Located, Mistake};
use super::table::Table;
use cachemark_core::PartKind;
use std::ops::RangeInclusive;

/// A day, in milliseconds: no time of a definition is longer.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// One field.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    /// What it is for, with its unit, as a sentence.
    pub(super) help: &'static str,
    pub(super) takes: Takes,
    /// What it is where it is left out, as JSON; empty if that depends on something else, which `help` says then.
    pub(super) default: &'static str,
}

/// The values that a field takes.
#[derive(Debug)]
pub(super) enum Takes {
    /// Any text.
    Text,
    /// A text of this form, as a regular expression that JSON Schema takes.
    Form(&'static str),
    /// One of these words.
    Words(fn() -> Vec<&'static str>),
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Integer(u64, u64),
    /// A number.
    Number(f64, f64),
    /// A whole number or several.
    Integers(u64, u64),
    /// A number or several.
    Numbers(f64, f64),
    /// A number above 0 and up to this, or several.
    Rates(f64),
    /// The name of a part or several.
    Names(PartKind),
    /// The name of a figure or several.
    Figures,
    /// An assertion or several.
    Assertions,
    /// The name of what drives a load.
    Driver,
}

impl Field {
    /// Reads a whole number out of its table.
    pub(super) fn whole(&self, table: &mut Table<'_>, mistakes: &mut Vec<Mistake>) -> Option<Located<u64>> {
        table.integer(self.name, self.range(), mistakes)
    }

    /// Reads a number out of its table.
    pub(super) fn number(&self, table: &mut Table<'_>, mistakes: &mut Vec<Mistake>) -> Option<Located<f64>> {
        let range = if let Takes::Number(min, max) = self.takes { min..=max } else { f64::MIN..=f64::MAX };
        table.number(self.name, range, mistakes)
    }

    /// The whole numbers that it takes, if it takes such.
    pub(super) fn range(&self) -> RangeInclusive<u64> {
        match self.takes {
            Takes::Integer(min, max) | Takes::Integers(min, max) => min..=max,
            _ => 0..=u64::MAX,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Catalogue, Definition, Draft};
    use cachemark_core::{Descriptor, Model};
    use serde_json::Value;

    /// The tables of a definition's own, by name; the first is the definition itself.
    const TABLES: [(&str, &[&Field]); 4] =
        [("", root::ALL), ("workload", workload::ALL), ("sweep", sweep::ALL), ("run", run::ALL)];

    fn read(text: &str) -> Result<Definition, String> {
        let parts = [PartKind::Strategy, PartKind::Cache, PartKind::Store]
            .map(|kind| [Descriptor { model: |_| Model::none(), ..Descriptor::of(kind, "no-cache", "A part.") }]);
        let catalogue = Catalogue {
            strategies: &parts[0],
            caches: &parts[1],
            stores: &parts[2],
            default_caches: &["no-cache"],
            default_stores: &["no-cache"],
            ..Catalogue::NONE
        };
        let draft = Draft::read("f.toml", text.as_bytes()).map_err(|mistakes| mistakes.to_string())?;
        Definition::resolve(draft, &catalogue).map_err(|mistakes| mistakes.to_string())
    }

    /// What the reader says that there is, where it finds a field that is not.
    #[test]
    fn the_reader_knows_these_fields_and_no_others() {
        for (table, fields) in TABLES {
            let head = if table.is_empty() { String::new() } else { format!("[{table}]\n") };
            let told = read(&format!("{head}zzz = 1\n")).unwrap_err();
            let known = told.split("here are: ").nth(1).unwrap().trim_end_matches(')');
            let mut known: Vec<_> = known.split(", ").collect();
            // Tables, and arrays of them.
            let apart = ["workload", "sweep", "run", "servers", "arm", "fault", "http", "strategy", "cache", "store"];
            known.retain(|name| !table.is_empty() || !apart.contains(name));
            assert_eq!(known, fields.iter().map(|field| field.name).collect::<Vec<_>>(), "[{table}]");
        }
    }

    #[test]
    fn what_is_left_out_is_what_the_list_says() {
        let printed: toml::Table = toml::from_str(&read("").unwrap().to_toml()).unwrap();
        let printed = serde_json::to_value(printed).unwrap();
        let one = |value: &Value| match value.as_array().map(Vec::as_slice) {
            Some([only]) => only.clone(),
            _ => value.clone(),
        };
        let mut compared = 0;
        for (table, fields) in TABLES {
            for field in fields.iter().filter(|field| !field.default.is_empty()) {
                let default: Value = serde_json::from_str(field.default).unwrap();
                let there = if table.is_empty() { &printed[field.name] } else { &printed[table][field.name] };
                // What is as by default may go unsaid.
                if !there.is_null() {
                    compared += 1;
                    assert_eq!(one(there), default, "[{table}] {}", field.name);
                }
            }
        }
        assert!(compared >= 20, "{compared}");
    }

    #[test]
    fn every_field_says_what_it_is_for() {
        for field in TABLES.iter().flat_map(|(_, fields)| *fields) {
            assert!(field.help.len() > 15 && field.help.ends_with('.'), "{}: {}", field.name, field.help);
        }
    }

    #[test]
    fn the_ends_of_a_range_are_taken_and_what_is_beyond_is_not() {
        let mut tried = 0;
        for (table, fields) in TABLES {
            for field in fields {
                let (good, bad): (Vec<String>, Vec<String>) = match field.takes {
                    Takes::Integer(min, max) => {
                        (vec![min.to_string(), max.to_string()], vec![(max + 1).to_string(), "-1".into()])
                    }
                    Takes::Number(min, max) => {
                        (vec![format!("{min:?}"), format!("{max:?}")], vec![format!("{:?}", max + 1.0)])
                    }
                    Takes::Flag => (vec!["true".into()], vec!["1".into()]),
                    _ => continue,
                };
                tried += 1;
                let says = |value: &String| {
                    let told = read(&format!("[{table}]\n{} = {value}\n", field.name)).err().unwrap_or_default();
                    told.contains(&format!("{table}.{} takes", field.name))
                };
                assert!(!good.iter().any(says) && bad.iter().all(says), "[{table}] {}", field.name);
            }
        }
        assert!(tried > 20, "{tried}");
    }
}

//! A fault as it was written.

use crate::definition::mistake::{Located, Mistake, Origin};
use crate::definition::table;
use crate::definition::written::{self, Written};
use toml::Spanned;
use toml::de::DeValue;

/// One `[[fault]]`: every field with its place.
#[derive(Debug, Clone)]
pub(in crate::definition) struct WrittenFault {
    pub(super) place: Origin,
    pub(super) at_s: Option<Located<f64>>,
    pub(super) for_s: Option<Located<f64>>,
    pub(super) target: Option<Located<String>>,
    pub(super) kind: Option<Located<String>>,
    /// Whether one of these has a value that it does not take, which was said already.
    pub(super) spoilt: bool,
    pub(super) settings: Vec<Written>,
}

impl WrittenFault {
    /// Reads one `[[fault]]`.
    pub(in crate::definition) fn read(table: &Spanned<DeValue<'_>>, mistakes: &mut Vec<Mistake>) -> Option<Self> {
        let place = Origin::File(table.span());
        let DeValue::Table(fields) = table.get_ref() else {
            mistakes.push(Mistake::new(place, "fault takes tables: write each under [[fault]]"));
            return None;
        };
        let mut read =
            Self { place, at_s: None, for_s: None, target: None, kind: None, spoilt: false, settings: Vec::new() };
        for (field, value) in fields {
            let origin = Origin::File(value.span());
            let seconds = table::number(value.get_ref()).filter(|seconds| (0.0..=MOST_S).contains(seconds));
            let seconds = seconds.map(|value| Located { value, origin: origin.clone() });
            let text = value.get_ref().as_str().map(|text| Located { value: text.to_owned(), origin: origin.clone() });
            let (found, takes) = match field.get_ref().as_ref() {
                "at-s" => (put(&mut read.at_s, seconds), "seconds from the window's start, as in 2.5"),
                "for-s" => (put(&mut read.for_s, seconds), "seconds, as in 1.5"),
                "target" => (put(&mut read.target, text), "a text: \"cache\", \"store\" or \"load\""),
                "kind" => (put(&mut read.kind, text), "the name of a kind, as in \"freeze\""),
                _ => {
                    read.settings.push(written::setting(field, value));
                    continue;
                }
            };
            if !found {
                read.spoilt = true;
                mistakes.push(Mistake::new(origin, format!("fault.{} takes {takes}", field.get_ref())));
            }
        }
        Some(read)
    }
}

/// A day: no window is longer.
pub(in crate::definition) const MOST_S: f64 = 24.0 * 60.0 * 60.0;

fn put<T>(field: &mut Option<T>, value: Option<T>) -> bool {
    *field = value;
    field.is_some()
}

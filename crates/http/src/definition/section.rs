//! Reads one TOML table field by field and keeps every mistake.

use super::mistake::{Mistake, nearest};
use std::cell::RefCell;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use toml::de::{DeTable, DeValue};

/// Where the mistakes go.
pub(super) type Notes = RefCell<Vec<Mistake>>;

/// A table under way, or one that is not there.
pub(super) struct Section<'a> {
    path: String,
    table: Option<&'a DeTable<'a>>,
    asked: Vec<&'static str>,
    notes: &'a Notes,
}

impl<'a> Section<'a> {
    pub(super) fn root(table: &'a DeTable<'a>, notes: &'a Notes) -> Self {
        Self { path: String::new(), table: Some(table), asked: Vec::new(), notes }
    }

    pub(super) fn note(&self, at: Option<usize>, message: String, help: Option<String>) {
        self.notes.borrow_mut().push(Mistake { at, message, help });
    }

    fn name(&self, field: &str) -> String {
        if self.path.is_empty() { field.to_owned() } else { format!("{}.{field}", self.path) }
    }

    /// The value of a field as `read` takes it. What `read` refuses is a mistake: its error ends the sentence that begins
    /// with the field's name.
    pub(super) fn take<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<T> {
        self.asked.push(field);
        let value = self.table?.get(field)?;
        match read(value.get_ref()) {
            Ok(value) => Some(value),
            Err(message) => {
                self.note(Some(value.span().start), format!("{} {message}", self.name(field)), None);
                None
            }
        }
    }

    /// Fields that others read: nothing is looked at.
    pub(super) fn pass_over(&mut self, fields: &[&'static str]) {
        self.asked.extend(fields);
    }

    /// The table of that name; an empty one if there is none.
    pub(super) fn section(&mut self, field: &'static str) -> Section<'a> {
        self.asked.push(field);
        let value = self.table.and_then(|table| table.get(field));
        let table = value.and_then(|value| value.get_ref().as_table());
        if let (Some(value), None) = (value, table) {
            self.note(Some(value.span().start), format!("{} takes a table", self.name(field)), None);
        }
        Section { path: self.name(field), table, asked: Vec::new(), notes: self.notes }
    }

    /// Where the section begins, as far as that is known: its first field.
    pub(super) fn place(&self) -> Option<usize> {
        self.table?.iter().map(|(field, _)| field.span().start).min()
    }

    /// An empty section of the same name, to take notes while this one is used up.
    pub(super) fn beside(&self) -> Section<'a> {
        Section { path: self.path.clone(), table: None, asked: Vec::new(), notes: self.notes }
    }

    /// Every field of a table whose names are data, with its place.
    pub(super) fn entries(self) -> impl Iterator<Item = (String, usize, &'a DeValue<'a>)> {
        let entries = self.table.into_iter().flatten();
        entries.map(|(name, value)| (name.get_ref().to_string(), name.span().start, value.get_ref()))
    }

    /// Every field that was not asked for is a mistake.
    pub(super) fn finish(self) {
        for (field, _) in self.table.into_iter().flatten() {
            let name: &str = field.get_ref();
            if !self.asked.contains(&name) {
                let message = format!("unknown field `{}`", self.name(name));
                self.note(Some(field.span().start), message, Some(nearest(name, &self.asked)));
            }
        }
    }
}

pub(super) fn text(value: &DeValue<'_>) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| "takes a text".into())
}

pub(super) fn flag(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| "takes true or false".into())
}

/// A number from a range; whole, if the range is of whole numbers.
pub(super) fn number<T: FromStr + PartialOrd + Display>(
    range: RangeInclusive<T>,
) -> impl Fn(&DeValue<'_>) -> Result<T, String> {
    move |value| {
        let written = match value {
            DeValue::Integer(integer) if integer.radix() == 10 => Some(integer.as_str()),
            DeValue::Float(float) => Some(float.as_str()),
            _ => None,
        };
        let number = written.and_then(|text| text.parse().ok()).filter(|number| range.contains(number));
        number.ok_or_else(|| format!("takes a number from {} to {}", range.start(), range.end()))
    }
}

/// A list, or one element for a list of one.
pub(super) fn list<T>(
    element: impl Fn(&DeValue<'_>) -> Result<T, String>,
) -> impl FnOnce(&DeValue<'_>) -> Result<Vec<T>, String> {
    move |value| match value {
        DeValue::Array(array) if array.is_empty() => Err("takes at least one element".into()),
        DeValue::Array(array) => array.iter().map(|each| element(each.get_ref())).collect(),
        one => Ok(vec![element(one)?]),
    }
}

//! Reads one TOML table field by field, keeping the place of everything and collecting every mistake.

use super::mistake::{Located, Mistake, Origin};
use cachemark_core::SettingValue;
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table under way. Fields that nobody asked for are mistakes when it is [`Table::finish`]ed.
#[derive(Debug)]
pub struct Table<'a> {
    /// The table's name in messages; empty for the whole definition.
    name: String,
    table: Option<&'a DeTable<'a>>,
    asked: Vec<&'static str>,
}

impl<'a> Table<'a> {
    /// Reads `table`, which messages call `name`.
    #[must_use]
    pub fn new(name: &str, table: &'a DeTable<'a>) -> Self {
        Self { name: name.to_owned(), table: Some(table), asked: Vec::new() }
    }

    fn take(&mut self, field: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(field);
        self.table?.get(field)
    }

    fn wrong(&self, field: &str, value: &Spanned<DeValue<'_>>, takes: &str) -> Mistake {
        Mistake::new(Origin::File(value.span()), format!("{} takes {takes}", self.path(field)))
    }

    /// Whether it has `field`, which is not asked for with that.
    pub(super) fn has(&self, field: &str) -> bool {
        self.table.is_some_and(|table| table.get(field).is_some())
    }

    /// A field's name from the root on.
    fn path(&self, field: &str) -> String {
        if self.name.is_empty() { field.to_owned() } else { format!("{}.{field}", self.name) }
    }

    /// Where the table begins, as far as that is known: its first field.
    #[must_use]
    pub fn place(&self) -> Origin {
        let first = self.table.into_iter().flatten().map(|(field, _)| field.span()).min_by_key(|span| span.start);
        first.map_or(Origin::Default, Origin::File)
    }

    /// Every field of a table whose names are data, and its value.
    pub fn entries(self) -> impl Iterator<Item = (Located<String>, &'a DeValue<'a>)> {
        let fields = self.table.into_iter().flatten();
        fields.map(|(name, value)| (located(name.get_ref().to_string(), name.span()), value.get_ref()))
    }

    /// What `read` makes of the text of a field. Its error ends the sentence that begins with the field's name.
    pub fn read<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&str) -> Result<T, String>,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<T> {
        let text = self.text(field, mistakes)?;
        let said = |said| mistakes.push(Mistake::new(text.origin, format!("{} {said}", self.path(field))));
        read(&text.value).map_err(said).ok()
    }

    /// One of the `known` words, of which messages call each a `what`.
    pub fn word(
        &mut self,
        field: &'static str,
        what: &str,
        known: &[&'static str],
        mistakes: &mut Vec<Mistake>,
    ) -> Option<&'static str> {
        let given = self.text(field, mistakes)?;
        let found = known.iter().copied().find(|word| *word == given.value);
        if found.is_none() {
            mistakes.push(Mistake::unknown(given.origin, what, &given.value, known));
        }
        found
    }

    /// The table under `field`, empty if there is none.
    pub fn table(&mut self, field: &'static str, mistakes: &mut Vec<Mistake>) -> Table<'a> {
        let table = self.take(field).and_then(|value| match value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => {
                mistakes.push(self.wrong(field, value, "a table"));
                None
            }
        });
        Table { name: self.path(field), table, asked: Vec::new() }
    }

    /// Every table in this one, by its own name: for sections whose names are data.
    pub(super) fn tables(self, mistakes: &mut Vec<Mistake>) -> Vec<(Located<String>, &'a DeTable<'a>)> {
        let mut found = Vec::new();
        for (name, value) in self.table.into_iter().flatten() {
            match value.get_ref() {
                DeValue::Table(table) => {
                    found.push((located(name.get_ref().to_string(), name.span()), table));
                }
                _ => mistakes.push(self.wrong(name.get_ref(), value, "a table")),
            }
        }
        found
    }

    /// The table as it stands, for one whose fields are data.
    pub(super) fn raw(self) -> Option<&'a DeTable<'a>> {
        self.table
    }

    /// The elements of the array of tables under `field`.
    pub(super) fn tables_of(
        &mut self,
        field: &'static str,
        mistakes: &mut Vec<Mistake>,
    ) -> Vec<&'a Spanned<DeValue<'a>>> {
        match self.take(field) {
            None => Vec::new(),
            Some(value) => match value.get_ref() {
                DeValue::Array(tables) => tables.iter().collect(),
                _ => {
                    mistakes.push(self.wrong(field, value, &format!("tables: write each under [[{field}]]")));
                    Vec::new()
                }
            },
        }
    }

    pub(super) fn text(&mut self, field: &'static str, mistakes: &mut Vec<Mistake>) -> Option<Located<String>> {
        let value = self.take(field)?;
        match value.get_ref().as_str() {
            Some(text) => Some(located(text.to_owned(), value.span())),
            None => self.refuse(field, value, "a text", mistakes),
        }
    }

    pub(super) fn flag(&mut self, field: &'static str, mistakes: &mut Vec<Mistake>) -> Option<Located<bool>> {
        let value = self.take(field)?;
        match value.get_ref().as_bool() {
            Some(flag) => Some(located(flag, value.span())),
            None => self.refuse(field, value, "true or false", mistakes),
        }
    }

    /// A whole number from `range`.
    pub fn integer(
        &mut self,
        field: &'static str,
        range: RangeInclusive<u64>,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<Located<u64>> {
        let value = self.take(field)?;
        match integer(value.get_ref()).filter(|number| range.contains(number)) {
            Some(number) => Some(located(number, value.span())),
            None => self.refuse(field, value, &whole(&range), mistakes),
        }
    }

    pub(super) fn number(
        &mut self,
        field: &'static str,
        range: RangeInclusive<f64>,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<Located<f64>> {
        let value = self.take(field)?;
        match number(value.get_ref()).filter(|number| range.contains(number)) {
            Some(number) => Some(located(number, value.span())),
            None => {
                let takes = format!("a number from {} to {}", range.start(), range.end());
                self.refuse(field, value, &takes, mistakes)
            }
        }
    }

    /// A list, or one element for a list of one.
    pub fn list<T>(
        &mut self,
        field: &'static str,
        takes: &str,
        element: impl Fn(&DeValue<'_>) -> Option<T>,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<Vec<Located<T>>> {
        let value = self.take(field)?;
        let elements: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
            DeValue::Array(array) => array.iter().collect(),
            _ => vec![value],
        };
        if elements.is_empty() {
            let mistake = self.wrong(field, value, &format!("at least one element, {takes}"));
            mistakes.push(mistake.advise("leave it out for what it is by default"));
            return None;
        }
        let mut list = Vec::new();
        for each in elements {
            match element(each.get_ref()) {
                Some(found) => list.push(located(found, each.span())),
                None => mistakes.push(self.wrong(field, each, takes)),
            }
        }
        Some(list)
    }

    fn refuse<T>(
        &self,
        field: &str,
        value: &Spanned<DeValue<'_>>,
        takes: &str,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<T> {
        mistakes.push(self.wrong(field, value, takes));
        None
    }

    /// What the table could hold, and what it held besides.
    #[must_use]
    pub fn finish(self) -> Fields {
        let found = self.table.into_iter().flatten().map(|(field, _)| field);
        let unknown = found.filter(|field| !self.asked.iter().any(|asked| asked == field.get_ref()));
        let unknown = unknown.map(|field| located(field.get_ref().to_string(), field.span())).collect();
        Fields { table: self.name, known: self.asked, unknown }
    }
}

/// The fields of a table that has been read.
#[derive(Debug)]
pub struct Fields {
    table: String,
    known: Vec<&'static str>,
    /// Those in it that nobody asked for.
    unknown: Vec<Located<String>>,
}

/// Every field that nobody asked for is a mistake; one that another table has is most likely meant for that one.
pub fn refuse_unknown(tables: &[Fields], mistakes: &mut Vec<Mistake>) {
    for fields in tables {
        let place = if fields.table.is_empty() { "field".to_owned() } else { format!("field of [{}]", fields.table) };
        for Located { value: name, origin } in &fields.unknown {
            let home = tables.iter().find(|other| other.known.contains(&name.as_str()));
            mistakes.push(match home.map(|home| home.table.as_str()) {
                Some("") => Mistake::new(origin.clone(), format!("unknown {place} `{name}`"))
                    .advise("it belongs above the first table"),
                Some(home) => Mistake::new(origin.clone(), format!("unknown {place} `{name}`"))
                    .advise(format!("it belongs under [{home}]")),
                None => Mistake::unknown(origin.clone(), &place, name, &fields.known),
            });
        }
    }
}

fn located<T>(value: T, span: Range<usize>) -> Located<T> {
    Located { value, origin: Origin::File(span) }
}

pub(super) fn whole(range: &RangeInclusive<u64>) -> String {
    format!("a whole number from {} to {}", range.start(), range.end())
}

pub(super) fn integer(value: &DeValue<'_>) -> Option<u64> {
    let integer = value.as_integer()?;
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    let text = match value {
        DeValue::Float(float) => float.as_str(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
        _ => return None,
    };
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The value of a part's setting, whatever its type; `None` for types that no setting takes.
pub(super) fn setting(value: &DeValue<'_>) -> Option<SettingValue> {
    match value {
        DeValue::String(text) => Some(SettingValue::Text(text.to_string())),
        DeValue::Integer(_) => integer(value).map(SettingValue::Integer),
        DeValue::Float(_) => number(value).map(SettingValue::Ratio),
        DeValue::Boolean(flag) => Some(SettingValue::Flag(*flag)),
        _ => None,
    }
}

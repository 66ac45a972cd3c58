//! Values as TOML.

use cachemark_core::SettingValue;
use toml::{Table, Value};

/// A setting's value in TOML.
pub(super) fn plain(value: &SettingValue) -> Value {
    match value {
        SettingValue::Text(text) => text.clone().into(),
        SettingValue::Integer(number) => whole(*number).into(),
        SettingValue::Ratio(ratio) => (*ratio).into(),
        SettingValue::Flag(flag) => (*flag).into(),
    }
}

pub(super) fn put(table: &mut Table, name: &str, value: impl Into<Value>) {
    table.insert(name.to_owned(), value.into());
}

/// TOML's integers are signed; every number of a definition is checked to be far below the limit.
pub(super) fn whole(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

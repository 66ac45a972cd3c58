//! The schema of what parts take. Many take the same, which stands there once.

use cachemark_core::{Setting, SettingDefault, SettingKind};
use serde_json::{Map, Value, json};

/// The settings that parts have, each under a name of its own in the schema's `definitions`.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) definitions: Map<String, Value>,
}

impl Settings {
    /// Every setting of a part, by its name, with one value or with those that are to be compared.
    pub(super) fn all(&mut self, part: &str, settings: impl Iterator<Item = Setting>) -> Map<String, Value> {
        settings.map(|setting| (setting.name.to_owned(), self.one(part, &setting))).collect()
    }

    /// A setting. What two parts call alike and take otherwise has the part in its name.
    pub(super) fn one(&mut self, part: &str, setting: &Setting) -> Value {
        let schema = documented(setting, one_or_several(&value(setting)));
        let plain = setting.name.to_owned();
        let free = |name: &str| self.definitions.get(name).is_none_or(|there| *there == schema);
        let name = if free(&plain) { plain } else { format!("{plain} of {part}") };
        let place = json!({ "$ref": format!("#/definitions/{}", name.replace(' ', "%20")) });
        self.definitions.insert(name, schema);
        place
    }
}

/// One value, or a list of different ones.
pub(super) fn one_or_several(one: &Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1, "uniqueItems": true }] })
}

/// Every setting, with one value.
pub(super) fn single(settings: &[Setting]) -> Map<String, Value> {
    settings.iter().map(|setting| (setting.name.to_owned(), documented(setting, value(setting)))).collect()
}

/// The schema with what the setting does, what it takes and what it is where it is left out.
fn documented(setting: &Setting, mut schema: Value) -> Value {
    schema["description"] = format!("{} It takes {}.", setting.told(), setting.kind).into();
    if let Some(default) = default(setting) {
        schema["default"] = default;
    }
    schema
}

/// None where it depends on the rest of the definition, or is nothing.
fn default(setting: &Setting) -> Option<Value> {
    match setting.default {
        SettingDefault::Text("") | SettingDefault::PerDriver(_) => None,
        SettingDefault::Text(text) => Some(text.into()),
        SettingDefault::Integer(number) => Some(number.into()),
        SettingDefault::Ratio(number) => Some(number.into()),
        SettingDefault::Flag(flag) => Some(flag.into()),
        SettingDefault::ByPreset => Some(Setting::PRESET.into()),
    }
}

/// One value of it.
fn value(setting: &Setting) -> Value {
    let own = match setting.kind {
        SettingKind::Choice(words) => json!({ "enum": words }),
        SettingKind::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        SettingKind::Ratio => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        SettingKind::Number { min, max } => json!({ "type": "number", "minimum": min, "maximum": max }),
        SettingKind::Flag => json!({ "type": "boolean" }),
        SettingKind::Text(_) => json!({ "type": "string", "minLength": 1 }),
    };
    match setting.default {
        SettingDefault::ByPreset => json!({ "anyOf": [own, { "const": Setting::PRESET }] }),
        _ => own,
    }
}

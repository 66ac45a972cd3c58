//! The schema of a definition's own fields.

use super::settings::one_or_several;
use crate::definition::Catalogue;
use crate::definition::field::{Field, Takes};
use cachemark_core::PartKind;
use cachemark_results::figure::FIGURES;
use serde_json::{Map, Value, json};

/// The parts whose names fields take.
pub(super) struct Named<'a>(pub(super) &'a Catalogue<'a>);

impl Named<'_> {
    /// Each field by its name.
    pub(super) fn fields(&self, fields: &[&Field]) -> Map<String, Value> {
        fields.iter().map(|field| (field.name.to_owned(), self.field(field))).collect()
    }

    fn field(&self, field: &Field) -> Value {
        let mut schema = self.takes(&field.takes);
        schema["description"] = field.help.into();
        // A default that is no JSON would be found by the tests over the list.
        if let Ok(default) = serde_json::from_str::<Value>(field.default) {
            schema["default"] = default;
        }
        schema
    }

    fn takes(&self, takes: &Takes) -> Value {
        match takes {
            Takes::Text => json!({ "type": "string" }),
            Takes::Form(form) => json!({ "type": "string", "pattern": form }),
            Takes::Words(words) => json!({ "enum": words() }),
            Takes::Flag => json!({ "type": "boolean" }),
            Takes::Integer(min, max) => json!({ "type": "integer", "minimum": min, "maximum": max }),
            Takes::Number(min, max) => json!({ "type": "number", "minimum": min, "maximum": max }),
            Takes::Integers(min, max) => one_or_several(&json!({ "type": "integer", "minimum": min, "maximum": max })),
            Takes::Numbers(min, max) => one_or_several(&json!({ "type": "number", "minimum": min, "maximum": max })),
            Takes::Rates(max) => one_or_several(&json!({ "type": "number", "exclusiveMinimum": 0, "maximum": max })),
            Takes::Names(kind) => one_or_several(&json!({ "enum": self.names(*kind) })),
            Takes::Figures => one_or_several(&figure()),
            Takes::Driver => json!({ "enum": self.0.drivers }),
            Takes::Assertions => several_or_one(&json!({ "type": "string" })),
        }
    }

    fn names(&self, kind: PartKind) -> Vec<&str> {
        self.0.of(kind).iter().map(|part| part.name).collect()
    }
}

/// One value, or a list in which one may stand twice.
fn several_or_one(one: &Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
}

/// The name of a figure, in any of its spellings. Editors offer the one that is listed.
fn figure() -> Value {
    let names: Vec<_> = FIGURES.iter().map(|figure| figure.name).collect();
    let spelt = |name: &&str| name.replace(['.', '_', '-'], "[-._]");
    let all = names.iter().map(spelt).collect::<Vec<_>>().join("|");
    json!({ "anyOf": [{ "enum": names }, { "type": "string", "pattern": format!("^({all})$") }] })
}

//! What the schema of definitions sees of the mistakes that the reader finds, and what it is known not to see.

use cachemark_bench::definition::{Catalogue, Mistakes, Origin, json_schema};
use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::LocationSegment;
use jsonschema::{ValidationError, Validator};
use serde_json::{Value, json};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// What the reader says where the schema is silent; and the words of workloads/README.md that name such a mistake.
pub(crate) const ONLY_CHECK: &[(&str, &str)] = &[
    ("no verdict on", "an assertion or a verdict on a figure that no trial can have"),
    ("no assertion on", "an assertion or a verdict on a figure that no trial can have"),
    ("a figure of faults, and", "an assertion or a verdict on a figure that no trial can have"),
    ("unknown arm", "an assertion that names what is not there, or cannot be read"),
    ("unknown figure", "an assertion that names what is not there, or cannot be read"),
    ("is no bound of", "an assertion that names what is not there, or cannot be read"),
    ("unknown reference", "a `reference` that is no arm, or several"),
    ("instances are more than", "more instances than clients"),
    ("may come below the step of", "a lifetime that a cache cannot keep"),
    ("is longer than an operation's", "a cache's timeout that is longer than an operation's"),
    ("has no meaning in a closed loop", "what takes a `rate` without one"),
    ("has no meaning with distribution", "an `exponent` without Zipf's law"),
    ("that is the name of another strategy", "an arm that is called like another strategy than its own"),
    ("has no say", "settings of a cache in an arm that asks none"),
    ("the arms `", "two arms that are the same, or of one name"),
    ("two arms are called", "two arms that are the same, or of one name"),
    ("arms are more than", "too many arms"),
    ("arms, more than", "too many arms"),
    ("differs between arms, and no server is started", "settings of servers that nobody starts"),
    ("begins while", "faults that overlap, or do not fit the window"),
    ("leaves too little to see", "faults that overlap, or do not fit the window"),
    ("makes no sense as it is set", "a fault that would do nothing as it is set"),
    ("cannot be done to scripted", "a fault that cannot be done on the stack"),
    ("is done to none", "a fault of a cache that no arm asks"),
    ("would stand in the record", "a secret that is written out"),
    ("has no place for", "a `{hole}` in a template that nothing fills"),
    ("is not in this build", "a part that this build leaves out"),
];

/// Asserts that each mistake of the file is one that the schema sees in its lines too, or one of [`ONLY_CHECK`].
pub(crate) fn hold(catalogue: &Catalogue<'_>, http: Value, mistakes: &Mistakes) {
    let Ok(document) = DeTable::parse(&mistakes.text) else { return };
    let instance = toml::from_str::<toml::Table>(&mistakes.text).map(|table| json!(table));
    let instance = instance.unwrap_or_else(|error| panic!("{error}\n{}", mistakes.text));
    let schema = json_schema(catalogue, http);
    let validator = validator(&schema);
    let seen: Vec<_> = validator.iter_errors(&instance).flat_map(|error| places(&error, document.get_ref())).collect();
    let lines: Vec<_> =
        seen.iter().map(|span| line(&mistakes.text, span.start)..=line(&mistakes.text, span.end)).collect();
    for mistake in &mistakes.list {
        let Origin::File(span) = &mistake.origin else { continue };
        let at = line(&mistakes.text, span.start);
        let said = format!("{} {}", mistake.message, mistake.help.as_deref().unwrap_or_default());
        let known = ONLY_CHECK.iter().any(|(says, _)| said.contains(says));
        let sees = lines.iter().any(|lines| lines.contains(&at));
        assert!(sees || known, "the schema does not see line {at}: {said}\nit sees {lines:?} of\n{}", mistakes.text);
    }
}

/// A definition without a mistake, by the schema too.
pub(crate) fn accept(catalogue: &Catalogue<'_>, http: Value, text: &str) {
    let instance = json!(toml::from_str::<toml::Table>(text).unwrap());
    let schema = json_schema(catalogue, http);
    let refused: Vec<_> = validator(&schema).iter_errors(&instance).map(|error| error.to_string()).collect();
    assert!(refused.is_empty(), "{refused:#?}\n{text}");
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft7::new(schema).expect("the schema is one")
}

fn line(text: &str, at: usize) -> usize {
    1 + text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count()
}

/// Where in the text an error of the schema is.
fn places(error: &ValidationError<'_>, document: &DeTable<'_>) -> Vec<Range<usize>> {
    let mut found = None;
    let mut table = Some(document);
    let mut list = None;
    for segment in error.instance_path().segments() {
        let value = match segment {
            LocationSegment::Property(name) => table.and_then(|table| table.get(name.as_ref())),
            LocationSegment::Index(index) => list.and_then(|list: &toml::de::DeArray<'_>| list.get(index)),
        };
        found = value.map(|value| value.span());
        (table, list) = match value.map(|value| value.get_ref()) {
            Some(DeValue::Table(inner)) => (Some(inner), None),
            Some(DeValue::Array(inner)) => (None, Some(inner)),
            _ => (None, None),
        };
    }
    if let (ValidationErrorKind::AdditionalProperties { unexpected }, Some(table)) = (error.kind(), table) {
        let keys = table.iter().filter(|(name, _)| unexpected.iter().any(|one| one == name.get_ref()));
        return keys.map(|(name, _)| name.span()).collect();
    }
    found.into_iter().collect()
}

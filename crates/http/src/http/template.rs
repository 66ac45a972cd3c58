//! Texts with holes: paths, headers and bodies.

use super::Encoding;
use bytes::Bytes;
use cachemark_core::{Key, Value};
use serde::{Serialize, Serializer};

/// A text, or what a hole is filled with.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// `{key}`
    Key,
    /// `{value}`, `{value:base64}`, `{value:hex}`
    Value(Encoding),
    /// `{env:NAME}`
    Environment(String),
}

/// Where a template stands, which says what its holes may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// A path: `{key}`.
    Path,
    /// The value of a header: `{key}`, `{env:NAME}`.
    Header,
    /// A body: `{key}`, `{value}`, `{value:base64}`, `{value:hex}`.
    Body,
}

impl Slot {
    fn holes(self) -> &'static [&'static str] {
        match self {
            Self::Path => &["key"],
            Self::Header => &["key", "env:NAME"],
            Self::Body => &["key", "value", "value:base64", "value:hex"],
        }
    }
}

/// A text with holes. A hole is a single word in braces; any other brace stands for itself, so JSON needs no escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// As it was written.
    source: String,
    pieces: Vec<Piece>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// The message for a hole that `slot` does not have.
    pub fn parse(source: &str, slot: Slot) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = source;
        while let Some((before, name, after)) = next_hole(rest) {
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(piece(name, slot)?);
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        Ok(Self { source: source.to_owned(), pieces })
    }

    /// Whether a hole takes its text from the environment.
    #[must_use]
    pub fn asks_environment(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Environment(_)))
    }

    /// The same with the texts of the environment put in; what it was written as stays, so no record shows them.
    pub(crate) fn with_environment(&self, look_up: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let fill = |piece: &Piece| match piece {
            Piece::Environment(name) => {
                look_up(name).map(Piece::Text).ok_or_else(|| format!("the environment has no {name}"))
            }
            other => Ok(other.clone()),
        };
        Ok(Self { source: self.source.clone(), pieces: self.pieces.iter().map(fill).collect::<Result<_, _>>()? })
    }

    /// The text for a key, where no value has a place.
    pub(crate) fn text(&self, key: &Key) -> String {
        String::from_utf8_lossy(&self.bytes(key, &Value::default())).into_owned()
    }

    /// The bytes for a key and a value.
    pub(crate) fn bytes(&self, key: &Key, value: &Value) -> Bytes {
        if self.pieces == [Piece::Value(Encoding::Raw)] {
            return value.to_bytes();
        }
        let mut bytes = Vec::with_capacity(self.source.len() + 2 * value.len());
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => bytes.extend_from_slice(text.as_bytes()),
                Piece::Key => bytes.extend_from_slice(key.as_bytes()),
                Piece::Value(encoding) => bytes.extend_from_slice(&encoding.encode(value)),
                Piece::Environment(_) => {}
            }
        }
        bytes.into()
    }
}

/// As it was written.
impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.source)
    }
}

/// The text before the next hole, its name, and the text behind it.
fn next_hole(text: &str) -> Option<(&str, &str, &str)> {
    let is_word =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || ":_-.".contains(c));
    text.match_indices('{').find_map(|(at, _)| {
        let (name, after) = text[at + 1..].split_once('}')?;
        is_word(name).then(|| (&text[..at], name, after))
    })
}

fn piece(name: &str, slot: Slot) -> Result<Piece, String> {
    let known = slot.holes();
    match name {
        "key" => Ok(Piece::Key),
        "value" if known.contains(&name) => Ok(Piece::Value(Encoding::Raw)),
        "value:base64" if known.contains(&name) => Ok(Piece::Value(Encoding::Base64)),
        "value:hex" if known.contains(&name) => Ok(Piece::Value(Encoding::Hex)),
        _ => match name.strip_prefix("env:") {
            Some(variable) if slot == Slot::Header && !variable.is_empty() => {
                Ok(Piece::Environment(variable.to_owned()))
            }
            _ => Err(format!("has no place for {{{name}}}: there are {{{}}}", known.join("}, {"))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::new(&b"cm:k1"[..]).unwrap()
    }

    #[test]
    fn holes_are_filled_and_other_braces_stay() {
        let body = Template::parse(r#"{"id": "{key}", "data": {"v": "{value:hex}"}}"#, Slot::Body).unwrap();
        let bytes = body.bytes(&key(), &Value::new(&b"\x00\xff"[..]));
        assert_eq!(bytes, r#"{"id": "cm:k1", "data": {"v": "00ff"}}"#);
        assert_eq!(Template::parse("/v1/{key}/{", Slot::Path).unwrap().text(&key()), "/v1/cm:k1/{");
    }

    #[test]
    fn a_hole_that_does_not_exist_is_a_mistake() {
        let message = Template::parse("/items/{kye}", Slot::Path).unwrap_err();
        assert_eq!(message, "has no place for {kye}: there are {key}");
        assert!(Template::parse("/items/{value}", Slot::Path).is_err());
        assert!(Template::parse("{env:HOME}", Slot::Body).is_err());
    }

    #[test]
    fn the_environment_is_sent_and_not_written() {
        let header = Template::parse("Bearer {env:TOKEN}", Slot::Header).unwrap();
        let filled = header.with_environment(|name| (name == "TOKEN").then(|| "s3cret".to_owned())).unwrap();
        assert_eq!((filled.text(&key()).as_str(), filled.source.as_str()), ("Bearer s3cret", "Bearer {env:TOKEN}"));
        assert_eq!(header.with_environment(|_| None).unwrap_err(), "the environment has no TOKEN");
    }
}

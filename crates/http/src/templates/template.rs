//! Texts with holes: paths, headers and bodies.

use super::Encoding;
use bytes::Bytes;
use cachemark_core::{Key, Value};
use regex::Regex;
use reqwest::header::HeaderValue;
use std::sync::LazyLock;

/// A hole is a single word in braces; any other brace stands for itself, so JSON needs no escapes.
static HOLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\{([A-Za-z0-9:_.-]+)\}").expect("it is a pattern"));

/// A text, or what a hole is filled with.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Key,
    Value(Encoding),
    Environment(String),
}

/// Where a template stands, which says what its holes may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Path,
    Header,
    Body,
}

impl Piece {
    fn of_hole(name: &str, slot: Slot) -> Result<Self, String> {
        let known = match slot {
            Slot::Path => "{key}",
            Slot::Header => "{key}, {env:NAME}",
            Slot::Body => "{key}, {value}, {value:base64}, {value:hex}",
        };
        let variable = name.strip_prefix("env:").filter(|variable| !variable.is_empty());
        match (name, slot, variable) {
            ("key", ..) => Ok(Self::Key),
            ("value", Slot::Body, _) => Ok(Self::Value(Encoding::Raw)),
            ("value:base64", Slot::Body, _) => Ok(Self::Value(Encoding::Base64)),
            ("value:hex", Slot::Body, _) => Ok(Self::Value(Encoding::Hex)),
            (_, Slot::Header, Some(variable)) => Ok(Self::Environment(variable.to_owned())),
            _ => Err(format!("has no place for {{{name}}}: there are {known}")),
        }
    }
}

/// A text with holes.
#[derive(Debug, Clone)]
pub(crate) struct Template(Vec<Piece>);

impl Template {
    /// Reads a template; the error is the message for a hole that `slot` does not have.
    pub(crate) fn parse(source: &str, slot: Slot) -> Result<Self, String> {
        let (mut pieces, mut rest) = (Vec::new(), source);
        for (hole, [name]) in HOLE.captures_iter(source).map(|hole| hole.extract()) {
            let (before, behind) = rest.split_once(hole).unwrap_or((rest, ""));
            pieces.extend([Piece::Text(before.to_owned()), Piece::of_hole(name, slot)?]);
            rest = behind;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        Ok(Self(pieces))
    }

    /// Whether a hole takes its text from the environment.
    pub(crate) fn asks_environment(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Environment(_)))
    }

    /// The same with the texts of the environment put in, which no message shows: they may be secrets.
    pub(crate) fn with_environment(&self, look_up: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let fill = |piece: &Piece| {
            let Piece::Environment(name) = piece else { return Ok(piece.clone()) };
            let text = look_up(name).ok_or_else(|| format!("the environment has no {name}"))?;
            HeaderValue::from_bytes(text.as_bytes()).map_err(|_| "it has characters that no header may have")?;
            Ok(Piece::Text(text))
        };
        self.0.iter().map(fill).collect::<Result<_, _>>().map(Self)
    }

    /// The bytes for a key and a value.
    pub(crate) fn bytes(&self, key: &Key, value: &Value) -> Bytes {
        if self.0 == [Piece::Value(Encoding::Raw)] {
            return value.to_bytes();
        }
        let mut bytes = Vec::with_capacity(2 * value.len());
        for piece in &self.0 {
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
        let path = Template::parse("/v1/{a{key}/{", Slot::Path).unwrap();
        assert_eq!(path.bytes(&key(), &Value::default()), "/v1/{acm:k1/{");
    }

    #[test]
    fn a_hole_that_does_not_exist_is_a_mistake() {
        let message = Template::parse("/items/{kye}", Slot::Path).unwrap_err();
        assert_eq!(message, "has no place for {kye}: there are {key}");
        assert!(Template::parse("/items/{value}", Slot::Path).is_err());
        assert!(Template::parse("{env:HOME}", Slot::Body).is_err());
    }

    #[test]
    fn a_header_takes_from_the_environment_what_a_header_may_have() {
        let header = Template::parse("Bearer {env:TOKEN}", Slot::Header).unwrap();
        let filled = |token: &str| header.with_environment(|name| (name == "TOKEN").then(|| token.to_owned()));
        assert_eq!(filled("s3cret").unwrap().bytes(&key(), &Value::default()), "Bearer s3cret");
        assert_eq!(filled("s3\ncret").unwrap_err(), "it has characters that no header may have");
        assert_eq!(header.with_environment(|_| None).unwrap_err(), "the environment has no TOKEN");
    }
}

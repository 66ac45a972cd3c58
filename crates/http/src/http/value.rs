//! How values travel, and how they are found again in an answer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use cachemark_core::Value;
use serde::Serialize;

/// How the bytes of a value are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// As they are.
    Raw,
    /// Base64 with padding.
    Base64,
    /// Two digits a byte.
    Hex,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 3] = [Self::Raw, Self::Base64, Self::Hex];

    /// Its name in definitions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Base64 => "base64",
            Self::Hex => "hex",
        }
    }

    pub(crate) fn encode(self, value: &Value) -> Bytes {
        match self {
            Self::Raw => value.to_bytes(),
            Self::Base64 => STANDARD.encode(value.as_bytes()).into(),
            Self::Hex => hex::encode(value.as_bytes()).into(),
        }
    }

    pub(crate) fn decode(self, bytes: &Bytes) -> Option<Value> {
        match self {
            Self::Raw => Some(Value::new(bytes.clone())),
            Self::Base64 => STANDARD.decode(bytes).ok().map(Value::new),
            Self::Hex => hex::decode(bytes).ok().map(Value::new),
        }
    }
}

/// Where the value stands in the answer to a read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueRule {
    /// The JSON pointer (`/data/value`) of a text in a JSON body; empty: the body itself is the value.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// How it is written.
    pub encoding: Encoding,
}

impl ValueRule {
    /// The value of an answer; `None` if there is none where it should be.
    pub(crate) fn find(&self, body: &Bytes, json: Option<&serde_json::Value>) -> Option<Value> {
        if self.at.is_empty() {
            return self.encoding.decode(body);
        }
        let text = json?.pointer(&self.at)?.as_str()?;
        self.encoding.decode(&Bytes::copy_from_slice(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_bytes_back() {
        let value = Value::new((0..=255).collect::<Vec<u8>>());
        for encoding in Encoding::ALL {
            assert_eq!(encoding.decode(&encoding.encode(&value)), Some(value.clone()), "{}", encoding.name());
        }
        for text in ["0", "zz", "+1", "0x", " 1"] {
            assert_eq!(Encoding::Hex.decode(&Bytes::from(text)), None, "{text}");
        }
        assert_eq!(Encoding::Hex.decode(&Bytes::from("fF")), Some(Value::new(&b"\xff"[..])));
    }

    #[test]
    fn a_value_is_found_inside_json() {
        let rule = ValueRule { at: "/item/v".into(), encoding: Encoding::Hex };
        let body = Bytes::from(r#"{"item": {"v": "0102"}}"#);
        let json = serde_json::from_slice(&body).ok();
        assert_eq!(rule.find(&body, json.as_ref()), Some(Value::new(&b"\x01\x02"[..])));
        assert_eq!(rule.find(&body, None), None);
    }
}

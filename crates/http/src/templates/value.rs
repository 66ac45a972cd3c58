//! How values travel, and how they are found again in an answer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use cachemark_core::Value;

/// How the bytes of a value are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Raw,
    /// With padding.
    Base64,
    Hex,
}

impl Encoding {
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
#[derive(Debug, Clone)]
pub(crate) struct ValueRule {
    /// The JSON pointer (`/data/value`) of a text in a JSON body; without it the body itself is the value.
    pub(crate) at: Option<String>,
    /// How it is written.
    pub(crate) encoding: Encoding,
}

impl ValueRule {
    /// The value of an answer; none if it is not where it should be.
    pub(crate) fn find(&self, body: &Bytes, json: Option<&serde_json::Value>) -> Option<Value> {
        let Some(at) = &self.at else { return self.encoding.decode(body) };
        let text = json?.pointer(at)?.as_str()?;
        self.encoding.decode(&Bytes::copy_from_slice(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_bytes_back() {
        let value = Value::new((0..=255).collect::<Vec<u8>>());
        for encoding in [Encoding::Raw, Encoding::Base64, Encoding::Hex] {
            assert_eq!(encoding.decode(&encoding.encode(&value)), Some(value.clone()), "{encoding:?}");
        }
        for text in ["0", "zz", "+1", "0x", " 1"] {
            assert_eq!(Encoding::Hex.decode(&Bytes::from(text)), None, "{text}");
        }
        assert_eq!(Encoding::Hex.decode(&Bytes::from("fF")), Some(Value::new(&b"\xff"[..])));
    }

    #[test]
    fn a_value_is_found_inside_json() {
        let rule = ValueRule { at: Some("/item/v".into()), encoding: Encoding::Hex };
        let body = Bytes::from(r#"{"item": {"v": "0102"}}"#);
        let json = serde_json::from_slice(&body).ok();
        assert_eq!(rule.find(&body, json.as_ref()), Some(Value::new(&b"\x01\x02"[..])));
        assert_eq!(rule.find(&body, None), None);
    }
}

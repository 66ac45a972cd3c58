//! Keys as they stand in a URL.

use cachemark_core::{Key, KeyError, LONGEST_KEY};

/// Why a part of a URL is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadKey {
    /// A `%` without two hexadecimal digits after it.
    Percent,
    /// Decoded, and not a key.
    Key(KeyError),
}

impl BadKey {
    pub(crate) fn is_too_long(self) -> bool {
        matches!(self, Self::Key(KeyError::TooLong { .. }))
    }

    /// What is wrong, without the key in it.
    pub(crate) fn detail(self) -> String {
        match self {
            Self::Percent => "a % in the key is not followed by two hexadecimal digits".into(),
            Self::Key(error) => error.to_string(),
        }
    }
}

/// Decodes a path segment, or the value of a query parameter, into a key.
///
/// Strict where most decoders pass a lone `%` through: two spellings of one key would otherwise be two keys to whoever
/// sends them and one to us. A `+` is a plus in a query too: a key has no space that it could stand for.
pub(crate) fn decode(text: &str) -> Result<Key, BadKey> {
    // Before anything is copied: the longest spelling of the longest key.
    if text.len() > 3 * LONGEST_KEY {
        return Err(BadKey::Key(KeyError::TooLong { len: text.len() / 3 }));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => match (rest.next().and_then(hex), rest.next().and_then(hex)) {
                (Some(high), Some(low)) => high << 4 | low,
                _ => return Err(BadKey::Percent),
            },
            other => other,
        });
    }
    Key::new(bytes).map_err(BadKey::Key)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_once() {
        assert_eq!(decode("a%2Fb").unwrap().as_str(), "a/b");
        assert_eq!(decode("a%252Fb").unwrap().as_str(), "a%2Fb");
        assert_eq!(decode("a+b").unwrap().as_str(), "a+b");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for half in ["%", "%4", "%4g", "a%zz"] {
            assert_eq!(decode(half), Err(BadKey::Percent), "{half}");
        }
        assert_eq!(decode("%ff"), Err(BadKey::Key(KeyError::Unprintable { at: 0, byte: 0xff })));
        assert_eq!(decode("a%00"), Err(BadKey::Key(KeyError::Unprintable { at: 1, byte: 0 })));
        assert_eq!(decode(""), Err(BadKey::Key(KeyError::Empty)));
    }

    #[test]
    fn the_limit_is_on_the_decoded_key() {
        assert!(decode(&"%41".repeat(LONGEST_KEY)).is_ok());
        for text in ["a".repeat(LONGEST_KEY + 1), "%41".repeat(LONGEST_KEY + 1), "a".repeat(1 << 20)] {
            assert!(decode(&text).unwrap_err().is_too_long());
        }
    }
}

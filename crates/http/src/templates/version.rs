//! What tells the version of a row.

use cachemark_core::Version;
use reqwest::header::{HeaderMap, HeaderName};

/// How an answer tells which version of its row it was made from, or a write or delete was acknowledged as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum VersionRule {
    /// A header has it: digits, as they are (`7`) or as an entity tag (`"7"`, `"v7"`, `W/"7"`). Anything else is no version: a tag
    /// that is a hash has no order.
    Header(HeaderName),
    /// No answer does: the versions are the order of our own writes, which a value's stamp has.
    Stamp,
}

impl VersionRule {
    /// The version that an answer with these headers names.
    pub(super) fn version(&self, headers: &HeaderMap) -> Option<Version> {
        let Self::Header(header) = self else { return None };
        let said = headers.get(header)?.to_str().ok()?;
        let tag = said.strip_prefix("W/").unwrap_or(said);
        let opaque = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        let digits = opaque.map_or(tag, |opaque| opaque.strip_prefix('v').unwrap_or(opaque));
        let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?;
        number.map(Version)
    }

    /// The rule in words, for the record.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Header(header) => format!("the header {header}"),
            Self::Stamp => "the order of the client's own writes, by the stamps of values".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::ETAG;

    #[test]
    fn numbers_are_versions_and_hashes_are_not() {
        let rule = VersionRule::Header(ETAG);
        let told = |said: &'static str| rule.version(&HeaderMap::from_iter([(ETAG, said.parse().unwrap())]));
        for said in ["7", "\"7\"", "\"v7\"", "W/\"v7\"", "W/\"7\""] {
            assert_eq!(told(said), Some(Version(7)), "{said}");
        }
        for said in ["", "\"\"", "v", "+7", "-7", "\"7", "\"33a64df5\"", "7.5", "99999999999999999999"] {
            assert_eq!(told(said), None, "{said}");
        }
        assert_eq!(rule.version(&HeaderMap::new()), None);
    }
}

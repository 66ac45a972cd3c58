//! What tells the version of a row.

use cachemark_core::Version;
use reqwest::header::{HeaderMap, HeaderName};

/// The version in a header: digits, as they are (`7`) or as an entity tag (`"7"`, `"v7"`, `W/"7"`). Anything else is none: a tag that
/// is a hash has no order.
pub(super) fn version(header: &HeaderName, headers: &HeaderMap) -> Option<Version> {
    let said = headers.get(header)?.to_str().ok()?;
    let tag = said.strip_prefix("W/").unwrap_or(said);
    let opaque = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    let digits = opaque.map_or(tag, |opaque| opaque.strip_prefix('v').unwrap_or(opaque));
    let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?;
    number.map(Version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::ETAG;

    #[test]
    fn numbers_are_versions_and_hashes_are_not() {
        let told = |said: &'static str| version(&ETAG, &HeaderMap::from_iter([(ETAG, said.parse().unwrap())]));
        for said in ["7", "\"7\"", "\"v7\"", "W/\"v7\"", "W/\"7\""] {
            assert_eq!(told(said), Some(Version(7)), "{said}");
        }
        for said in ["", "\"\"", "v", "+7", "-7", "\"7", "\"33a64df5\"", "7.5", "99999999999999999999"] {
            assert_eq!(told(said), None, "{said}");
        }
        assert_eq!(version(&ETAG, &HeaderMap::new()), None);
    }
}

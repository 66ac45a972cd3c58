//! What tells a hit.

use super::{cache_status, print};
use cachemark_core::Source;
use regex::Regex;
use reqwest::header::{HeaderMap, HeaderName};
use serde::Serialize;

/// How the answer to a read tells whether a cache gave it.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "rule", rename_all = "kebab-case")]
pub enum HitRule {
    /// The header `Cache-Status` (RFC 9211), as our own service sends it. A read without it is a bypass.
    CacheStatus,
    /// A header whose value matches on hits. A read without the header, or with another value, is a miss: services that
    /// set it on hits alone would otherwise have no misses.
    Header {
        /// The header's name.
        #[serde(rename = "header", serialize_with = "print::text")]
        name: HeaderName,
        /// Matches on hits.
        #[serde(rename = "matches", serialize_with = "print::text")]
        hit: Regex,
    },
    /// A place in a JSON body (a JSON pointer) whose text, number or truth value matches on hits; anything else is a miss.
    Json {
        /// The JSON pointer.
        at: String,
        /// Matches on hits.
        #[serde(rename = "matches", serialize_with = "print::text")]
        hit: Regex,
    },
    /// The service does not tell: every read is a bypass, and there is no hit ratio.
    #[serde(rename = "none")]
    Untold,
}

impl HitRule {
    /// Where the answer to a read came from.
    pub(crate) fn source(&self, headers: &HeaderMap, json: Option<&serde_json::Value>) -> Source {
        let of = |hit: bool| if hit { Source::Hit } else { Source::MissLed };
        match self {
            Self::CacheStatus => {
                let lines = headers.get_all("cache-status").iter().filter_map(|line| line.to_str().ok());
                cache_status::source(lines).unwrap_or(Source::Bypass)
            }
            Self::Header { name, hit } => {
                of(headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).any(|line| hit.is_match(line)))
            }
            Self::Json { at, hit } => of(json.and_then(|json| json.pointer(at)).is_some_and(|found| match found {
                serde_json::Value::String(text) => hit.is_match(text),
                other => hit.is_match(&other.to_string()),
            })),
            Self::Untold => Source::Bypass,
        }
    }

    /// The rule in words, for the record.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::CacheStatus => "the header Cache-Status (RFC 9211)".into(),
            Self::Header { name, hit } => format!("the header {name} matches `{hit}`"),
            Self::Json { at, hit } => format!("{at} in the JSON body matches `{hit}`"),
            Self::Untold => "the service does not tell hits from misses".into(),
        }
    }
}

impl PartialEq for HitRule {
    fn eq(&self, other: &Self) -> bool {
        // Patterns have no equality; the words hold everything.
        self.in_words() == other.in_words()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(HeaderName::from_static(name), value.parse().unwrap())])
    }

    #[test]
    fn a_header_tells_hits_and_its_absence_is_a_miss() {
        let rule = HitRule::Header { name: HeaderName::from_static("x-cache"), hit: Regex::new("^HIT").unwrap() };
        assert_eq!(rule.source(&headers("x-cache", "HIT from edge"), None), Source::Hit);
        assert_eq!(rule.source(&headers("x-cache", "MISS"), None), Source::MissLed);
        assert_eq!(rule.source(&HeaderMap::new(), None), Source::MissLed);
    }

    #[test]
    fn a_place_in_json_tells_hits() {
        let rule = HitRule::Json { at: "/meta/cached".into(), hit: Regex::new("^true$").unwrap() };
        let source = |text| rule.source(&HeaderMap::new(), serde_json::from_str(text).ok().as_ref());
        assert_eq!(source(r#"{"meta": {"cached": true}}"#), Source::Hit);
        assert_eq!(source(r#"{"meta": {"cached": "true"}}"#), Source::Hit);
        assert_eq!(source(r#"{"meta": {"cached": false}}"#), Source::MissLed);
        assert_eq!(source("nonsense"), Source::MissLed);
    }
}

//! What tells a hit.

use cachemark_core::{Source, cache_status};
use regex::Regex;
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::Value;

/// How the answer to a read tells whether a cache gave it.
#[derive(Debug, Clone)]
pub(crate) enum HitRule {
    /// The header `Cache-Status` (RFC 9211), as our own service sends it. A read without it is a bypass.
    CacheStatus,
    /// A header whose value matches on hits. A read without the header, or with another value, is a miss: services that
    /// set it on hits alone would otherwise have no misses.
    Header { name: HeaderName, hit: Regex },
    /// A place in a JSON body (a JSON pointer) whose text, number or truth value matches on hits; anything else is a miss.
    Json { at: String, hit: Regex },
    /// The service does not tell: every read is a bypass, and there is no hit ratio.
    Untold,
}

impl HitRule {
    /// Where the answer to a read came from.
    pub(super) fn source(&self, headers: &HeaderMap, json: Option<&Value>) -> Source {
        let lines = |name| headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
        let is_hit = match self {
            Self::CacheStatus => return cache_status::source(lines("cache-status")).unwrap_or(Source::Bypass),
            Self::Untold => return Source::Bypass,
            Self::Header { name, hit } => lines(name.as_str()).any(|line| hit.is_match(line)),
            Self::Json { at, hit } => json.and_then(|json| json.pointer(at)).is_some_and(|found| match found {
                Value::String(text) => hit.is_match(text),
                other => hit.is_match(&other.to_string()),
            }),
        };
        if is_hit { Source::Hit } else { Source::MissLed }
    }

    /// The rule in words, for the record.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::CacheStatus => "the header Cache-Status (RFC 9211)".into(),
            Self::Header { name, hit } => format!("the header {name} matches `{hit}`"),
            Self::Json { at, hit } => format!("{at} in the JSON body matches `{hit}`"),
            Self::Untold => "the service does not tell hits from misses".into(),
        }
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

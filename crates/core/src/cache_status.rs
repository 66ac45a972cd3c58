//! The values of the header `Cache-Status` (RFC 9211): what our own service says of where an answer came from, and what any
//! service's header means.
//!
//! A list of caches, the one nearest to the client last, each with parameters: `hit`, or `fwd=` and a reason; `collapsed`
//! where the request waited for another's; `ttl=` the seconds of freshness left, below zero if it was served stale. What the
//! standard has no word for, or a strategy does not know, our own service says in `detail`: that a cache was passed over
//! because it had failed, that a miss was answered from writes that are queued, that an answer was stale, without its `ttl`.

use crate::{CacheEffect, Source};

/// What is said of a read. A miss does not say `stored`: a strategy does not tell, and the header must not claim what nobody knows.
#[must_use]
pub fn of_read(source: Source) -> &'static str {
    match source {
        Source::Hit => "cachemark; hit",
        Source::MissLed => "cachemark; fwd=uri-miss",
        Source::MissJoined => "cachemark; fwd=uri-miss; collapsed",
        Source::MissQueued => "cachemark; fwd=uri-miss; detail=miss-queued",
        Source::StaleServed => "cachemark; hit; detail=stale-served",
        Source::CacheFailed => "cachemark; fwd=bypass; detail=cache-failed",
        Source::Bypass => "cachemark; fwd=bypass",
    }
}

/// What is said of a write or delete: it always goes forward, by its method; `detail` is what became of the entry.
#[must_use]
pub fn of_write(effect: CacheEffect) -> &'static str {
    match effect {
        CacheEffect::Untouched => "cachemark; fwd=method; detail=untouched",
        CacheEffect::Invalidated => "cachemark; fwd=method; detail=invalidated",
        CacheEffect::Updated => "cachemark; fwd=method; detail=updated",
        CacheEffect::Superseded => "cachemark; fwd=method; detail=superseded",
        CacheEffect::Failed(_) => "cachemark; fwd=method; detail=failed",
    }
}

/// What the cache nearest to the client says; `None` if it says nothing that can be understood.
#[must_use]
pub fn source<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Source> {
    let nearest = lines.last().and_then(|line| split_outside_quotes(line, ',').pop())?;
    let parameters = split_outside_quotes(nearest, ';').into_iter().skip(1).map(str::trim);
    let parameters: Vec<_> = parameters.map(|each| each.split_once('=').unwrap_or((each, "?1"))).collect();
    // Of a parameter that is given twice the last one holds.
    let of = |name: &str| parameters.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let is = |name: &str| of(name) == Some("?1");
    let says = |source: Source| of("detail").is_some_and(|detail| detail.trim_matches('"') == source.name());
    match (is("hit"), of("fwd")) {
        (true, _) if says(Source::StaleServed) || of("ttl").is_some_and(|ttl| ttl.starts_with('-')) => {
            Some(Source::StaleServed)
        }
        (true, _) => Some(Source::Hit),
        (false, Some("bypass")) if says(Source::CacheFailed) => Some(Source::CacheFailed),
        (false, Some("bypass" | "method" | "request")) => Some(Source::Bypass),
        (false, Some(_)) if is("collapsed") => Some(Source::MissJoined),
        (false, Some(_)) if says(Source::MissQueued) => Some(Source::MissQueued),
        (false, Some(_)) => Some(Source::MissLed),
        (false, None) => None,
    }
}

/// The parts of a text between separators that stand outside of quotation marks.
fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|c| {
        let ends = c == separator && !quoted;
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        ends
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_its_source() {
        for (line, expected) in [
            ("cachemark; hit", Some(Source::Hit)),
            ("cachemark; hit; ttl=-3", Some(Source::StaleServed)),
            ("cachemark; fwd=uri-miss; stored", Some(Source::MissLed)),
            ("cachemark; fwd=miss;collapsed", Some(Source::MissJoined)),
            ("cachemark; fwd=bypass", Some(Source::Bypass)),
            ("cachemark; fwd=bypass; detail=cache-failed", Some(Source::CacheFailed)),
            (r#"cachemark; detail="cache-failed"; fwd=bypass"#, Some(Source::CacheFailed)),
            ("cachemark; fwd=uri-miss; detail=miss-queued", Some(Source::MissQueued)),
            ("origin; hit, edge; fwd=uri-miss", Some(Source::MissLed)),
            (r#""a;hit,b"; fwd=stale; detail="x, y; hit""#, Some(Source::MissLed)),
            ("cachemark", None),
            ("", None),
        ] {
            assert_eq!(source([line].into_iter()), expected, "{line}");
        }
        assert_eq!(source(["far; hit", "near; fwd=miss"].into_iter()), Some(Source::MissLed));
        assert_eq!(source(std::iter::empty()), None);
    }

    #[test]
    fn what_our_own_service_says_of_a_read_is_understood() {
        for told in Source::ALL {
            let line = of_read(told);
            assert!(line.starts_with("cachemark; "), "{line}");
            assert_ne!(line.contains("; hit"), line.contains("; fwd="), "{line}");
            assert_eq!(source([line].into_iter()), Some(told), "{line}");
        }
    }
}

//! The header `Cache-Status` of RFC 9211.
//!
//! A list of caches, the one nearest to the client last, each with parameters: `hit`, or `fwd=` and a reason; `collapsed`
//! where the request waited for another's; `ttl=` the seconds of freshness left, below zero if it was served stale. That a
//! cache was passed over because it had failed, or that a miss was answered from writes that are queued, the standard has no word for: our
//! own service says so in `detail`.

use cachemark_core::Source;

/// What the cache nearest to the client says; `None` if it says nothing that can be understood.
pub(super) fn source<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Source> {
    let nearest = lines.last().and_then(|line| split_outside_quotes(line, ',').pop())?;
    let parameters = split_outside_quotes(nearest, ';').into_iter().skip(1).map(str::trim);
    let parameters: Vec<_> = parameters.map(|each| each.split_once('=').unwrap_or((each, "?1"))).collect();
    // Of a parameter that is given twice the last one holds.
    let of = |name: &str| parameters.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let is = |name: &str| of(name) == Some("?1");
    let says = |source: Source| of("detail").is_some_and(|detail| detail.trim_matches('"') == source.name());
    match (is("hit"), of("fwd")) {
        (true, _) if of("ttl").is_some_and(|ttl| ttl.starts_with('-')) => Some(Source::StaleServed),
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
}

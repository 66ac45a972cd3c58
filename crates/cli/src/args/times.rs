//! Times as flags take them.

use std::time::Duration;

/// A time with its unit: `500ms`, `10s`, `1m 30s`.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    let parsed: Result<jiff::SignedDuration, _> = text.parse();
    parsed
        .ok()
        .and_then(|duration| Duration::try_from(duration).ok())
        .ok_or_else(|| format!("`{text}` is no time; write it with a unit, as in 500ms, 10s or 1m"))
}

/// A time, or `none`.
pub(super) fn cost(text: &str) -> Result<Duration, String> {
    if text == "none" { Ok(Duration::ZERO) } else { time(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(time("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(time("1m 30s"), Ok(Duration::from_secs(90)));
        assert!(time("10").is_err() && time("-1s").is_err() && time("soon").is_err());
        assert_eq!(cost("none"), Ok(Duration::ZERO));
    }
}

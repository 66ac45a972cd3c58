//! Times as flags take them.

use std::ops::RangeInclusive;
use std::time::Duration;

/// A time with its unit: `500ms`, `10s`, `1m 30s`.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    if text.contains(',') {
        // Some write a fraction so, and we print thousands so: 10,000ms might be 10 ms or 10 s.
        return Err(format!(
            "`{text}` has a comma; write {} without it, or a fraction with a point",
            text.replace(',', "")
        ));
    }
    let parsed: Result<jiff::SignedDuration, _> = text.parse();
    parsed
        .ok()
        .and_then(|duration| Duration::try_from(duration).ok())
        .ok_or_else(|| format!("`{text}` is no time; write it with a unit, as in 500ms, 10s or 1m"))
}

/// How long the window of a trial may be.
const WINDOW: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_secs(86_400);

/// The length of a window: whole milliseconds, from 10ms to 24h.
pub(super) fn window(text: &str) -> Result<Duration, String> {
    let length = whole_millis(text)?;
    match WINDOW.contains(&length) {
        true => Ok(length),
        false => Err(format!("`{text}` is no length for a window; give one from 10ms to 24h, as in 500ms, 10s or 1m")),
    }
}

/// A time of whole milliseconds, or none at all.
pub(super) fn whole_millis(text: &str) -> Result<Duration, String> {
    let length = time(text)?;
    match length.subsec_nanos() % 1_000_000 {
        0 => Ok(length),
        _ => Err(format!("`{text}` is finer than a millisecond; give whole ones, as in 10ms")),
    }
}

/// A time that is not zero.
pub(super) fn some_time(text: &str) -> Result<Duration, String> {
    some(text, time(text)?)
}

/// A time of whole milliseconds that is not zero.
pub(super) fn some_millis(text: &str) -> Result<Duration, String> {
    some(text, whole_millis(text)?)
}

fn some(text: &str, length: Duration) -> Result<Duration, String> {
    match length {
        Duration::ZERO => Err(format!("`{text}` leaves no time; give some, as in 500ms or 1s")),
        some => Ok(some),
    }
}

/// A time of whole microseconds, or `none`.
pub(super) fn cost(text: &str) -> Result<Duration, String> {
    if text == "none" {
        return Ok(Duration::ZERO);
    }
    let length = time(text)?;
    match length.subsec_nanos() % 1_000 {
        0 => Ok(length),
        _ => Err(format!("`{text}` is finer than a microsecond; give whole ones, as in 20us or 1ms")),
    }
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
        let comma = time("10,000ms").unwrap_err();
        assert!(comma.contains("write 10000ms without it"), "{comma}");
        assert!(time("1,5s").is_err());
    }

    #[test]
    fn a_window_has_a_length_in_whole_milliseconds() {
        assert_eq!(window("10ms"), Ok(Duration::from_millis(10)));
        assert_eq!(window("24h"), Ok(Duration::from_secs(86_400)));
        for refused in ["0s", "100us", "9ms", "25h", "10.5ms"] {
            assert!(window(refused).unwrap_err().contains("10ms"), "{refused}");
        }
        assert_eq!(whole_millis("0s"), Ok(Duration::ZERO));
        assert!(some_time("0s").is_err() && some_time("1us").is_ok());
    }

    #[test]
    fn what_a_unit_cannot_hold_is_refused_and_not_cut() {
        assert_eq!(cost("20us"), Ok(Duration::from_micros(20)));
        for finer in ["500ns", "1.5us", "1s 1ns"] {
            assert!(cost(finer).unwrap_err().contains("finer than a microsecond"), "{finer}");
        }
        assert_eq!(some_millis("1ms"), Ok(Duration::from_millis(1)));
        for finer in ["900us", "1.5ms", "1ns"] {
            assert!(some_millis(finer).unwrap_err().contains("finer than a millisecond"), "{finer}");
        }
        assert!(some_millis("0s").unwrap_err().contains("leaves no time"));
    }
}

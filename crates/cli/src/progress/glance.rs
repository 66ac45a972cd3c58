//! What is going on in a trial.

use cachemark_bench::Glance;
use cachemark_report::units;

/// An interval in words: `1,234 ops/s, p99 2.1 ms, hits 90 %, failed 12 (status-503 12)`.
pub(super) fn in_words(glance: &Glance) -> String {
    let interval = &glance.interval;
    let rate = interval.answered() as f64 / glance.length.as_secs_f64();
    let mut words = units::rate(rate);
    if let Some(p99) = interval.p99_ns {
        words.push_str(&format!(", p99 {}", units::time(p99 as f64)));
    }
    let lookups = interval.hits + interval.misses;
    if lookups > 0 {
        words.push_str(&format!(", hits {}", units::percent(interval.hits as f64 / lookups as f64)));
    }
    if interval.failures > 0 {
        let kinds: Vec<String> = glance.errors.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        words.push_str(&format!(", failed {} ({})", interval.failures, kinds.join(", ")));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::ErrorKind;
    use cachemark_results::Interval;
    use std::collections::BTreeMap;
    use std::time::Duration;

    #[test]
    fn failures_are_told_by_status() {
        let interval = Interval {
            start_ns: 0,
            operations: 50,
            failures: 3,
            hits: 9,
            misses: 1,
            failed_lookups: Some(0),
            store_operations: None,
            p50_ns: None,
            p99_ns: Some(2_100_000),
        };
        let errors = BTreeMap::from([(ErrorKind::Status(503), 2), (ErrorKind::Timeout, 1)]);
        let length = Duration::from_millis(100);
        let told = in_words(&Glance { interval, length, errors });
        assert_eq!(told, "470 ops/s, p99 2.10 ms, hits 90 %, failed 3 (timeout 1, status-503 2)");
        let quiet = Interval { failures: 0, hits: 0, misses: 0, p99_ns: None, ..interval };
        assert_eq!(in_words(&Glance { interval: quiet, length, errors: BTreeMap::new() }), "500 ops/s");
    }
}

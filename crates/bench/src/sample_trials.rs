//! Trials made up for tests.

use cachemark_results::{OpenLoop, SCHEMA_VERSION, TimeSummary, Totals, Trial};
use serde_json::json;

/// A trial that there is nothing to say of.
pub(crate) fn calm() -> Trial {
    serde_json::from_value(json!({
        "schema_version": SCHEMA_VERSION, "number": 1, "cell": "a", "block": 0, "position": 0,
        "started_utc": "2026-11-22T05:00:01Z",
        "window": { "reset_ns": 0, "scan_ns": 0, "warm_up_ns": 0, "measured_ns": 1, "drain_ns": 0 },
        "totals": Totals { issued: 10_000, ok: 10_000, ..Totals::default() },
        "throughput_ops_per_s": 10_000.0, "read_time": null, "write_time": null, "all_time": null,
        "hit_ratio": null, "store_load": 1.0, "issued_whole": 10_000, "errors": {}, "bad_stamps": 0,
        "cache": cachemark_results::CacheOperations::default(),
        "store": cachemark_results::StoreOperations::default(),
        "cache_whole": cachemark_results::CacheOperations::default(),
        "store_whole": cachemark_results::StoreOperations::default(),
        "cache_counters": {}, "store_counters": {}, "client_cpu": 0.5, "server_cpu": {}, "buckets": [], "warnings": [],
    }))
    .unwrap()
}

/// Times of so many operations that percentiles stand.
pub(crate) fn times(p99_ns: u64) -> Option<TimeSummary> {
    Some(TimeSummary {
        count: 10_000,
        mean_ns: 1.0,
        min_ns: 1,
        p50_ns: Some(1),
        p90_ns: Some(1),
        p99_ns: Some(p99_ns),
        p999_ns: None,
        max_ns: p99_ns,
    })
}

/// The same under an open loop.
pub(crate) fn open(change: impl FnOnce(&mut OpenLoop)) -> Trial {
    let mut open_loop = OpenLoop {
        process: "poisson".into(),
        offered_per_s: 10_000.0,
        max_in_flight: 64,
        when_full: "shed".into(),
        offered: 10_000,
        late: 0,
        shed: 0,
        unsent: 0,
        schedule_lag: times(900_000),
        client_lag: times(900_000),
        read_response: None,
        write_response: None,
        all_response: times(2_000_000),
    };
    change(&mut open_loop);
    Trial { open_loop: Some(open_loop), ..calm() }
}

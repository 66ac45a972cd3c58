//! A small record, made up.

use cachemark_results::warning;
use cachemark_results::*;
use cachemark_stats::Histogram;
use std::collections::BTreeMap;

pub(crate) fn manifest() -> Manifest {
    Manifest {
        schema_version: SCHEMA_VERSION,
        kind: "sweep".into(),
        name: "sample".into(),
        title: String::new(),
        notes: String::new(),
        started_utc: "2026-11-22T05:00:00Z".into(),
        ended_utc: None,
        status: Status::Running,
        command: "cachemark sweep".into(),
        definition_hash: "0123456789abcdef".into(),
        seed: 1,
        workload: "10 keys".into(),
        parameters: BTreeMap::from([("clients".into(), 8.into())]),
        assertions: vec!["*.errors <= 0".into()],
        parts: vec![Part {
            kind: "strategy".into(),
            name: "no-cache".into(),
            summary: "Asks the store.".into(),
            colour: [1, 2, 3],
            acknowledges_early: false,
        }],
        cells: vec![cell()],
        blocks: vec![vec!["a".into()]],
        verdict_on: vec!["throughput".into(), "hit_ratio".into()],
        pairs: true,
        primary_metric: String::new(),
        capacities: Vec::new(),
        power: Vec::new(),
        equivalence_margin: 0.05,
        resumed: Vec::new(),
        concerns: Vec::new(),
        packed: None,
    }
}

fn cell() -> Cell {
    Cell {
        id: "a".into(),
        arm: "no-cache".into(),
        group: "no-cache".into(),
        arm_axes: Default::default(),
        server_settings: Default::default(),
        strategy: "no-cache".into(),
        cache: "none".into(),
        store: "sqlite".into(),
        read_ratio: 0.9,
        read_cost_us: 0,
        store_workers: None,
        offered_per_s: None,
        instances: 1,
        control: false,
        family: "read ratio 0.9".into(),
        reference: None,
        unsupported: None,
        strategy_settings: BTreeMap::new(),
        cache_settings: BTreeMap::new(),
        store_settings: BTreeMap::from([("synchronous".into(), "normal".into())]),
        predicted_hit_ratio: None,
        predicted_store_load: None,
    }
}

pub(crate) fn environment() -> Environment {
    let tool = Tool { version: "0.1.0".into(), revision: None, rustc: None, profile: "debug".into(), executable: None };
    Environment::capture(tool, Vec::new(), "one machine".into())
}

pub(crate) fn histogram() -> Histogram {
    let mut histogram = Histogram::new();
    (1..=100).for_each(|ns| histogram.record(ns * 1000));
    histogram
}

/// No hop to a cache: the bucket is of reads that bypass it.
fn hops() -> HopHistograms {
    HopHistograms { queue: Some(histogram()), cache: None, store: Some(histogram()) }
}

fn freshness() -> Freshness {
    Freshness {
        reads: 100,
        judged: 100,
        stale: 2,
        stale_age: TimeSummary::of(&histogram()),
        fresh_within: vec![FreshWithin { within_ns: 0, reads: 98 }],
        own_writes: Checked { reads: 10, violations: 1 },
        session_keys: 1_024,
        ..Freshness::default()
    }
}

fn audit() -> Audit {
    let cache = CacheAudit {
        caches: 1,
        seen: 10,
        held: 6,
        equal: 5,
        behind: 1,
        behind_remaining: TimeSummary::of(&histogram()),
        recency_kept: true,
        ..CacheAudit::default()
    };
    let behind = AuditExample {
        finding: AuditFinding::Behind,
        key: "cm:k7".into(),
        acknowledged: Some(3),
        row: 3,
        other_value: false,
        entry: Some(2),
        cache: Some(0),
        remaining_ns: Some(1_000),
    };
    Audit {
        keys: 10,
        chosen: 10,
        time_ns: 1_000_000,
        incomplete: None,
        store: StoreAudit { seen: 10, written: Some(4), ..StoreAudit::default() },
        cache: Some(cache),
        examples: vec![behind],
    }
}

pub(crate) fn trial(number: u32) -> Trial {
    let times = TimeSummary::of(&histogram());
    Trial {
        schema_version: SCHEMA_VERSION,
        number,
        cell: "a".into(),
        block: 0,
        position: 0,
        started_utc: "2026-11-22T05:00:01Z".into(),
        window: Window { measured_ns: 1_000_000_000, ..Window::default() },
        steady: None,
        halves: None,
        cold_start: None,
        totals: Totals { issued: 100, ok: 100, ..Totals::default() },
        throughput_ops_per_s: 100.0,
        read_time: times,
        write_time: None,
        all_time: times,
        open_loop: None,
        hit_ratio: None,
        predicted_hit_ratio: None,
        predicted_store_load: None,
        store_load: 1.0,
        cache: CacheOperations::default(),
        store: StoreOperations { reads: 100, found: 100, ..StoreOperations::default() },
        loads: Some(Loads { reads: 100, episodes: 80, most_at_once: 3 }),
        store_rate_max_ops_per_s: Some(120.0),
        lane_waits: None,
        cache_whole: CacheOperations::default(),
        store_whole: StoreOperations::default(),
        issued_whole: 120,
        errors: BTreeMap::new(),
        bad_stamps: 0,
        unstamped: 0,
        freshness: Some(freshness()),
        audit: Some(audit()),
        faults: Vec::new(),
        recovery: None,
        scan_errors: BTreeMap::new(),
        error_reasons: BTreeMap::new(),
        cache_failures: Vec::new(),
        store_failures: Vec::new(),
        cache_counters: BTreeMap::new(),
        store_counters: BTreeMap::new(),
        policy_counters: BTreeMap::from([("store.retries".into(), 3)]),
        client_cpu: Some(0.25),
        server_cpu: BTreeMap::from([("redis".into(), 0.5)]),
        host: Some(HostNoise {
            window: HostUse { others_cpu: Some(0.02), steal: Some(0.0), ..HostUse::default() },
            whole: HostUse::default(),
        }),
        buckets: vec![Bucket {
            operation: "read".into(),
            source: "bypass".into(),
            result: "ok".into(),
            count: 100,
            service_time: times,
            response_time: None,
            hops: Some(hops().summed_up()),
        }],
        warnings: vec![
            Warning::new(warning::STEAL, "too short"),
            Warning::invalidating(warning::CLIENT_BOUND_OPEN, "too late"),
        ],
    }
}

pub(crate) fn series() -> Series {
    let interval = Interval {
        shed: Some(0),
        stale_reads: Some(1),
        start_ns: 0,
        operations: 100,
        failures: 0,
        hits: 0,
        misses: 0,
        failed_lookups: Some(0),
        store_operations: Some(120),
        p50_ns: Some(50_000),
        p99_ns: None,
    };
    Series { schema_version: SCHEMA_VERSION, interval_ns: 1_000_000_000, intervals: vec![interval] }
}

pub(crate) fn histograms() -> Histograms {
    Histograms {
        schema_version: SCHEMA_VERSION,
        buckets: vec![BucketHistogram {
            operation: "read".into(),
            source: "bypass".into(),
            result: "ok".into(),
            service_time: histogram(),
            response_time: None,
            hops: Some(hops()),
        }],
        stale_ages: Some(AgeHistograms { sure: Some(histogram()), at_least: None }),
    }
}

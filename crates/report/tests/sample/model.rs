//! Figures of trials from a simple model, with noise from a fixed generator.

mod buckets;
mod open_loop;

use cachemark_results::*;
use cachemark_stats::Histogram;
use std::collections::BTreeMap;

/// What a trial leaves behind.
pub(crate) struct Made {
    pub(crate) trial: Trial,
    pub(crate) series: Series,
    pub(crate) histograms: Histograms,
}

/// A linear congruential generator (Knuth's MMIX constants): the same figures at every run and on every machine.
pub(super) struct Noise(u64);

impl Noise {
    /// Seeded by name, so that a cell's noise doesn't depend on the others.
    pub(super) fn of(name: &str, block: u32) -> Self {
        let seed = name
            .bytes()
            .fold(1469598103934665603_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(1099511628211));
        let mut noise = Self(seed ^ (u64::from(block) << 32));
        noise.normal();
        noise
    }

    /// 0 to 1.
    pub(super) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normal, of spread 1.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

pub(crate) fn hit_ratio(strategy: &str, read_ratio: f64) -> f64 {
    match strategy {
        "no-cache" => 0.0,
        "cache-aside" => 0.95 * (0.25 + 0.75 * read_ratio),
        _ => 0.95,
    }
}

pub(crate) fn store_load(strategy: &str, read_ratio: f64) -> f64 {
    read_ratio * (1.0 - hit_ratio(strategy, read_ratio)) + 1.0 - read_ratio
}

pub(crate) fn trial(cell: &Cell, number: u32, block: u32, reads: u32) -> Made {
    let mut noise = Noise::of(&cell.id, block);
    let cached = cell.strategy != "no-cache";
    let hit = (hit_ratio(&cell.strategy, cell.read_ratio) + 0.003 * noise.normal()).clamp(0.0, 1.0);
    let hit_ns = if cell.cache == "moka" { 2_000.0 } else { 45_000.0 };
    let miss_ns = 60_000.0 + cell.read_cost_us as f64 * 1e3 + if cached { hit_ns } else { 0.0 };
    // What the machine does to all trials of a block.
    let drift = 1.0 + 0.08 * Noise::of("drift", block).normal();
    let own = 1.0 + 0.008 * noise.normal();
    let (mut times, mut hit_times, mut miss_times) = (Histogram::new(), Histogram::new(), Histogram::new());
    let mut taken = Vec::new();
    for _ in 0..reads {
        let is_hit = cached && noise.next() < hit;
        let base = if is_hit { hit_ns } else { miss_ns };
        let slow = if noise.next() < 0.004 { 12.0 } else { 1.0 };
        let time = (base * slow * drift * own * (0.35 * noise.normal()).exp()) as u64;
        taken.push(time);
        times.record(time);
        let of_its_kind = if is_hit { &mut hit_times } else { &mut miss_times };
        of_its_kind.record(time);
    }
    let mean_read = hit * hit_ns * f64::from(u8::from(cached)) + (1.0 - hit) * miss_ns;
    let mean = cell.read_ratio * mean_read + (1.0 - cell.read_ratio) * 90_000.0;
    let capacity = 8e9 / (mean * drift * own);
    let throughput = cell.offered_per_s.map_or(capacity, |rate| rate.min(capacity));
    let queue = cell.offered_per_s.map(|rate| open_loop::Queue { rate, capacity, mean_ns: mean });
    let issued = (throughput * 10.0) as u64;
    let store_reads = (issued as f64 * cell.read_ratio * (1.0 - hit)) as u64;
    let store = StoreOperations {
        reads: store_reads,
        found: store_reads,
        writes: (issued as f64 * (1.0 - cell.read_ratio)) as u64,
        ..StoreOperations::default()
    };
    let read_time = TimeSummary::of(&times);
    let responses = queue.as_ref().map(|queue| queue.responses(&taken, &mut noise));
    let trial = Trial {
        schema_version: SCHEMA_VERSION,
        number,
        cell: cell.id.clone(),
        block,
        position: 0,
        started_utc: "2026-11-22T05:00:01Z".into(),
        window: Window { measured_ns: 10_000_000_000, warm_up_ns: 2_000_000_000, ..Window::default() },
        steady: None,
        halves: None,
        cold_start: None,
        totals: Totals { issued, ok: issued, ..Totals::default() },
        throughput_ops_per_s: throughput,
        read_time,
        write_time: None,
        all_time: read_time,
        open_loop: queue
            .as_ref()
            .zip(responses.as_ref())
            .map(|(queue, (lags, times))| queue.open_loop(issued, lags, times)),
        hit_ratio: cached.then_some(hit),
        predicted_hit_ratio: None,
        predicted_store_load: None,
        store_load: store.operations() as f64 / issued as f64,
        cache: CacheOperations::default(),
        store,
        loads: None,
        store_rate_max_ops_per_s: None,
        lane_waits: None,
        cache_whole: CacheOperations::default(),
        store_whole: store,
        issued_whole: issued,
        errors: BTreeMap::new(),
        freshness: None,
        audit: None,
        bad_stamps: 0,
        unstamped: 0,
        faults: Vec::new(),
        recovery: None,
        scan_errors: BTreeMap::new(),
        error_reasons: BTreeMap::new(),
        cache_failures: Vec::new(),
        store_failures: Vec::new(),
        cache_counters: BTreeMap::new(),
        store_counters: BTreeMap::new(),
        policy_counters: BTreeMap::new(),
        client_cpu: Some(0.4),
        server_cpu: BTreeMap::new(),
        host: None,
        buckets: buckets::of(issued, cell.read_ratio, cached.then_some(hit), [hit_times, miss_times]),
        warnings: Vec::new(),
    };
    let series = series(&mut noise, throughput, hit, cached, read_time.and_then(|time| time.p99_ns));
    let bucket = BucketHistogram {
        operation: "read".into(),
        source: if cached { "hit" } else { "bypass" }.into(),
        result: "ok".into(),
        service_time: times,
        response_time: responses.map(|(_, times)| times),
        hops: None,
    };
    let buckets = if reads == 0 { Vec::new() } else { vec![bucket] };
    Made { trial, series, histograms: Histograms { schema_version: SCHEMA_VERSION, buckets, stale_ages: None } }
}

fn series(noise: &mut Noise, throughput: f64, hit: f64, cached: bool, p99_ns: Option<u64>) -> Series {
    let interval = |second: u64| {
        let operations = (throughput * (1.0 + 0.03 * noise.normal())) as u64;
        let hits = if cached { (operations as f64 * hit) as u64 } else { 0 };
        Interval {
            shed: None,
            stale_reads: None,
            start_ns: second * 1_000_000_000,
            operations,
            failures: 0,
            hits,
            misses: if cached { operations - hits } else { 0 },
            failed_lookups: Some(0),
            store_operations: None,
            p50_ns: None,
            p99_ns: p99_ns.map(|ns| (ns as f64 * (1.0 + 0.1 * noise.normal())) as u64),
        }
    };
    Series { schema_version: SCHEMA_VERSION, interval_ns: 1_000_000_000, intervals: (0..10).map(interval).collect() }
}

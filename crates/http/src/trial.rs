//! A load's outcome as a trial of the record.

use crate::nanos;
use crate::run::LoadOutcome;
use crate::warnings;
use cachemark_results::{
    Bucket, BucketHistogram, CacheOperations, Histograms, Lookups, SCHEMA_VERSION, Series, StoreOperations,
    TimeSummary, Totals, Trial, Window,
};
use std::collections::BTreeMap;

/// Where the trial stands in its run.
#[derive(Debug, Clone)]
pub struct Place {
    /// The cell's id.
    pub cell: String,
    /// The cell's place in its block, from 0.
    pub position: u32,
    /// When the trial began, UTC, RFC 3339.
    pub started_utc: String,
}

impl LoadOutcome {
    /// The three files of the trial.
    ///
    /// # Panics
    /// If an operation ended in no bucket or in two: a fault of the program, which no figure may survive.
    #[must_use]
    pub fn files(&self, place: Place) -> (Trial, Series, Histograms) {
        let histograms = self.histograms();
        let buckets: Vec<Bucket> = histograms.buckets.iter().map(bucket).collect();
        let totals = totals(self.recorded.issued, &buckets);
        let mut trial = Trial {
            schema_version: SCHEMA_VERSION,
            number: self.plan.trial,
            cell: place.cell,
            block: self.plan.block,
            position: place.position,
            started_utc: place.started_utc,
            window: self.window(),
            steady: None,
            halves: None,
            cold_start: None,
            totals,
            throughput_ops_per_s: self.recorded.answered_in_window as f64 / self.plan.duration.as_secs_f64(),
            read_time: time_of(&histograms, |operation| operation == "read"),
            write_time: time_of(&histograms, |operation| operation != "read"),
            all_time: time_of(&histograms, |_| true),
            open_loop: None,
            hit_ratio: Lookups::of(&buckets).hit_ratio(),
            predicted_hit_ratio: None,
            predicted_store_load: None,
            store_load: store_load(totals.issued, &buckets),
            // What a service asks of its cache and its store is not seen from outside.
            cache: CacheOperations::default(),
            store: StoreOperations::default(),
            lane_waits: None,
            cache_whole: CacheOperations::default(),
            store_whole: StoreOperations::default(),
            issued_whole: self.recorded.whole.values().map(|counts| counts.success + counts.fail).sum(),
            errors: self.recorded.errors.iter().map(|(kind, count)| (kind.to_string(), *count)).collect(),
            error_reasons: self.reasons(),
            cache_failures: Vec::new(),
            store_failures: Vec::new(),
            bad_stamps: self.damaged(),
            scan_errors: Default::default(),
            cache_counters: Default::default(),
            store_counters: Default::default(),
            client_cpu: self.client_cpu,
            // Another process, often on another machine: not ours to see.
            server_cpu: Default::default(),
            host: Some(self.host),
            buckets,
            warnings: Vec::new(),
        };
        trial.warnings = warnings::of(&trial, self);
        let interval_ns = nanos(self.plan.interval);
        (trial, Series { schema_version: SCHEMA_VERSION, interval_ns, intervals: self.series.clone() }, histograms)
    }

    /// Values whose stamp did not fit. Where this client wrote every key before, one without a stamp is none of its own: it
    /// was damaged on the way.
    fn damaged(&self) -> u64 {
        self.recorded.bad_stamps + if self.wrote_every_key() { self.recorded.unstamped } else { 0 }
    }

    /// Of the kinds that the window had.
    fn reasons(&self) -> BTreeMap<String, String> {
        let recorded = &self.recorded;
        let of_window = recorded.reasons.iter().filter(|(kind, _)| recorded.errors.contains_key(kind));
        of_window.map(|(kind, said)| (kind.to_string(), said.clone())).collect()
    }

    fn window(&self) -> Window {
        Window {
            reset_ns: nanos(self.reset),
            scan_ns: 0,
            warm_up_ns: nanos(self.plan.warm_up),
            warm_up_operations: 0,
            measured_ns: nanos(self.plan.duration),
            drain_ns: nanos(self.drain),
        }
    }

    fn histograms(&self) -> Histograms {
        let named = self.recorded.buckets.iter().map(|(key, histogram)| BucketHistogram {
            operation: key.operation.to_owned(),
            source: key.source.to_owned(),
            result: key.result.to_owned(),
            service_time: histogram.clone(),
            response_time: None,
            hops: None,
        });
        Histograms { schema_version: SCHEMA_VERSION, buckets: named.collect() }
    }
}

fn bucket(histogram: &BucketHistogram) -> Bucket {
    Bucket {
        operation: histogram.operation.clone(),
        source: histogram.source.clone(),
        result: histogram.result.clone(),
        count: histogram.service_time.count(),
        service_time: TimeSummary::of(&histogram.service_time),
        response_time: None,
        hops: None,
    }
}

fn count(buckets: &[Bucket], wanted: impl Fn(&Bucket) -> bool) -> u64 {
    buckets.iter().filter(|bucket| wanted(bucket)).map(|bucket| bucket.count).sum()
}

fn totals(issued: u64, buckets: &[Bucket]) -> Totals {
    let of = |result: &str| count(buckets, |bucket| bucket.result == result);
    let [ok, absent, shed, error, unknown] = ["ok", "absent", "shed", "error", "unknown"].map(of);
    let ended = ok + absent + shed + error + unknown;
    assert_eq!(issued, ended, "every operation issued in the window must end in exactly one bucket");
    Totals { issued, ok, absent, shed, error, unknown }
}

fn time_of(histograms: &Histograms, operation: impl Fn(&str) -> bool) -> Option<TimeSummary> {
    let answered = |bucket: &BucketHistogram| matches!(bucket.result.as_str(), "ok" | "absent");
    TimeSummary::of(&histograms.merged(|bucket| answered(bucket) && operation(&bucket.operation))?)
}

/// Store operations for each operation asked, reckoned: one for each read that the cache did not answer and that joined
/// no other, and one for each write and delete that was answered. What the service truly asked is not seen over HTTP.
fn store_load(issued: u64, buckets: &[Bucket]) -> f64 {
    let loads = count(buckets, |bucket| matches!(bucket.source.as_str(), "miss-led" | "cache-failed" | "bypass"));
    let writes =
        count(buckets, |bucket| bucket.operation != "read" && matches!(bucket.result.as_str(), "ok" | "absent"));
    if issued == 0 { 0.0 } else { (loads + writes) as f64 / issued as f64 }
}

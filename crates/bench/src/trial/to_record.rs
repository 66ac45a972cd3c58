//! What was counted and timed, in the words of the record.

use crate::definition::OpenLoopOptions;
use crate::drive::{ArrivalCounts, BucketKey, Recorded, Times, Warmed};
use cachemark_core::{CacheCounts, Counters, ErrorKind, Failures, LaneWaits, StoreCounts};
use cachemark_results as record;
use cachemark_results::{
    Bucket, BucketHistogram, FailedCalls, Histograms, HopHistograms, SCHEMA_VERSION, TimeSummary, Totals,
};
use std::collections::BTreeMap;

pub(super) fn histograms(recorded: &[Option<Times>]) -> Histograms {
    let buckets = BucketKey::all()
        .zip(recorded)
        .filter_map(|(key, times)| {
            let times = times.as_ref()?;
            Some(BucketHistogram {
                operation: key.operation().to_owned(),
                source: key.source().to_owned(),
                result: key.result().to_owned(),
                service_time: times.service.clone(),
                response_time: times.response.clone(),
                hops: times.hops.clone(),
            })
        })
        .collect();
    Histograms { schema_version: SCHEMA_VERSION, buckets }
}

pub(super) fn bucket(histogram: &BucketHistogram) -> Bucket {
    Bucket {
        operation: histogram.operation.clone(),
        source: histogram.source.clone(),
        result: histogram.result.clone(),
        count: histogram.service_time.count(),
        service_time: TimeSummary::of(&histogram.service_time),
        response_time: histogram.response_time.as_ref().and_then(TimeSummary::of),
        hops: histogram.hops.as_ref().map(HopHistograms::summed_up),
    }
}

/// Every operation ends in one bucket: the sum must be what was issued. A difference is a fault of the program.
pub(super) fn totals(issued: u64, buckets: &[Bucket]) -> Totals {
    let sum = |result: &str| buckets.iter().filter(|bucket| bucket.result == result).map(|bucket| bucket.count).sum();
    let totals = Totals {
        issued,
        ok: sum("ok"),
        absent: sum("absent"),
        shed: sum("shed"),
        error: sum("error"),
        unknown: sum("unknown"),
    };
    let ended = totals.ok + totals.absent + totals.shed + totals.error + totals.unknown;
    assert_eq!(issued, ended, "every operation issued in the window must end in exactly one bucket");
    totals
}

pub(super) fn time_of(histograms: &Histograms, wanted: impl Fn(&BucketHistogram) -> bool) -> Option<TimeSummary> {
    TimeSummary::of(&histograms.merged(|bucket| is_answered(bucket) && wanted(bucket))?)
}

fn is_answered(bucket: &BucketHistogram) -> bool {
    matches!(bucket.result.as_str(), "ok" | "absent")
}

/// Every arrival is issued, shed or unsent: the sum must be what was offered. A difference is a fault of the program.
pub(super) fn open_loop(
    options: OpenLoopOptions,
    rate: f64,
    recorded: &Recorded,
    histograms: &Histograms,
) -> record::OpenLoop {
    let ArrivalCounts { offered, late, shed, unsent } = recorded.arrivals;
    assert_eq!(offered, recorded.issued + shed + unsent, "every arrival of the window must be accounted for");
    let response = |wanted: fn(&BucketHistogram) -> bool| {
        TimeSummary::of(&histograms.merged_responses(|bucket| is_answered(bucket) && wanted(bucket))?)
    };
    record::OpenLoop {
        process: options.process.name().into(),
        offered_per_s: rate,
        max_in_flight: options.max_in_flight,
        when_full: options.when_full.name().into(),
        offered,
        late,
        shed,
        unsent,
        schedule_lag: recorded.schedule_lag.as_ref().and_then(TimeSummary::of),
        client_lag: recorded.client_lag.as_ref().and_then(TimeSummary::of),
        read_response: response(|bucket| bucket.operation == "read"),
        write_response: response(|bucket| bucket.operation != "read"),
        all_response: response(|_| true),
    }
}

pub(super) fn steady_state(warmed: Warmed) -> Option<record::SteadyState> {
    let Warmed::With(told) = warmed else { return None };
    let steady = told.is_steady();
    let trend = (steady != Some(true)).then(|| told.to_string());
    Some(record::SteadyState { steady, trend, could_see: told.could_see() })
}

/// The lookups of both halves of the window; of an odd number of intervals the middle one is in neither.
pub(super) fn halves(series: &[record::Interval]) -> Option<[record::HalfLookups; 2]> {
    let half = series.len() / 2;
    let of = |intervals: &[record::Interval]| record::HalfLookups {
        hits: intervals.iter().map(|each| each.hits).sum(),
        lookups: intervals.iter().map(|each| each.hits + each.misses).sum(),
    };
    (half > 0).then(|| [of(&series[..half]), of(&series[series.len() - half..])])
}

pub(super) fn failed_calls(window: &Failures, whole: Failures) -> Vec<FailedCalls> {
    let told = whole.0.into_iter().map(|(place, failed)| FailedCalls {
        call: place.0.to_owned(),
        kind: place.1.name().to_owned(),
        window: window.0.get(&place).map_or(0, |failed| failed.count),
        whole: failed.count,
        first: failed.first,
    });
    told.collect()
}

/// Of the kinds that the window had.
pub(super) fn reasons(recorded: &Recorded) -> BTreeMap<String, String> {
    let of_window = recorded.reasons.iter().filter(|(kind, _)| recorded.errors.contains_key(kind));
    of_window.map(|(kind, reason)| (kind.to_string(), reason.clone())).collect()
}

pub(super) fn cache_operations(counts: CacheCounts) -> record::CacheOperations {
    let CacheCounts { gets, hits, sets, superseded, deletes, errors } = counts;
    record::CacheOperations { gets, hits, sets, superseded, deletes, errors }
}

pub(super) fn lane_wait(LaneWaits { waits, wait_ns }: LaneWaits) -> record::LaneWait {
    record::LaneWait { waits, wait_ns }
}

pub(super) fn store_operations(counts: StoreCounts) -> record::StoreOperations {
    let StoreCounts { reads, found, writes, deletes, errors } = counts;
    record::StoreOperations { reads, found, writes, deletes, errors }
}

pub(super) fn by_kind(errors: &BTreeMap<ErrorKind, u64>) -> BTreeMap<String, u64> {
    errors.iter().map(|(kind, &count)| (kind.to_string(), count)).collect()
}

pub(super) fn plain(counters: Counters) -> BTreeMap<String, u64> {
    counters.0.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}

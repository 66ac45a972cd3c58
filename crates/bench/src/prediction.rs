//! What theory says of a cell: before it is run, and of a trial whose operations have taken their time.

use crate::definition::{Arm, Chosen, Definition};
use crate::warm_up::{Room, hit_model};
use cachemark_core::HitModel;
use cachemark_results::{MANY, OpenLoop, TimeSummary, Trial};
use cachemark_workload::predict::{self, Overlap, Popularity};
use std::sync::Arc;

/// The difference of a measured hit ratio from the predicted one that needs a reason: 2 points.
const OFF: f64 = 0.02;
/// How many sampling errors it may be where that is more: a short window has few lookups.
const SAMPLING_ERRORS: f64 = 3.0;

/// Whether a hit ratio that was measured over `lookups` is another than the predicted one, and not by chance.
pub(crate) fn is_off(measured: f64, predicted: f64, lookups: u64) -> bool {
    let error = (predicted * (1.0 - predicted) / lookups.max(1) as f64).sqrt();
    (measured - predicted).abs() > OFF.max(SAMPLING_ERRORS * error)
}

/// What a hit ratio is predicted from.
#[derive(Debug, Clone)]
pub(crate) struct Theory {
    popularity: Arc<Popularity>,
    read_ratio: f64,
    model: HitModel,
    room: Option<u64>,
    clients: u32,
}

impl Theory {
    /// Where a formula covers the cell: no TTL, no deletes, one instance, and room for every key or an LRU. Elsewhere there
    /// is none, rather than a formula stretched. Servers are taken to have the room that the definition gives them; of
    /// servers of others that is a guess, which their hit ratio then confirms or not.
    pub(crate) fn of(
        definition: &Definition,
        popularity: &Arc<Popularity>,
        arm: &Arm,
        cache: Option<&Chosen>,
        read_ratio: f64,
        instances: u32,
    ) -> Option<Self> {
        let (cache, strategy) = (cache?, &arm.strategy);
        let model = hit_model(strategy);
        let timeless = strategy.settings.integer("ttl-ms") == 0 && definition.delete_ratio == 0.0;
        if model == HitModel::Never || !timeless || instances != 1 || read_ratio == 0.0 {
            return None;
        }
        let room = match Room::of(cache, arm, definition) {
            Room::All => None,
            Room::Lru(entries) => Some(entries),
            Room::About(_) => return None,
        };
        let clients = definition.driving.clients;
        Some(Self { popularity: Arc::clone(popularity), read_ratio, model, room, clients })
    }

    /// The hit ratio if operations came one at a time: what can be said before the run.
    pub(crate) fn one_at_a_time(&self) -> f64 {
        self.hit_ratio(None)
    }

    /// The hit ratio with operations that overlap as those of `trial` did: by their number, and by how long a read took that
    /// missed, and a write. Nothing that the cache answered goes into it.
    ///
    /// In a closed loop the mean times count: a pause makes them longer and the operations fewer, and their product stays. An
    /// open loop's arrivals go on, so there it is the medians. One that did not send what was offered is beyond the formula,
    /// whose arrivals wait for nobody.
    pub(crate) fn of_trial(&self, trial: &Trial) -> Option<f64> {
        let is_open = trial.open_loop.is_some();
        let held_up = |open: &OpenLoop| (open.late + open.shed + open.unsent) as f64 > MANY * open.offered as f64;
        if trial.open_loop.as_ref().is_some_and(held_up) {
            return None;
        }
        let of = |time: &TimeSummary| time.p50_ns.filter(|_| is_open).map_or(time.mean_ns, |median| median as f64);
        let misses =
            trial.buckets.iter().filter(|bucket| bucket.operation == "read" && bucket.source.starts_with("miss-"));
        let (count, sum_ns) =
            misses.filter_map(|bucket| bucket.service_time.as_ref()).fold((0.0, 0.0), |sums, time| {
                let count = time.count as f64;
                (sums.0 + count, sums.1 + count * of(time))
            });
        Some(self.hit_ratio(Some(Overlap {
            ops_per_s: trial.throughput_ops_per_s,
            clients: (!is_open).then_some(self.clients),
            load_s: if count > 0.0 { sum_ns / count * 1e-9 } else { 0.0 },
            write_s: trial.write_time.as_ref().map_or(0.0, |time| of(time) * 1e-9),
        })))
    }

    fn hit_ratio(&self, overlap: Option<Overlap>) -> f64 {
        predict::warm(&self.popularity, self.read_ratio, self.model, self.room, overlap).hit_ratio
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample_trials::{calm, open, times};
    use cachemark_results::Bucket;

    #[test]
    fn two_points_need_a_reason_unless_they_are_chance() {
        assert!(is_off(0.409, 0.43, 100_000) && is_off(0.451, 0.43, 100_000));
        assert!(!is_off(0.411, 0.43, 100_000) && !is_off(0.449, 0.43, 100_000));
        // Of 500 lookups two points are less than a sampling error.
        assert!(!is_off(0.37, 0.43, 500) && is_off(0.36, 0.43, 500));
    }

    #[test]
    fn an_open_loop_is_predicted_by_its_medians_and_where_it_was_held_up_not_at_all() {
        let popularity = Arc::new(Popularity::of(cachemark_workload::KeyDistribution::Zipf { exponent: 0.99 }, 5_000));
        let model = HitModel::InvalidatedWithLoads;
        let theory = Theory { popularity, read_ratio: 0.5, model, room: None, clients: 8 };
        let time = |mean_ns| TimeSummary { mean_ns, p50_ns: Some(1_000_000), ..times(9_000_000).unwrap() };
        let of = |trial: Trial, mean_ns: f64| {
            let (operation, source, result) = ("read".into(), "miss-led".into(), "ok".into());
            let service_time = Some(time(mean_ns));
            let bucket =
                Bucket { operation, source, result, count: 10_000, service_time, response_time: None, hops: None };
            let trial = Trial { buckets: vec![bucket], write_time: Some(time(mean_ns)), ..trial };
            theory.of_trial(&Trial { throughput_ops_per_s: 5_000.0, ..trial })
        };
        // A pause makes the mean of an open loop longer, and takes nothing from its rate.
        let calm_open = of(open(|_| ()), 1e6).unwrap();
        assert_eq!(of(open(|_| ()), 1e8), Some(calm_open));
        assert!(of(calm(), 1e8).unwrap() < of(calm(), 1e6).unwrap());
        assert!(calm_open < 0.49, "{calm_open}");
        assert_eq!(of(open(|open| open.late = 11), 1e6), None);
    }
}

//! What theory says of a cell: before it is run, and of a trial whose operations have taken their time.

use crate::definition::{Arm, Chosen, Definition};
use crate::warm_up::Room;
use cachemark_core::{HitModel, Lifetime, Model};
use cachemark_results::{MANY, OpenLoop, TimeSummary, Trial};
use cachemark_workload::predict::{self, Overlap, Popularity, SlidingTtl};
use std::sync::Arc;
use std::time::Duration;

/// The difference of a measured hit ratio from the predicted one that needs a reason: 2 points.
const OFF: f64 = 0.02;
/// How many sampling errors it may be where that is more: a short window has few lookups.
const SAMPLING_ERRORS: f64 = 3.0;

/// Whether a hit ratio that was measured over `lookups` is another than the predicted one, and not by chance.
pub(crate) fn is_off(measured: f64, predicted: f64, lookups: u64) -> bool {
    let error = (predicted * (1.0 - predicted) / lookups.max(1) as f64).sqrt();
    (measured - predicted).abs() > OFF.max(SAMPLING_ERRORS * error)
}

/// Whether a store load that was measured over `operations` is another than the predicted one, and not by chance: the error is
/// that of a count whose operations come as they like.
pub(crate) fn is_load_off(measured: f64, predicted: f64, operations: u64) -> bool {
    let error = (predicted.max(0.0) / operations.max(1) as f64).sqrt();
    (measured - predicted).abs() > OFF.max(SAMPLING_ERRORS * error)
}

/// What theory gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Predicted {
    pub(crate) hit_ratio: f64,
    /// Store operations for each operation asked; none where it depends on how many there are in a second, and that is not known.
    pub(crate) store_load: Option<f64>,
}

/// What a hit ratio and a store load are predicted from.
#[derive(Debug, Clone)]
pub(crate) struct Theory {
    popularity: Arc<Popularity>,
    read_ratio: f64,
    model: Model,
    room: Option<u64>,
    clients: u32,
    /// The lifetime that a hit renews, in seconds.
    sliding: Option<SlidingTtl>,
}

impl Theory {
    /// Where a formula covers the cell: a strategy that has one, no deletes, one instance; no TTL, and room for every key or an
    /// LRU; or a TTL that hits renew, kept to the millisecond, and room for every key. Elsewhere there is none, rather than a
    /// formula stretched. Servers are taken to have the room that the definition gives them; of
    /// servers of others that is a guess, which their hit ratio then confirms or not.
    pub(crate) fn of(
        definition: &Definition,
        popularity: &Arc<Popularity>,
        arm: &Arm,
        cache: Option<&Chosen>,
        read_ratio: f64,
        instances: u32,
        ttl_step: Option<Duration>,
    ) -> Option<Self> {
        let cache = cache?;
        let model = arm.strategy.model();
        let has_formula = !matches!(model.hits, HitModel::Never | HitModel::InvalidatedTwice);
        let covered = definition.delete_ratio == 0.0 && instances == 1 && read_ratio > 0.0;
        if !has_formula || !covered {
            return None;
        }
        let renewed = |lifetime: &Lifetime| lifetime.renewed && ttl_step.is_none();
        let sliding = match model.lifetime() {
            None => None,
            Some(lifetime) if renewed(lifetime) => {
                Some(SlidingTtl { length: lifetime.length.as_secs_f64(), jitter: lifetime.jitter })
            }
            Some(_) => return None,
        };
        let room = match Room::of(cache, arm, definition) {
            Room::All => None,
            Room::Lru(entries) if sliding.is_none() => Some(entries),
            Room::Lru(_) | Room::About(_) => return None,
        };
        let clients = definition.driving.clients;
        Some(Self { popularity: Arc::clone(popularity), read_ratio, model, room, clients, sliding })
    }

    /// If operations came one at a time: what can be said before the run. A TTL that hits renew needs to know how many come a
    /// second, which of a closed loop only the run tells.
    pub(crate) fn one_at_a_time(&self, offered_per_s: Option<f64>) -> Option<Predicted> {
        (self.sliding.is_none() || offered_per_s.is_some()).then(|| self.predicted(None, offered_per_s, 1.0))
    }

    /// With operations that overlap as those of `trial` did: by their number, and by how long a read took that
    /// missed, and a write. Nothing that the cache answered goes into it. Of the misses as many load as did: the others joined, or
    /// were answered from what waits for the store.
    ///
    /// In a closed loop the mean times count: a pause makes them longer and the operations fewer, and their product stays. An
    /// open loop's arrivals go on, so there it is the medians. One that did not send what was offered is beyond the formula,
    /// whose arrivals wait for nobody.
    pub(crate) fn of_trial(&self, trial: &Trial) -> Option<Predicted> {
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
        let overlap = Overlap {
            ops_per_s: trial.throughput_ops_per_s,
            clients: (!is_open).then_some(self.clients),
            load_s: if count > 0.0 { sum_ns / count * 1e-9 } else { 0.0 },
            write_s: trial.write_time.as_ref().map_or(0.0, |time| of(time) * 1e-9),
        };
        let asked = |source: &str| -> u64 {
            let buckets = trial.buckets.iter().filter(|bucket| bucket.operation == "read" && bucket.source == source);
            buckets.map(|bucket| bucket.count).sum()
        };
        let (led, others) = (asked("miss-led"), asked("miss-joined") + asked("miss-queued"));
        let loading = if led + others == 0 { 1.0 } else { led as f64 / (led + others) as f64 };
        Some(self.predicted(Some(overlap), Some(trial.throughput_ops_per_s), loading))
    }

    /// `loading` is the share of misses that ask the store; how many operations come a second is not known before a closed loop.
    fn predicted(&self, overlap: Option<Overlap>, ops_per_s: Option<f64>, loading: f64) -> Predicted {
        let (popularity, reads, model) = (&*self.popularity, self.read_ratio, &self.model);
        let hit_ratio = match self.sliding {
            Some(ttl) => {
                predict::warm_sliding(popularity, reads, model.hits, ttl, ops_per_s.unwrap_or_default(), overlap)
            }
            None => predict::warm(popularity, reads, model.hits, self.room, overlap).hit_ratio,
        };
        let of_reads = reads * (1.0 - hit_ratio) * loading;
        let each = self.store_operations_a_write(ops_per_s.map(|rate| rate * (1.0 - reads)));
        let store_load = each.map(|each| of_reads + (1.0 - reads) * each);
        Predicted { hit_ratio, store_load }
    }

    /// The mean over writes: where those of a key are taken together, as often as its own are written.
    fn store_operations_a_write(&self, writes_per_s: Option<f64>) -> Option<f64> {
        match self.model.coalesced_for {
            None => Some(self.model.store_operations_a_write),
            Some(_) => {
                let writes_per_s = writes_per_s?;
                Some(self.popularity.mean(|probability| self.model.store_operations_at(probability * writes_per_s)))
            }
        }
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
        let model = Model { hits: HitModel::InvalidatedWithLoads, ..Model::none() };
        let theory = Theory { popularity, read_ratio: 0.5, model, room: None, clients: 8, sliding: None };
        let time = |mean_ns| TimeSummary { mean_ns, p50_ns: Some(1_000_000), ..times(9_000_000).unwrap() };
        let of = |trial: Trial, mean_ns: f64| {
            let (operation, source, result) = ("read".into(), "miss-led".into(), "ok".into());
            let service_time = Some(time(mean_ns));
            let bucket =
                Bucket { operation, source, result, count: 10_000, service_time, response_time: None, hops: None };
            let trial = Trial { buckets: vec![bucket], write_time: Some(time(mean_ns)), ..trial };
            theory.of_trial(&Trial { throughput_ops_per_s: 5_000.0, ..trial }).map(|predicted| predicted.hit_ratio)
        };
        // A pause makes the mean of an open loop longer, and takes nothing from its rate.
        let calm_open = of(open(|_| ()), 1e6).unwrap();
        assert_eq!(of(open(|_| ()), 1e8), Some(calm_open));
        assert!(of(calm(), 1e8).unwrap() < of(calm(), 1e6).unwrap());
        assert!(calm_open < 0.49, "{calm_open}");
        assert_eq!(of(open(|open| open.late = 11), 1e6), None);
    }
    #[test]
    fn the_store_is_asked_by_misses_that_load_and_by_writes() {
        let popularity = Arc::new(Popularity::of(cachemark_workload::KeyDistribution::Uniform, 1_000));
        let model = Model { hits: HitModel::InvalidatedWithLoads, ..Model::none() };
        let theory = Theory { popularity, read_ratio: 0.8, model, room: None, clients: 1, sliding: None };
        let Predicted { hit_ratio, store_load } = theory.one_at_a_time(None).unwrap();
        let store_load = store_load.unwrap();
        assert!((hit_ratio - 0.8).abs() < 1e-9 && (store_load - (0.8 * 0.2 + 0.2)).abs() < 1e-9, "{store_load}");
        let half = theory.predicted(None, None, 0.5).store_load.unwrap();
        assert!((half - (0.8 * 0.2 * 0.5 + 0.2)).abs() < 1e-9, "{half}");
    }

    #[test]
    fn a_ttl_that_hits_renew_is_predicted_once_it_is_known_how_often_keys_are_asked_for() {
        let popularity = Arc::new(Popularity::of(cachemark_workload::KeyDistribution::Uniform, 1_000));
        let model = Model { hits: HitModel::InvalidatedByWrites, ..Model::none() };
        let sliding = Some(SlidingTtl { length: 0.5, jitter: 0.0 });
        let theory = Theory { popularity, read_ratio: 1.0, model, room: None, clients: 1, sliding };
        assert_eq!(theory.one_at_a_time(None), None);
        // Of each of 1,000 keys four reads a second, two in a TTL.
        let expected = 1.0 - (-2f64).exp();
        let offered = theory.one_at_a_time(Some(4_000.0)).unwrap().hit_ratio;
        let measured = theory.of_trial(&Trial { throughput_ops_per_s: 4_000.0, ..calm() }).unwrap().hit_ratio;
        assert!((offered - expected).abs() < 1e-9 && (measured - expected).abs() < 1e-9, "{offered} {measured}");
    }

    #[test]
    fn writes_that_are_taken_together_ask_the_store_less_often_the_more_there_are() {
        // 1,000 keys, each written twice a second: 1 / (1 + 2 x 0.5) store operations a write.
        let popularity = Arc::new(Popularity::of(cachemark_workload::KeyDistribution::Uniform, 1_000));
        let coalesced_for = Some(std::time::Duration::from_millis(500));
        let model = Model { hits: HitModel::KeptByWrites, coalesced_for, ..Model::none() };
        let theory = Theory { popularity, read_ratio: 0.75, model, room: None, clients: 1, sliding: None };
        assert_eq!(theory.one_at_a_time(None).unwrap().store_load, None, "nobody knows how fast they will be");
        let load = |ops_per_s| {
            let trial = Trial { throughput_ops_per_s: ops_per_s, ..calm() };
            theory.of_trial(&trial).unwrap().store_load.unwrap()
        };
        assert!((load(8_000.0) - 0.25 * 0.5).abs() < 1e-9, "{}", load(8_000.0));
        assert!((load(72_000.0) - 0.25 * 0.1).abs() < 1e-9, "{}", load(72_000.0));
        // Of a popular key more are taken together than of the others.
        let zipf = cachemark_workload::KeyDistribution::Zipf { exponent: 0.99 };
        let skewed = Theory { popularity: Arc::new(Popularity::of(zipf, 1_000)), ..theory.clone() };
        let exact: f64 = zipf.probabilities(1_000).iter().map(|p| p / (1.0 + p * 2_000.0 * 0.5)).sum();
        let of_trial = skewed.of_trial(&Trial { throughput_ops_per_s: 8_000.0, ..calm() });
        let store_load = of_trial.unwrap().store_load.unwrap();
        assert!((store_load - 0.25 * exact).abs() < 1e-9 && exact < 0.5, "{store_load}");
    }
}

//! Checks what a draft says of driving.

use super::check::{Check, twice};
use super::draft::Draft;
use super::field::run;
use super::mistake::{Located, Mistake};
use super::{Driving, OpenLoopOptions, Phase, WhenFull};
use cachemark_workload::{ArrivalProcess, HIGHEST_RATE};
use std::time::Duration;

/// The deadline of an operation that is given none.
const OPERATION_TIMEOUT_MS: u64 = 1000;
/// The longest warm-up by operations, in ms, unless said otherwise.
const WARM_UP_CAP_MS: u64 = 60_000;
/// The most keys that an audit looks at, unless said otherwise.
pub(super) const AUDITED: u64 = 100_000;

impl Check {
    pub(super) fn driving(&mut self, draft: &Draft) -> Driving {
        let clients = self.whole(draft.clients.as_ref(), 8, run::CLIENTS) as u32;
        let threads = self.whole(draft.driver_threads.as_ref(), 2, run::DRIVER_THREADS) as u16;
        let phase = self.one_of(draft.phase.as_ref(), "phase", &Phase::ALL, Phase::Steady);
        // A cold start is measured from the first operation on: whatever warms is left out.
        let cold = phase == Phase::Cold;
        let defaults = draft.defaults();
        let default = if cold { defaults.cold_duration_ms } else { defaults.duration_ms };
        let duration = self.whole(draft.duration_ms.as_ref(), default, run::DURATION_MS);
        let interval = millis(draft.interval_ms.as_ref(), if duration < 10_000 { 100 } else { 1000 });
        let warm_up = self.whole(draft.warm_up_ms.as_ref(), 0, run::WARM_UP_MS);
        let warm_up = draft.warm_up_ms.as_ref().map(|_| warm_up).or(defaults.warm_up_ms).map(Duration::from_millis);
        let open_loop = self.open_loop(draft);
        let (sessions, called) =
            if draft.rates.is_some() { (open_loop.max_in_flight, "max-in-flight") } else { (clients, "clients") };
        self.enough_for_instances(draft, sessions, called);
        Driving {
            clients,
            // A driver thread without a session would only idle, or lose the arrivals that are its share.
            driver_threads: threads.min(u16::try_from(sessions.max(1)).unwrap_or(u16::MAX)),
            open_loop,
            phase,
            warm_up: if cold { Some(Duration::ZERO) } else { warm_up },
            warm_up_cap: millis(draft.warm_up_cap_ms.as_ref(), WARM_UP_CAP_MS),
            warm_up_scan: !cold && draft.warm_up_scan.as_ref().is_some_and(|scan| scan.value),
            // Of a cold start too: it is then one of a cache that was prepared.
            prewarm_keys: draft.prewarm_keys.as_ref().map_or(0, |keys| keys.value),
            duration: Duration::from_millis(duration),
            operation_timeout: millis(draft.operation_timeout_ms.as_ref(), OPERATION_TIMEOUT_MS),
            cache_timeout: self.cache_timeout(draft),
            interval: interval.min(Duration::from_millis(duration)),
            hop_times: draft.hop_times.as_ref().is_some_and(|on| on.value),
            oracle: draft.oracle.as_ref().is_none_or(|on| on.value),
            audit_keys: self.whole(draft.audit_keys.as_ref(), AUDITED, run::AUDIT_KEYS),
        }
    }

    /// A quarter of the operation's deadline if nothing is said: three are left for the store.
    fn cache_timeout(&mut self, draft: &Draft) -> Duration {
        let operation = draft.operation_timeout_ms.as_ref().map_or(OPERATION_TIMEOUT_MS, |field| field.value);
        let cache = draft.cache_timeout_ms.as_ref();
        let cache_ms = self.whole(cache, operation.div_ceil(4), run::CACHE_TIMEOUT_MS);
        if let Some(cache) = cache.filter(|cache| cache.value > operation) {
            let message = format!("a cache timeout of {} ms is longer than an operation's {operation} ms", cache.value);
            let help = "a call to a cache ends with its operation; lower it, or raise operation-timeout-ms";
            self.mistakes.push(Mistake::new(cache.origin.clone(), message).advise(help));
        }
        Duration::from_millis(cache_ms)
    }

    /// A session asks one instance: of more instances than sessions some would never be asked.
    fn enough_for_instances(&mut self, draft: &Draft, sessions: u32, called: &str) {
        for instances in draft.instances.iter().flatten().filter(|instances| instances.value > u64::from(sessions)) {
            let message = format!("{} instances are more than {called} ({sessions})", instances.value);
            let help = format!("each operation's session asks one instance; raise {called}, or take fewer instances");
            self.mistakes.push(Mistake::new(instances.origin.clone(), message).advise(help));
        }
    }

    fn open_loop(&mut self, draft: &Draft) -> OpenLoopOptions {
        let (arrivals, max_in_flight) = (draft.arrivals.as_ref(), draft.max_in_flight.as_ref());
        let when_full = draft.when_full.as_ref();
        let origins = [
            arrivals.map(|field| (&field.origin, "arrivals")),
            max_in_flight.map(|field| (&field.origin, "max-in-flight")),
            when_full.map(|field| (&field.origin, "when-full")),
        ];
        if draft.rates.is_none() {
            for (origin, name) in origins.into_iter().flatten() {
                let message = format!("{name} has no meaning in a closed loop");
                let help = "give an offered load with rate (arrivals per second), or leave it out";
                self.mistakes.push(Mistake::new(origin.clone(), message).advise(help));
            }
        }
        OpenLoopOptions {
            process: self.one_of(arrivals, "arrivals", &ArrivalProcess::ALL, ArrivalProcess::Poisson),
            max_in_flight: self.whole(max_in_flight, 1_000, run::MAX_IN_FLIGHT) as u32,
            when_full: self.one_of(when_full, "when-full", &WhenFull::ALL, WhenFull::Wait),
        }
    }

    pub(super) fn rates(&mut self, draft: &Draft) -> Vec<f64> {
        let mut rates: Vec<f64> = Vec::new();
        for rate in draft.rates.iter().flatten() {
            if !(rate.value > 0.0 && rate.value <= HIGHEST_RATE) {
                let message = format!("a rate of {} is no offered load", rate.value);
                let help = format!("it is in arrivals per second, above 0 and at most {HIGHEST_RATE}");
                self.mistakes.push(Mistake::new(rate.origin.clone(), message).advise(help));
            } else if rates.contains(&rate.value) {
                self.mistakes.push(twice(rate.origin.clone(), "rate", &rate.value.to_string()));
            }
            rates.push(rate.value);
        }
        rates
    }

    fn one_of<T: Copy>(
        &mut self,
        field: Option<&Located<String>>,
        what: &str,
        known: &[(&'static str, T)],
        default: T,
    ) -> T {
        let Some(field) = field else { return default };
        if let Some((_, value)) = known.iter().find(|(name, _)| *name == field.value) {
            return *value;
        }
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        self.mistakes.push(Mistake::unknown(field.origin.clone(), what, &field.value, &names));
        default
    }
}

fn millis(field: Option<&Located<u64>>, default: u64) -> Duration {
    Duration::from_millis(field.map_or(default, |field| field.value))
}

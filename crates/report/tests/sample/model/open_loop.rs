//! A queue before the servers: waits grow with the load, and beyond the capacity with the window.

use super::Noise;
use cachemark_results::{OpenLoop, TimeSummary};
use cachemark_stats::Histogram;

/// What the waits come from.
pub(super) struct Queue {
    /// Arrivals per second.
    pub(super) rate: f64,
    /// The most operations per second.
    pub(super) capacity: f64,
    /// The mean service time of one of the eight servers.
    pub(super) mean_ns: f64,
}

impl Queue {
    /// Schedule lags, and response times: each a service time and a lag.
    pub(super) fn responses(&self, service: &[u64], noise: &mut Noise) -> (Histogram, Histogram) {
        let load = (self.rate / self.capacity).min(0.98);
        let (mut lags, mut responses) = (Histogram::new(), Histogram::new());
        for served in service {
            let queued = self.mean_ns / 8.0 * load / (1.0 - load) * -(1.0 - noise.next()).ln();
            // Beyond the capacity the queue grows all through a window of ten seconds.
            let behind = (1.0 - self.capacity / self.rate).max(0.0) * noise.next() * 10e9;
            let lag = (3000.0 + queued + behind) as u64;
            lags.record(lag);
            responses.record(served + lag);
        }
        (lags, responses)
    }

    pub(super) fn open_loop(&self, issued: u64, lags: &Histogram, responses: &Histogram) -> OpenLoop {
        let offered = (self.rate * 10.0) as u64;
        let unsent = offered.saturating_sub(issued);
        OpenLoop {
            process: "poisson".into(),
            offered_per_s: self.rate,
            max_in_flight: 64,
            when_full: "wait".into(),
            offered: issued + unsent,
            late: if unsent > 0 { issued / 2 } else { 0 },
            shed: 0,
            unsent,
            schedule_lag: TimeSummary::of(lags),
            client_lag: TimeSummary::of(lags),
            read_response: TimeSummary::of(responses),
            write_response: None,
            all_response: TimeSummary::of(responses),
        }
    }
}

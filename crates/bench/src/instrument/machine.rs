//! What the machine did meanwhile: the servers' CPU time, and the noise of others.

use crate::timeline::Event;
use cachemark_core::StackControl;
use cachemark_results::host::HostReading;
use cachemark_results::{HostNoise, Trial};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Watches the machine from the trial's beginning, its reset included.
pub(crate) struct Machine<'a> {
    servers: &'a dyn StackControl,
    before: HostReading,
    start: Option<Seen>,
    end: Option<Seen>,
}

/// What is looked at together, with the time: a sleeping thread wakes when it wakes.
struct Seen {
    at: Instant,
    cpu_times: BTreeMap<String, Duration>,
    host: HostReading,
}

impl<'a> Machine<'a> {
    pub(crate) fn begin(servers: &'a dyn StackControl) -> Self {
        Self { servers, before: host(servers, servers.cpu_times()), start: None, end: None }
    }

    pub(super) fn moment(&mut self, what: Event) {
        if matches!(what, Event::FaultBegins(_) | Event::FaultEnds(_)) {
            return;
        }
        let cpu_times = self.servers.cpu_times();
        let seen = Seen { host: host(self.servers, cpu_times.clone()), cpu_times, at: Instant::now() };
        match what {
            Event::WindowStart => self.start = Some(seen),
            Event::WindowEnd => self.end = Some(seen),
            Event::FaultBegins(_) | Event::FaultEnds(_) => {}
        }
    }

    pub(super) fn finish(self, trial: &mut Trial) {
        let whole = host(self.servers, self.servers.cpu_times()).since(&self.before);
        let (Some(start), Some(end)) = (self.start, self.end) else { return };
        trial.server_cpu = server_cpu(&start, &end);
        trial.host = Some(HostNoise { window: end.host.since(&start.host), whole });
    }
}

fn host(servers: &dyn StackControl, cpu_times: BTreeMap<String, Duration>) -> HostReading {
    HostReading::now((!servers.has_unseen_servers()).then_some(cpu_times))
}

/// The share of a processor that each server used between two moments.
fn server_cpu(start: &Seen, end: &Seen) -> BTreeMap<String, f64> {
    let between = end.at.saturating_duration_since(start.at);
    let used = |(name, &before): (&String, &Duration)| {
        let spent = end.cpu_times.get(name)?.saturating_sub(before);
        Some((name.clone(), spent.as_secs_f64() / between.as_secs_f64()))
    };
    start.cpu_times.iter().filter_map(used).collect()
}

//! What others do on the machine meanwhile: the kernel's counts, read at two moments.
//!
//! One busy neighbour changes every figure, in both directions: it takes a processor from a loaded server, and it keeps
//! processors awake that a lightly loaded one would have had to wake. So it is recorded for each trial.

use crate::warning;
use crate::{HostUse, Trial, Warning};
use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

/// The share of the machine's processors above which others tell on the figures. Measured on two processors: one that is
/// kept busy by a stranger halves the throughput of a loaded server, and shortens the times of one at rest.
pub const BUSY_NEIGHBOURS: f64 = 0.2;
/// The share of stolen time above which pauses made by the hypervisor tell on a 99th percentile: at 5 % an operation is
/// five times as likely to meet one as to be the slowest of a hundred.
pub const MUCH_STEAL: f64 = 0.05;

/// Fewer ticks than this for each processor say nothing: the kernel counts whole ticks, mostly of 10 ms, and a process
/// that was seen at one of ten may have had next to nothing or nearly all.
const FEWEST_TICKS: u64 = 20;

/// Processor time of the whole machine since its start, in clock ticks, summed over its processors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CpuTicks {
    /// Spent in programs and in the kernel for them.
    pub busy: u64,
    /// Given to other guests by the hypervisor; 0 on hardware, and where the hypervisor does not tell.
    pub steal: u64,
    /// All, idle ticks included.
    pub total: u64,
    /// How many processors there are.
    pub processors: u64,
}

impl CpuTicks {
    /// Reads the text of `/proc/stat`; `None` if it is not of its form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let processors = text.lines().filter(|line| is_of_one_processor(line)).count() as u64;
        let line = text.lines().find_map(|line| line.strip_prefix("cpu "))?;
        let fields = line.split_whitespace().map(|field| field.parse().ok()).collect::<Option<Vec<u64>>>()?;
        // What guests of this machine took (fields 9 and 10) is within user and nice already.
        let [user, nice, system, idle, iowait, irq, softirq, steal] = fields.get(..8)?.try_into().ok()?;
        let busy = user + nice + system + irq + softirq;
        Some(Self { busy, steal, total: busy + idle + iowait + steal, processors: processors.max(1) })
    }

    /// What was added since `earlier`. Some counts of the kernel go back at times; that counts as nothing.
    fn since(self, earlier: Self) -> Self {
        Self {
            busy: self.busy.saturating_sub(earlier.busy),
            steal: self.steal.saturating_sub(earlier.steal),
            total: self.total.saturating_sub(earlier.total),
            processors: self.processors,
        }
    }
}

fn is_of_one_processor(line: &str) -> bool {
    line.strip_prefix("cpu").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The line `some` of a file under `/proc/pressure`: how long at least one task waited.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pressure {
    /// The share of the last ten seconds, 0 to 1.
    pub last_ten_seconds: f64,
    /// All the time since the machine's start.
    pub total: Duration,
}

impl Pressure {
    /// Reads the text of such a file; `None` if it is not of its form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let line = text.lines().find_map(|line| line.strip_prefix("some "))?;
        let value = |name: &str| line.split(' ').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        let percent: f64 = value("avg10")?.parse().ok()?;
        let total = Duration::from_micros(value("total")?.parse().ok()?);
        Some(Self { last_ten_seconds: percent / 100.0, total })
    }

    /// That of `cpu`, `memory` or `io`; `None` where the kernel does not tell.
    #[must_use]
    pub fn of(what: &str) -> Option<Self> {
        Self::parse(&fs::read_to_string(format!("/proc/pressure/{what}")).ok()?)
    }
}

/// The machine at one moment.
#[derive(Debug, Clone)]
pub struct HostReading {
    at: Instant,
    cpu: Option<CpuTicks>,
    own: Duration,
    servers: Option<BTreeMap<String, Duration>>,
    pressure: [Option<Pressure>; 3],
}

impl HostReading {
    /// Reads it now. `servers` is the CPU time of every server of the run so far, by name; `None` if some cannot be seen
    /// and may run on this machine.
    #[must_use]
    pub fn now(servers: Option<BTreeMap<String, Duration>>) -> Self {
        Self {
            at: Instant::now(),
            cpu: fs::read_to_string("/proc/stat").ok().as_deref().and_then(CpuTicks::parse),
            own: own_cpu_time(),
            servers,
            pressure: ["cpu", "memory", "io"].map(Pressure::of),
        }
    }

    /// How the machine was used between `earlier` and this.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> HostUse {
        let between = self.at.saturating_duration_since(earlier.at);
        let waited = |what: usize| {
            let added = self.pressure[what]?.total.saturating_sub(earlier.pressure[what]?.total);
            // The kernel brings its totals up to date every two seconds or when asked, so they may run ahead a little.
            (!between.is_zero()).then(|| (added.as_secs_f64() / between.as_secs_f64()).min(1.0))
        };
        let [cpu_pressure, memory_pressure, io_pressure] = [0, 1, 2].map(waited);
        let ticks = self.cpu.zip(earlier.cpu).map(|(now, then)| now.since(then)).filter(enough);
        HostUse {
            others_cpu: ticks.zip(self.ours_since(earlier)).map(|(ticks, ours)| others(ticks, ours)),
            steal: ticks.map(|ticks| ticks.steal as f64 / ticks.total as f64),
            cpu_pressure,
            memory_pressure,
            io_pressure,
        }
    }

    /// CPU time of this process and of the servers; `None` if a server's cannot be told.
    fn ours_since(&self, earlier: &Self) -> Option<Duration> {
        let mut ours = self.own.saturating_sub(earlier.own);
        for (name, &before) in earlier.servers.as_ref()? {
            ours += self.servers.as_ref()?.get(name)?.saturating_sub(before);
        }
        Some(ours)
    }
}

/// What others took of the machine in the window of `trial`, where it tells on the figures.
#[must_use]
pub fn warnings(trial: &Trial) -> Vec<Warning> {
    let Some(host) = trial.host.map(|host| host.window) else { return Vec::new() };
    let others = host.others_cpu.filter(|&share| share > BUSY_NEIGHBOURS).map(|share| {
        let text = format!("other programs used {:.0} % of the machine's processors in the window", share * 100.0);
        Warning::new(warning::NEIGHBOURS, format!("{text}: end them and measure again"))
    });
    let steal = host.steal.filter(|&share| share > MUCH_STEAL).map(|share| {
        let text = format!("the hypervisor gave {:.0} % of the processors' time to other guests", share * 100.0);
        Warning::new(warning::STEAL, format!("{text}: measure on a quieter host"))
    });
    others.into_iter().chain(steal).collect()
}

fn enough(ticks: &CpuTicks) -> bool {
    ticks.total >= FEWEST_TICKS * ticks.processors
}

/// The share of the machine that was busy for others. Its busy ticks are samples and `ours` is exact, so that the
/// difference may fall below zero; that counts as nothing.
fn others(ticks: CpuTicks, ours: Duration) -> f64 {
    let ours = ours.as_secs_f64() * rustix::param::clock_ticks_per_second() as f64;
    ((ticks.busy as f64 - ours) / ticks.total as f64).max(0.0)
}

fn own_cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "cpu  100 10 40 800 20 3 7 20 50 0\n\
                        cpu0 50 5 20 400 10 2 3 10 25 0\n\
                        cpu1 50 5 20 400 10 1 4 10 25 0\n\
                        intr 9 0 0\nctxt 1\nbtime 1\n";
    const PRESSURE: &str = "some avg10=3.65 avg60=3.85 avg300=1.77 total=2500000\n\
                            full avg10=3.57 avg60=3.76 avg300=1.31 total=105648763\n";

    fn reading(busy: u64, total: u64, steal: u64, own_ms: u64, server_ms: Option<u64>) -> HostReading {
        let servers = server_ms.map(|ms| BTreeMap::from([("redis".to_owned(), Duration::from_millis(ms))]));
        let cpu = Some(CpuTicks { busy, steal, total, processors: 2 });
        let pressure = [Pressure::parse(PRESSURE), None, None];
        HostReading { at: Instant::now(), cpu, own: Duration::from_millis(own_ms), servers, pressure }
    }

    /// Ticks in so many seconds of one processor.
    fn ticks(seconds: f64) -> u64 {
        (seconds * rustix::param::clock_ticks_per_second() as f64) as u64
    }

    #[test]
    fn ticks_are_summed_as_the_kernel_means_them() {
        let expected = CpuTicks { busy: 160, steal: 20, total: 1000, processors: 2 };
        assert_eq!(CpuTicks::parse(STAT), Some(expected));
        assert_eq!(CpuTicks::parse("cpu  1 2 3\n"), None, "a kernel before 2.6.11");
        assert_eq!(CpuTicks::parse("intr 1\n"), None);
        assert_eq!(CpuTicks::parse("cpu  1 2 x 4 5 6 7 8\n"), None);
    }

    #[test]
    fn pressure_is_that_of_any_task() {
        let pressure = Pressure::parse(PRESSURE).unwrap();
        assert!((pressure.last_ten_seconds - 0.0365).abs() < 1e-12);
        assert_eq!(pressure.total, Duration::from_millis(2500));
        assert_eq!(Pressure::parse(""), None);
        assert_eq!(Pressure::parse("some avg10=x total=1\n"), None);
    }

    #[test]
    fn what_is_ours_is_no_neighbour_s() {
        let before = reading(0, 0, 0, 0, Some(0));
        // Two processors for one second: one and a half busy, of which ours half and the server's three tenths.
        let used = reading(ticks(1.5), ticks(2.0), ticks(0.1), 500, Some(300)).since(&before);
        assert!((used.others_cpu.unwrap() - 0.35).abs() < 1e-9, "{used:?}");
        assert!((used.steal.unwrap() - 0.05).abs() < 1e-9, "{used:?}");
        assert_eq!((used.memory_pressure, used.io_pressure), (None, None));
        let all_ours = reading(ticks(0.5), ticks(2.0), 0, 600, Some(0)).since(&before);
        assert_eq!(all_ours.others_cpu, Some(0.0));
    }

    #[test]
    fn what_cannot_be_told_is_none() {
        let others = |before: &HostReading, after: &HostReading| after.since(before).others_cpu;
        let (long, short) = (reading(0, ticks(2.0), 0, 0, Some(0)), reading(0, ticks(0.1), 0, 0, Some(0)));
        let start = reading(0, 0, 0, 0, Some(0));
        assert_eq!(others(&start, &long), Some(0.0));
        assert_eq!(short.since(&start).others_cpu, None, "too few ticks");
        assert_eq!(short.since(&start).steal, None, "too few ticks");
        let unseen = reading(0, 0, 0, 0, None);
        assert_eq!(others(&unseen, &long), None, "a server that cannot be seen");
        let gone = HostReading { servers: Some(BTreeMap::new()), ..long.clone() };
        assert_eq!(others(&start, &gone), None, "a server that has ended");
        let unreadable = HostReading { cpu: None, ..long };
        assert_eq!(others(&start, &unreadable), None);
    }

    #[test]
    fn this_machine_can_be_read() {
        let reading = HostReading::now(Some(BTreeMap::new()));
        assert_eq!(reading.cpu.is_some(), cfg!(target_os = "linux"));
    }
}

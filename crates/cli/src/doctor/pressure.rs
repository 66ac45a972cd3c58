//! How long tasks waited in the last ten seconds, by the kernel's own account: for a processor, for memory, for the disk.
//!
//! Processors and disk: above 20 % of the time (as much as neighbours may use) a trial's operations will wait too, which
//! is a warning. Memory: any waiting at all means that pages are being looked for, so 1 % is a warning; above 10 % the
//! machine is swapping or reclaiming all the time, and nothing else is measured: that fails.

use super::{Finding, Ground, Level};
use cachemark_results::host::Pressure;

struct Kind {
    check: &'static str,
    file: &'static str,
    warn_above: f64,
    fail_above: f64,
    advice: &'static str,
}

const KINDS: [Kind; 3] = [
    Kind {
        check: "cpu-pressure",
        file: "cpu",
        warn_above: 0.2,
        fail_above: 1.0,
        advice: "end what runs beside, and wait ten seconds: this is a mean",
    },
    Kind {
        check: "memory-pressure",
        file: "memory",
        warn_above: 0.01,
        fail_above: 0.1,
        advice: "end what takes the memory, or use fewer keys and smaller values",
    },
    Kind {
        check: "io-pressure",
        file: "io",
        warn_above: 0.2,
        fail_above: 1.0,
        advice: "end what reads and writes beside, and wait ten seconds: this is a mean",
    },
];

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    KINDS.iter().map(|kind| judge(kind, Pressure::of(kind.file))).collect()
}

fn judge(kind: &Kind, pressure: Option<Pressure>) -> Finding {
    let Some(share) = pressure.map(|pressure| pressure.last_ten_seconds) else {
        return Finding::unknown(kind.check, format!("/proc/pressure/{} is not there", kind.file));
    };
    let seen = format!("some task waited for {:.1} % of the last ten seconds", share * 100.0);
    Finding::new(kind.check, Level::at_most(share, kind.warn_above, kind.fail_above), seen)
        .advise(kind.advice)
        .with("some_avg10", share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(kind: &Kind, percents: [u32; 3]) -> [Level; 3] {
        percents.map(|percent| {
            let text = format!("some avg10={percent}.00 avg60=0.00 avg300=0.00 total=1\n");
            judge(kind, Pressure::parse(&text)).level
        })
    }

    #[test]
    fn waiting_for_memory_is_worse_than_waiting_for_a_processor() {
        let [cpu, memory, io] = &KINDS;
        assert_eq!(levels(cpu, [20, 40, 100]), [Level::Ok, Level::Warn, Level::Warn]);
        assert_eq!(levels(io, [20, 40, 100]), [Level::Ok, Level::Warn, Level::Warn]);
        assert_eq!(levels(memory, [1, 2, 11]), [Level::Ok, Level::Warn, Level::Fail]);
        assert_eq!(judge(memory, None).level, Level::Unknown);
    }
}

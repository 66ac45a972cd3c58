//! The monotonic clock: where it comes from, what a reading costs, and its step.
//!
//! An operation is timed by two or three readings, and a hit in an in-process cache takes some hundreds of nanoseconds.
//! A reading of more than 100 ns (it goes through the kernel instead of a page that is shared with it) is a good part of
//! that: a warning. Above 1 µs it is more than the whole: that fails. So with the step: above 1 µs an in-process hit takes
//! less than one, which is a warning; above 1 ms a round trip over loopback does too, which fails.

use super::{Finding, Ground, Level};
use std::hint::black_box;
use std::time::{Duration, Instant};

const CURRENT: &str = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
const AVAILABLE: &str = "/sys/devices/system/clocksource/clocksource0/available_clocksource";
/// Those that programs read without the kernel.
const FAST: [&str; 6] =
    ["tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page", "riscv_clocksource", "timebase"];
const READINGS: u32 = 20_000;

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    let read = |path| std::fs::read_to_string(path).ok();
    vec![source(read(CURRENT).as_deref(), read(AVAILABLE).as_deref()), judge_cost(cost()), judge_step(step())]
}

fn source(current: Option<&str>, available: Option<&str>) -> Finding {
    const CHECK: &str = "clock-source";
    let Some(current) = current.map(str::trim).filter(|name| !name.is_empty()) else {
        return Finding::unknown(CHECK, "this system does not name its clock's source");
    };
    let better = available.unwrap_or_default().split_whitespace().find(|name| FAST.contains(name));
    let advice = match better {
        Some(better) => format!("let it be {better}: boot with clocksource={better}"),
        None => "this machine offers no faster one; its readings cost what clock-cost says".to_owned(),
    };
    let level = if FAST.contains(&current) { Level::Ok } else { Level::Warn };
    Finding::new(CHECK, level, format!("`{current}`")).advise(advice).with("source", current)
}

fn judge_cost(ns: f64) -> Finding {
    Finding::new("clock-cost", Level::at_most(ns, 100.0, 1000.0), format!("a reading takes {ns:.0} ns"))
        .advise("see clock-source; on a virtual machine, ask for one whose clock is read without the hypervisor")
        .with("ns", ns)
}

fn judge_step(step: Option<Duration>) -> Finding {
    const CHECK: &str = "clock-step";
    let Some(step) = step else {
        return Finding::new(CHECK, Level::Fail, "the clock did not move").advise("see clock-source");
    };
    let ns = step.as_nanos() as f64;
    Finding::new(CHECK, Level::at_most(ns, 1e3, 1e6), format!("it steps by {ns:.0} ns, or by less than can be seen"))
        .advise("see clock-source")
        .with("ns", ns)
}

/// The median over batches of what a reading takes, in nanoseconds: a batch that was interrupted does not tell.
fn cost() -> f64 {
    let batch = || {
        let begun = Instant::now();
        for _ in 0..READINGS / 20 {
            black_box(Instant::now());
        }
        begun.elapsed().as_nanos() as f64 / f64::from(READINGS / 20)
    };
    let mut batches: Vec<f64> = (0..21).map(|_| batch()).collect();
    batches.sort_by(f64::total_cmp);
    batches[batches.len() / 2]
}

/// The least difference above zero of one reading and the next; `None` if there was none.
fn step() -> Option<Duration> {
    let mut last = Instant::now();
    let mut least: Option<Duration> = None;
    for _ in 0..READINGS {
        let now = Instant::now();
        let difference = now.duration_since(last);
        if !difference.is_zero() {
            least = Some(least.map_or(difference, |least| least.min(difference)));
        }
        last = now;
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_source_is_told_with_a_faster_one() {
        assert_eq!(source(Some("tsc\n"), Some("tsc hpet\n")).level, Level::Ok);
        let slow = source(Some("hpet\n"), Some("hpet tsc acpi_pm \n"));
        assert_eq!((slow.level, slow.advice.unwrap().contains("clocksource=tsc")), (Level::Warn, true));
        assert!(source(Some("acpi_pm"), None).advice.unwrap().contains("no faster one"));
        assert_eq!(source(None, None).level, Level::Unknown);
    }

    #[test]
    fn costs_and_steps_are_graded() {
        assert_eq!([30.0, 300.0, 3000.0].map(|ns| judge_cost(ns).level), [Level::Ok, Level::Warn, Level::Fail]);
        let steps = [Some(30), Some(10_000), Some(4_000_000), None].map(|ns| ns.map(Duration::from_nanos));
        assert_eq!(steps.map(|step| judge_step(step).level), [Level::Ok, Level::Warn, Level::Fail, Level::Fail]);
    }

    #[test]
    fn this_clock_moves_and_a_reading_takes_time() {
        assert!(cost() > 0.0 && step().is_some());
    }
}

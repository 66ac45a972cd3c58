//! Memory that programs can have without swapping. A sweep over servers takes 64 MiB for each cache, 256 MiB for
//! Postgres's buffers, the stored rows twice and its own histograms: some 500 MiB with the defaults, so below 1 GiB is a
//! warning; below 256 MiB a server will not start or the machine will swap, which fails.

use super::{Finding, Ground, Level};

const MIB: f64 = 1_048_576.0;
const COMFORT: f64 = 1024.0 * MIB;
const NEED: f64 = 256.0 * MIB;

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    let text = std::fs::read_to_string("/proc/meminfo").ok();
    vec![judge(text.as_deref().and_then(available))]
}

fn judge(available: Option<u64>) -> Finding {
    const CHECK: &str = "memory";
    let Some(available) = available else {
        return Finding::unknown(CHECK, "this system does not say how much memory is available");
    };
    let bytes = available as f64;
    Finding::new(CHECK, Level::at_least(bytes, COMFORT, NEED), format!("{:.0} MiB are available", bytes / MIB))
        .advise("end what takes the memory; a sweep over servers needs some 500 MiB with the defaults")
        .with("available_bytes", available)
}

/// `MemAvailable` of the text of `/proc/meminfo`, in bytes.
fn available(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn available_is_not_free() {
        let text = "MemTotal:       24684084 kB\nMemFree:          733184 kB\nMemAvailable:    2097152 kB\n";
        assert_eq!(available(text), Some(2 << 30));
        assert_eq!(available("MemTotal: 1 kB\n"), None);
        assert_eq!(available("MemAvailable: many kB\n"), None);
    }

    #[test]
    fn the_less_the_worse() {
        let levels = [Some(2 << 30), Some(512 << 20), Some(1 << 20), None].map(|bytes| judge(bytes).level);
        assert_eq!(levels, [Level::Ok, Level::Warn, Level::Fail, Level::Unknown]);
    }
}

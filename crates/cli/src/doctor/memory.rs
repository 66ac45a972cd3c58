//! Memory that programs can have without swapping. A sweep over servers takes 64 MiB for each cache, 256 MiB for
//! Postgres's buffers, the stored rows twice and its own histograms: some 500 MiB with the defaults, so below 1 GiB is a
//! warning; below 256 MiB a server will not start or the machine will swap, which fails.

use super::{Finding, Ground, Level, meminfo};

const MIB: f64 = 1_048_576.0;
const COMFORT: f64 = 1024.0 * MIB;
const NEED: f64 = 256.0 * MIB;

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    // What is available is not what is free: the kernel gives up what it merely caches.
    let available = meminfo::text().and_then(|text| meminfo::bytes(&text, "MemAvailable"));
    vec![judge(available)]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_less_the_worse() {
        let levels = [Some(2 << 30), Some(512 << 20), Some(1 << 20), None].map(|bytes| judge(bytes).level);
        assert_eq!(levels, [Level::Ok, Level::Warn, Level::Fail, Level::Unknown]);
    }
}

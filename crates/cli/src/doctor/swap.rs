//! Memory that has been moved to the disk. Whoever touches such a page waits until it has been read back: milliseconds,
//! where a hit in memory takes some hundreds of nanoseconds. A machine that has run for long has pages there that nobody asks
//! for, mostly of programs that sleep; above 64 MiB, as much as a cache of a sweep holds by default, those of a server that was
//! there before (docker-compose.yml, `--stack external`) may be among them, which is a warning. It is no more than that: what
//! is moved while it is looked at is `memory-pressure`'s to fail.

use super::{Finding, Ground, Level, meminfo};

const MIB: f64 = 1_048_576.0;
const COMFORT: f64 = 64.0 * MIB;

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    vec![judge(meminfo::text().and_then(|text| used(&text)))]
}

fn judge(used: Option<u64>) -> Finding {
    const CHECK: &str = "swap";
    let Some(used) = used else {
        return Finding::unknown(CHECK, "this system does not say how much swap is in use");
    };
    let bytes = used as f64;
    let level = Level::at_most(bytes, COMFORT, f64::INFINITY);
    Finding::new(CHECK, level, format!("{:.1} MiB are in use", bytes / MIB))
        .advise("end what takes the memory, and start servers that ran meanwhile again: their pages are read back one by one")
        .with("used_bytes", used)
}

/// Swap in use, by the text of `/proc/meminfo`, in bytes.
fn used(text: &str) -> Option<u64> {
    meminfo::bytes(text, "SwapTotal")?.checked_sub(meminfo::bytes(text, "SwapFree")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn used_is_what_is_not_free() {
        let text = "SwapCached:           12 kB\nSwapTotal:       2097152 kB\nSwapFree:        1048576 kB\n";
        assert_eq!(used(text), Some(1 << 30));
        assert_eq!(used("SwapTotal:             0 kB\nSwapFree:              0 kB\n"), Some(0));
    }

    #[test]
    fn what_does_not_add_up_is_not_known() {
        for text in ["", "SwapTotal: 1 kB\n", "SwapTotal: 1 kB\nSwapFree: 2 kB\n", "SwapTotal: x kB\nSwapFree: 0 kB\n"]
        {
            assert_eq!(used(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_lies_there_on_any_machine_is_no_trouble_and_more_says_what_to_do() {
        let found = [Some(0), Some(64 << 20), Some(65 << 20), None].map(judge);
        let levels = [Level::Ok, Level::Ok, Level::Warn, Level::Unknown];
        assert_eq!(found.each_ref().map(|finding| finding.level), levels);
        assert_eq!(found.map(|finding| finding.advice.is_some()), [false, false, true, false]);
    }
}

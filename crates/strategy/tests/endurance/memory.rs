//! What the process holds of memory.

/// What the process may grow by between the middle of a long cell and its end, in KiB: what the allocator spreads over its arenas. Of
/// tens of thousands of operations one that leaves a value behind takes more; `planted` shows it.
pub(crate) const MOST_GROWTH_KIB: u64 = 1 << 10;

/// Memory of the process's own, in KiB: without the pages of files, which the system takes back.
pub(crate) fn resident_kib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Whether memory stayed flat between two looks; if not, in words.
pub(crate) fn growth(middle_kib: u64, end_kib: u64) -> Option<String> {
    let grown = end_kib.saturating_sub(middle_kib);
    (grown > MOST_GROWTH_KIB).then(|| format!("memory grew by {grown} KiB to {end_kib} KiB in the second half"))
}

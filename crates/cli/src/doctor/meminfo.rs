//! The kernel's account of memory, which several checks read.

/// The text of `/proc/meminfo`; none where there is none.
pub(super) fn text() -> Option<String> {
    std::fs::read_to_string("/proc/meminfo").ok()
}

/// What the text of `/proc/meminfo` says of `field`, in bytes.
pub(super) fn bytes(text: &str, field: &str) -> Option<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    let kibibytes: u64 = value.strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_known_by_its_whole_name() {
        let text =
            "MemTotal:       24684084 kB\nMemFree:          733184 kB\nMemAvailable:    2097152 kB\nHugePages: 4\n";
        assert_eq!(bytes(text, "MemAvailable"), Some(2 << 30));
        assert_eq!([bytes(text, "Mem"), bytes(text, "SwapTotal"), bytes(text, "HugePages")], [None; 3]);
        assert_eq!(bytes("MemAvailable: many kB\n", "MemAvailable"), None);
    }
}

//! Processors that this process may use, by affinity and control groups. With one, client, cache and store take turns on
//! it, so every figure is of their sum: a warning.

use super::{Finding, Ground, Level};

pub(super) fn check(ground: &Ground) -> Vec<Finding> {
    let text = std::fs::read_to_string("/sys/devices/system/cpu/online").ok();
    vec![judge(ground.host.cpus, text.as_deref().and_then(online))]
}

fn judge(usable: Option<usize>, online: Option<usize>) -> Finding {
    let Some(usable) = usable else {
        return Finding::unknown("processors", "this system does not say how many processors may be used");
    };
    let of = online.map_or_else(String::new, |online| format!(" of {online}"));
    Finding::new("processors", if usable < 2 { Level::Warn } else { Level::Ok }, format!("{usable}{of} may be used"))
        .advise("give two or more: on one, client and servers take turns, and each figure is of their sum")
        .with("usable", usable)
        .with("online", online)
}

/// How many processors a list such as `0-3,8` names.
fn online(list: &str) -> Option<usize> {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        Some(last.checked_sub(first)? + 1)
    };
    list.trim().split(',').map(range).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_processors_are_counted() {
        assert_eq!(["0\n", "0-1\n", "0-3,8,10-11\n"].map(online), [Some(1), Some(2), Some(7)]);
        assert_eq!(["", "3-1", "a"].map(online), [None; 3]);
    }

    #[test]
    fn one_processor_is_too_few() {
        assert_eq!(judge(Some(1), Some(8)).level, Level::Warn);
        assert_eq!(judge(Some(1), Some(8)).seen, "1 of 8 may be used");
        assert_eq!(judge(Some(2), None).level, Level::Ok);
        assert_eq!(judge(None, Some(8)).level, Level::Unknown);
    }
}

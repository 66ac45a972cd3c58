//! How the processor's clock is governed. One that follows the load makes a light load slower than a heavy one, and the
//! first trial after a pause slower than the next: a warning for any but `performance`. Virtual machines seldom see it.

use super::{Finding, Ground, Level};

pub(super) fn check(ground: &Ground) -> Vec<Finding> {
    vec![judge(ground.host.governor.as_deref())]
}

fn judge(governor: Option<&str>) -> Finding {
    const CHECK: &str = "governor";
    let Some(governor) = governor else {
        return Finding::unknown(CHECK, "the frequency governor is not visible, as on most virtual machines");
    };
    let level = if governor == "performance" { Level::Ok } else { Level::Warn };
    Finding::new(CHECK, level, format!("`{governor}`"))
        .advise("set it to performance: cpupower frequency-set -g performance")
        .with("governor", governor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_performance_is_steady() {
        let levels = [Some("performance"), Some("schedutil"), None].map(|governor| judge(governor).level);
        assert_eq!(levels, [Level::Ok, Level::Warn, Level::Unknown]);
    }
}

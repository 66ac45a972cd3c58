//! Whether a hypervisor stands below. At low load times then measure how fast it wakes a sleeping processor: a round trip
//! over loopback takes 20 or 90 µs there, by the processors that client and server happen to be on. A warning, since
//! ratios within one run are still of use.

use super::{Finding, Ground, Level};

pub(super) fn check(ground: &Ground) -> Vec<Finding> {
    vec![judge(ground.host.virtual_machine)]
}

fn judge(virtual_machine: Option<bool>) -> Finding {
    const CHECK: &str = "virtual-machine";
    match virtual_machine {
        Some(true) => Finding::new(CHECK, Level::Warn, "a hypervisor is below")
            .advise("compare within one run alone; at low load times are those of waking a processor"),
        Some(false) => Finding::new(CHECK, Level::Ok, "no hypervisor is seen"),
        None => Finding::unknown(CHECK, "this processor does not say whether a hypervisor is below"),
    }
    .with("virtual", virtual_machine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hypervisor_is_worth_a_warning() {
        let levels = [Some(true), Some(false), None].map(|found| judge(found).level);
        assert_eq!(levels, [Level::Warn, Level::Ok, Level::Unknown]);
    }
}

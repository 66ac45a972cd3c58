//! Processor time that the hypervisor gave to other guests while this program slept. The limit is that of a trial's
//! warning `steal`; above five times as much, a quarter of the machine, figures are of the other guests: that fails.

use super::{Finding, Ground, Level};
use cachemark_results::host::MUCH_STEAL;

const FAR_TOO_MUCH: f64 = 5.0 * MUCH_STEAL;

pub(super) fn check(ground: &Ground) -> Vec<Finding> {
    vec![judge(ground.at_rest.steal)]
}

fn judge(steal: Option<f64>) -> Finding {
    const CHECK: &str = "steal";
    let Some(steal) = steal else {
        return Finding::unknown(CHECK, "this system does not say what other guests take");
    };
    let level = Level::at_most(steal, MUCH_STEAL, FAR_TOO_MUCH);
    Finding::new(CHECK, level, format!("other guests took {:.1} % of the processors", steal * 100.0))
        .advise("measure on a host that is less shared, or at another hour")
        .with("steal", steal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_is_stolen_the_worse() {
        let levels = [Some(0.05), Some(0.06), Some(0.26), None].map(|steal| judge(steal).level);
        assert_eq!(levels, [Level::Ok, Level::Warn, Level::Fail, Level::Unknown]);
    }
}

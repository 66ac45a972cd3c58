//! What other programs do while this one sleeps. From 20 % of the processors on they tell on the figures (the same limit
//! as of a trial's warning `neighbours`); from 40 % on, one of two processors is nearly gone, and measured throughput
//! halves: that fails.

use super::{Finding, Ground, Level};
use cachemark_results::host::BUSY_NEIGHBOURS;

/// The share of the machine above which nothing measured is the stack's.
const TOO_BUSY: f64 = 0.4;

pub(super) fn check(ground: &Ground) -> Vec<Finding> {
    vec![judge(ground.at_rest.others_cpu)]
}

fn judge(others: Option<f64>) -> Finding {
    const CHECK: &str = "neighbours";
    let Some(others) = others else {
        return Finding::unknown(CHECK, "this system does not say how busy its processors are");
    };
    let level = Level::at_most(others, BUSY_NEIGHBOURS, TOO_BUSY);
    Finding::new(CHECK, level, format!("other programs used {:.0} % of the processors", others * 100.0))
        .advise("end what runs beside (top shows it), or wait; servers of `cachemark stack up` count too")
        .with("others_cpu", others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busier_the_worse() {
        let levels = [Some(0.1), Some(0.3), Some(0.5), None].map(|others| judge(others).level);
        assert_eq!(levels, [Level::Ok, Level::Warn, Level::Fail, Level::Unknown]);
    }
}

//! What the blocks of a run find, as it was reckoned before it.

use crate::units;
use cachemark_results::{Figure, Power};

/// In a sentence without its full stop: on stderr before the run, and on its pages.
#[must_use]
pub fn power_in_words(power: &Power) -> String {
    let Power { deviation, measured_over, is_pilot, wanted, most_blocks, .. } = power;
    let noise = match is_pilot {
        true => format!("a pilot of {measured_over} A/A blocks, on which no verdict is"),
        false => format!("{measured_over} blocks of an earlier run, {}", power.measured_in),
    };
    let more = match power.needed {
        _ if power.is_enough() => String::new(),
        Some(needed) => format!("; {needed} would be needed for {}", units::percent(*wanted)),
        None => format!(
            "; more than {most_blocks} would be needed for {}: longer trials (--duration) or a larger difference (--find) take fewer",
            units::percent(*wanted)
        ),
    };
    format!(
        "{}{more}. The noise was measured over {noise}: a block strays by ± {}",
        found(power),
        units::small_percent(deviation.exp_m1())
    )
}

/// The same where it is a doubt: too few blocks.
pub(super) fn doubt(power: &Power) -> Option<String> {
    (!power.is_enough()).then(|| found(power))
}

fn found(power: &Power) -> String {
    let Power { figure, difference, blocks, power, .. } = power;
    let title = Figure::named(figure).map_or(figure.as_str(), |figure| figure.title);
    let blocks = if *blocks == 1 { "1 block finds".to_owned() } else { format!("{blocks} blocks find") };
    format!(
        "{blocks} a difference of {} ({title}) in {} of runs",
        units::small_percent(*difference),
        units::whole_percent(*power)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power() -> Power {
        Power {
            figure: "throughput".into(),
            difference: 0.1,
            deviation: 0.061,
            measured_over: 8,
            measured_in: "20261127T180000Z-small-0123abcd".into(),
            is_pilot: true,
            blocks: 8,
            power: 0.454,
            wanted: 0.8,
            needed: Some(20),
            most_blocks: 60,
        }
    }

    #[test]
    fn too_few_blocks_are_told_with_how_many_it_takes() {
        insta::assert_snapshot!(power_in_words(&power()), @"8 blocks find a difference of 10 % (throughput) in 45 % of runs; 20 would be needed for 80 %. The noise was measured over a pilot of 8 A/A blocks, on which no verdict is: a block strays by ± 6.3 %");
        let never = Power { needed: None, blocks: 60, is_pilot: false, ..power() };
        insta::assert_snapshot!(power_in_words(&never), @"60 blocks find a difference of 10 % (throughput) in 45 % of runs; more than 60 would be needed for 80 %: longer trials (--duration) or a larger difference (--find) take fewer. The noise was measured over 8 blocks of an earlier run, 20261127T180000Z-small-0123abcd: a block strays by ± 6.3 %");
        assert!(doubt(&power()).is_some() && doubt(&never).is_some());
    }

    #[test]
    fn enough_are_no_doubt() {
        let enough = Power { blocks: 20, power: 0.83, ..power() };
        insta::assert_snapshot!(power_in_words(&enough), @"20 blocks find a difference of 10 % (throughput) in 83 % of runs. The noise was measured over a pilot of 8 A/A blocks, on which no verdict is: a block strays by ± 6.3 %");
        assert_eq!(doubt(&enough), None);
    }
}

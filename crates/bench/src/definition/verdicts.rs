//! Which figures verdicts are given on: each has to be one that this sweep can have.

use super::Arm;
use super::check::{Check, twice};
use super::draft::Draft;
use super::meaning::without_meaning;
use super::mistake::Mistake;
use cachemark_results::figure::{Figure, THROUGHPUT, UnknownFigure, response};
use cachemark_stats::Direction;

/// What verdicts are on if nothing is said: what a closed loop achieves, and how long the users of an open loop wait.
pub(super) fn by_default(open_loop: bool) -> Vec<&'static Figure> {
    vec![if open_loop { response::P99 } else { THROUGHPUT }]
}

/// Why no cell could be better by the figure, as what it is, and what to do about it; none if one may.
fn without_direction(figure: &Figure) -> Option<(&'static str, String)> {
    let help = "take another, or assert a bound of it".to_owned();
    (figure.better == Direction::Neither).then_some(("a figure of which neither more nor less is better", help))
}

impl Check {
    /// The figures asked for, in their order.
    pub(super) fn verdict_on(&mut self, draft: &Draft, arms: &[Arm]) -> Vec<&'static Figure> {
        let Some(asked) = &draft.verdict_on else { return by_default(draft.rates.is_some()) };
        let mut figures: Vec<&'static Figure> = Vec::new();
        for name in asked {
            let Some(figure) = Figure::named(&name.value) else {
                let unknown = UnknownFigure { given: name.value.clone() };
                self.mistakes.push(Mistake::new(name.origin.clone(), unknown.to_string()).advise(unknown.help()));
                continue;
            };
            if figures.contains(&figure) {
                self.mistakes.push(twice(name.origin.clone(), "figure", figure.name));
            }
            if let Some((why, help)) = without_meaning(figure, draft, arms).or_else(|| without_direction(figure)) {
                let message = format!("no verdict on {}: it is {why}", figure.name);
                self.mistakes.push(Mistake::new(name.origin.clone(), message).advise(help));
            }
            figures.push(figure);
        }
        figures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_a_direction_can_make_a_cell_better() {
        let neutral = Figure { better: Direction::Neither, ..*THROUGHPUT };
        assert!(without_direction(&neutral).is_some());
        assert_eq!(without_direction(THROUGHPUT), None);
    }
}

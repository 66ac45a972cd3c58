//! Which figures verdicts are given on: each has to be one that this sweep can have.

use super::Arm;
use super::check::{Check, twice};
use super::draft::Draft;
use super::meaning::without_meaning;
use super::mistake::Mistake;
use cachemark_results::figure::{Figure, THROUGHPUT, UnknownFigure, response};

/// What verdicts are on if nothing is said: what a closed loop achieves, and how long the users of an open loop wait.
pub(super) fn by_default(open_loop: bool) -> Vec<&'static Figure> {
    vec![if open_loop { response::P99 } else { THROUGHPUT }]
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
            if let Some((why, help)) = without_meaning(figure, draft, arms) {
                let message = format!("no verdict on {}: it is {why}", figure.name);
                self.mistakes.push(Mistake::new(name.origin.clone(), message).advise(help));
            }
            figures.push(figure);
        }
        figures
    }
}

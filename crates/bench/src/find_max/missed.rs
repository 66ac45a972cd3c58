//! Why a trial of a search did not pass.

use super::Objective;
use cachemark_results::Trial;

/// Why a rate did not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missed {
    /// The client was the limit: the trial says nothing of the stack.
    Invalid,
    /// Too much of what was asked had no answer for times to speak of.
    Unanswered,
    /// Nearly all was answered, and there is no such figure all the same.
    NoFigure,
    /// It was measured, and the objective does not hold.
    Objective,
}

impl Missed {
    /// None if the trial passed.
    pub(super) fn of(trial: &Trial, objective: &Objective<'_>) -> Option<Self> {
        if trial.invalid_because().is_some() {
            return Some(Self::Invalid);
        }
        if !objective.allows_failures && trial.leaves_out_many() {
            return Some(Self::Unanswered);
        }
        match (objective.holds)(trial) {
            Some(true) => None,
            Some(false) => Some(Self::Objective),
            None if trial.leaves_out_many() => Some(Self::Unanswered),
            None => Some(Self::NoFigure),
        }
    }

    /// Its name in records.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unanswered => "unanswered",
            Self::NoFigure => "no-figure",
            Self::Objective => "objective",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample_trials::{calm, open};
    use cachemark_results::{Totals, Warning, warning};

    fn missed(trial: &Trial, holds: Option<bool>, allows_failures: bool) -> Option<Missed> {
        let holds = move |_: &Trial| holds;
        let objective = Objective { text: "it", holds: &holds, why_absent: "", allows_failures, rates: &[1.0] };
        Missed::of(trial, &objective)
    }

    #[test]
    fn times_of_a_stack_that_turns_work_away_do_not_pass() {
        let failing = |unknown| Trial {
            totals: Totals { issued: 10_000, ok: 10_000 - unknown, unknown, ..Totals::default() },
            ..open(|_| ())
        };
        assert_eq!(missed(&failing(10), Some(true), false), None);
        assert_eq!(missed(&failing(11), Some(true), false), Some(Missed::Unanswered));
        assert_eq!(missed(&failing(11), Some(true), true), None, "the objective is about failures itself");
        let unsent = open(|open| (open.shed, open.unsent) = (5, 6));
        assert_eq!(missed(&unsent, Some(true), false), Some(Missed::Unanswered));
    }

    #[test]
    fn a_figure_that_failures_took_away_does_not_end_the_search() {
        let few =
            Trial { totals: Totals { issued: 10_000, ok: 900, unknown: 9_100, ..Totals::default() }, ..open(|_| ()) };
        assert_eq!(missed(&few, None, false), Some(Missed::Unanswered));
        assert_eq!(missed(&few, None, true), Some(Missed::Unanswered));
        assert_eq!(missed(&calm(), None, false), Some(Missed::NoFigure));
    }

    #[test]
    fn what_the_client_could_not_send_says_nothing_of_the_stack() {
        let mut trial = open(|_| ());
        trial.warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "late"));
        assert_eq!(missed(&trial, Some(true), false), Some(Missed::Invalid));
        assert_eq!(missed(&open(|_| ()), Some(false), false), Some(Missed::Objective));
    }
}

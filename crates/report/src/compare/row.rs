//! One figure of one cell, on both sides.

use super::join::JoinedCell;
use crate::analysis::CellFigures;
use crate::tables::counted;
use crate::units;
use cachemark_results::Figure;
use cachemark_results::figure::Measure;
use cachemark_stats::{
    BetweenRuns, Direction, RUNS_NEEDED, RunRow, RunVerdict, STORED_NEEDED, Scale, Summary, Unclear,
};

/// One figure of one cell.
#[derive(Debug, Clone)]
pub struct ComparedRow {
    /// The figure.
    pub figure: &'static Figure,
    /// Its name in these records.
    pub title: &'static str,
    /// The cell's id in the first run of the baseline.
    pub cell: String,
    /// The cell's family within its run, for people.
    pub family: String,
    /// The cell's name within the family.
    pub label: String,
    /// The figure of each run of the baseline, and of each of the other side: the median over its trials. None where most trials are
    /// invalid or none has the figure.
    pub values: [Vec<Option<f64>>; 2],
    /// What stored runs have.
    pub stored: Vec<f64>,
    /// What was found; none where a run lacks the figure.
    pub found: Option<BetweenRuns>,
    /// Why no verdict is given though the figures would have one.
    pub withheld: Option<String>,
    /// Whether a side's median is a time to recover that was not seen to its end: it is longer.
    unseen: [bool; 2],
    flattered: [bool; 2],
    forfeited: [Option<&'static str>; 2],
}

/// What a row came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowVerdict {
    /// Worse by a whole interval beyond the margin.
    Regression,
    /// Worse.
    Worse,
    /// Better.
    Better,
    /// Not the same, and neither way is better.
    Differs,
    /// Within the margin.
    Equivalent,
    /// None of these could be shown.
    CannotTell,
    /// Something speaks against the verdict that the figures would have.
    Withheld,
    /// A run lacks the figure.
    NotMeasured,
}

impl RowVerdict {
    /// In the order in which they are counted up.
    pub(super) const ALL: [Self; 8] = [
        Self::Regression,
        Self::Worse,
        Self::Better,
        Self::Differs,
        Self::Equivalent,
        Self::CannotTell,
        Self::Withheld,
        Self::NotMeasured,
    ];

    /// In words.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Regression => "regression",
            Self::Worse => "worse",
            Self::Better => "better",
            Self::Differs => "differs",
            Self::Equivalent => "equivalent",
            Self::CannotTell => "can't tell",
            Self::Withheld => "not judged",
            Self::NotMeasured => "not measured",
        }
    }
}

impl ComparedRow {
    pub(super) fn of(figure: &'static Figure, title: &'static str, cell: &JoinedCell<'_>) -> Self {
        let of_runs = |side: &Vec<&CellFigures<'_>>| side.iter().map(|figures| value(figure, figures)).collect();
        let [baseline, compared] = &cell.sides;
        let flattered = |side: &[&CellFigures<'_>]| {
            figure.is_time() && side.iter().flat_map(|run| &run.trials).any(|trial| trial.leaves_out_many())
        };
        let unseen = |side: &[&CellFigures<'_>]| {
            let is_bound = |figures: &&&CellFigures<'_>| figures.times(figure).is_some_and(|times| !times.median.seen);
            2 * side.iter().filter(is_bound).count() >= side.len().max(1)
        };
        let forfeited = |side: &[&CellFigures<'_>]| side.iter().find_map(|figures| figures.forfeit());
        Self {
            figure,
            title,
            cell: baseline[0].cell.id.clone(),
            family: cell.family().to_owned(),
            label: cell.label.clone(),
            values: [of_runs(baseline), of_runs(compared)],
            stored: cell.stored.iter().filter_map(|figures| value(figure, figures)).collect(),
            found: None,
            withheld: None,
            unseen: [unseen(baseline), unseen(compared)],
            flattered: [flattered(baseline), flattered(compared)],
            forfeited: [forfeited(baseline), forfeited(compared)],
        }
    }

    /// As it is judged; none where a run lacks the figure.
    pub(super) fn as_run_row(&self) -> Option<RunRow> {
        let whole = |side: &[Option<f64>]| side.iter().copied().collect::<Option<Vec<f64>>>();
        let [baseline, compared] = &self.values;
        Some(RunRow {
            direction: self.figure.better,
            baseline: whole(baseline)?,
            compared: whole(compared)?,
            stored: self.stored.clone(),
        })
    }

    /// Takes what was found, and withholds the verdict where something speaks against it.
    pub(super) fn take(&mut self, found: BetweenRuns) {
        self.withheld = self.against(found.verdict);
        self.found = Some(found);
    }

    /// What speaks against a verdict: a side that did what no figure makes up for is not better, and the other not worse than it;
    /// the same holds of times of a side that left many unanswered.
    fn against(&self, verdict: RunVerdict) -> Option<String> {
        let compared = verdict != RunVerdict::Worse;
        let baseline = verdict != RunVerdict::Better;
        let did = |side: usize, who: &str| Some(format!("{who} {}", self.forfeited[side]?));
        let left_out = |side: usize, who: &str| {
            self.flattered[side].then(|| format!("{who} left much unanswered, which its times leave out"))
        };
        let of = |side: usize, who: &str| did(side, who).or_else(|| left_out(side, who));
        let why = if compared { of(1, "the compared side") } else { None };
        why.or_else(|| if baseline { of(0, "the baseline") } else { None })
    }

    /// What the row came to.
    #[must_use]
    pub fn verdict(&self) -> RowVerdict {
        let Some(found) = &self.found else { return RowVerdict::NotMeasured };
        match found.verdict {
            _ if self.withheld.is_some() => RowVerdict::Withheld,
            RunVerdict::Worse if found.regression => RowVerdict::Regression,
            RunVerdict::Worse => RowVerdict::Worse,
            RunVerdict::Better => RowVerdict::Better,
            RunVerdict::Differs => RowVerdict::Differs,
            RunVerdict::Equivalent => RowVerdict::Equivalent,
            RunVerdict::Unclear(_) => RowVerdict::CannotTell,
        }
    }

    /// Whether every run of the baseline has the figure and one of the other side lacks it: what was measured before is not now.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        let [baseline, compared] = &self.values;
        baseline.iter().all(Option::is_some) && compared.iter().any(Option::is_none)
    }

    /// Why there is no verdict, if there is none.
    #[must_use]
    pub fn why(&self) -> Option<String> {
        if let Some(why) = &self.withheld {
            return Some(why.clone());
        }
        let Some(found) = &self.found else {
            let all = self.values.iter().flatten().count();
            let lack = self.values.iter().flatten().filter(|value| value.is_none()).count();
            return Some(format!("{lack} of {} without {}", counted(all, "run"), self.title));
        };
        match found.verdict {
            RunVerdict::Unclear(unclear) => Some(why(unclear)),
            _ => None,
        }
    }

    /// The median over the runs of the baseline, and over those of the other side.
    #[must_use]
    pub fn medians(&self) -> [Option<f64>; 2] {
        let median = |side: &[Option<f64>]| {
            let values: Vec<f64> = side.iter().copied().flatten().collect();
            Summary::of(&values).ok().map(|summary| summary.median)
        };
        [median(&self.values[0]), median(&self.values[1])]
    }

    /// The medians in words.
    pub(super) fn medians_in_words(&self) -> [String; 2] {
        let in_words = |(median, unseen): (Option<f64>, bool)| {
            let longer = if unseen { "> " } else { "" };
            let told = median.map(|median| format!("{longer}{}", units::figure(self.figure, median)));
            told.unwrap_or_else(|| units::NOT_AVAILABLE.to_owned())
        };
        let ([there, here], [there_unseen, here_unseen]) = (self.medians(), self.unseen);
        [(there, there_unseen), (here, here_unseen)].map(in_words)
    }

    /// The ratio in words; of a figure that is 0 in a run the difference, with its sign and unit.
    #[must_use]
    pub fn effect(&self) -> String {
        self.found
            .as_ref()
            .map_or_else(|| units::NOT_AVAILABLE.to_owned(), |found| self.on_scale(found, found.estimate))
    }

    /// The interval in words.
    #[must_use]
    pub fn interval(&self) -> String {
        let found = self.found.as_ref();
        let in_words = |(found, interval): (&BetweenRuns, cachemark_stats::Interval)| {
            format!("{} to {}", self.on_scale(found, interval.low), self.on_scale(found, interval.high))
        };
        found.and_then(|found| Some((found, found.interval?))).map_or_else(|| units::NOT_AVAILABLE.to_owned(), in_words)
    }

    fn on_scale(&self, found: &BetweenRuns, value: f64) -> String {
        match found.scale {
            Scale::Ratio => units::ratio(value),
            Scale::Difference => units::difference(self.figure, value),
        }
    }

    /// The figure for a heading, with the unit where values don't carry it, and with which way is good.
    pub(super) fn heading(&self) -> String {
        let unit = if self.figure.unit == Measure::Rate { ", ops/s" } else { "" };
        match self.figure.better {
            Direction::Neither => format!("{}{unit}", self.title),
            _ => format!("{}{unit} ({})", self.title, self.figure.better_in_words()),
        }
    }
}

/// A run's figure of a cell: the median over its valid trials, unless most are invalid.
fn value(figure: &Figure, figures: &CellFigures<'_>) -> Option<f64> {
    if figures.invalid.len() > figures.trials.len() { None } else { figures.median(figure) }
}

fn why(unclear: Unclear) -> String {
    match unclear {
        Unclear::Drift => "the difference may be drift between runs".to_owned(),
        Unclear::FewRuns { stored } => format!(
            "it takes {RUNS_NEEDED} runs a side, or {STORED_NEEDED} stored runs of this definition on this machine that have the \
             figure (--history), and there {}",
            match stored {
                0 => "is none".to_owned(),
                1 => "is 1".to_owned(),
                several => format!("are {several}"),
            }
        ),
        Unclear::FewRunsOfZeros => {
            format!("a figure that is 0 in a run takes {RUNS_NEEDED} runs a side")
        }
        Unclear::NoSpread => {
            format!(
                "the stored runs are alike to the last digit, which tells no drift; it takes {RUNS_NEEDED} runs a side"
            )
        }
    }
}

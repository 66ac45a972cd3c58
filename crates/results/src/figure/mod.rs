//! Every figure of a trial: its name, what it means, its unit, which way it is good, and how it is read off a trial.
//!
//! One file holds a figure or a close family, and [`FIGURES`] lists them all. Whatever tells or judges figures takes them from
//! here: tables, charts, verdicts, assertions, CSV, JSON and `docs/figures.md`. A figure has one name everywhere; in CSV and JSON its
//! unit follows ([`Figure::column`]).

pub mod bypass_ratio;
pub mod bypassed_reads;
pub mod cache_failures;
pub mod concurrent_loads;
mod divergence;
mod error_ratio;
mod errors;
pub mod fresh_within;
mod hit_ratio;
mod list;
mod loads_per_expiry;
mod lost_writes;
mod measure;
mod monotonic_violations;
mod nearest;
mod needs;
mod phantoms;
mod prediction;
pub mod read;
pub mod recovery;
mod regressions;
pub mod response;
mod resurrected;
mod ryw_violations;
pub mod schedule_lag;
pub mod service;
pub mod stale_age;
mod stale_hits;
mod stale_reads;
mod store_load;
pub mod store_rate;
mod throughput;
mod times;
pub mod version_lag;
pub mod write;

pub use divergence::DIVERGENCE;
pub use error_ratio::ERROR_RATIO;
pub use errors::ERRORS;
pub use hit_ratio::HIT_RATIO;
pub use list::FIGURES;
pub use loads_per_expiry::LOADS_PER_EXPIRY;
pub use lost_writes::LOST_WRITES;
pub use measure::Measure;
pub use monotonic_violations::MONOTONIC_VIOLATIONS;
pub use nearest::UnknownFigure;
pub use needs::Needs;
pub use phantoms::PHANTOMS;
pub use prediction::{PREDICTIONS, Prediction};
pub use regressions::REGRESSIONS;
pub use resurrected::RESURRECTED;
pub use ryw_violations::RYW_VIOLATIONS;
pub use stale_hits::STALE_HITS;
pub use stale_reads::STALE_READS;
pub use store_load::STORE_LOAD;
pub use store_rate::STORE_RATE;
pub use throughput::THROUGHPUT;

use crate::schema::series::Interval;
use crate::schema::trial::Trial;
use cachemark_stats::Direction;
use std::fmt;

/// How a figure is read off a trial.
pub type OfTrial = fn(&Trial) -> Option<f64>;
/// How it is read off an interval of that many seconds.
pub type OfInterval = fn(&Interval, f64) -> Option<f64>;

/// Something measured in a trial. Two are the same if they have the same name.
pub struct Figure {
    /// Its name everywhere: in assertions, flags, definitions, manifests and comparisons.csv.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it says, as a sentence without its full stop.
    pub meaning: &'static str,
    /// What it is measured in.
    pub unit: Measure,
    /// Which way it is good.
    pub better: Direction,
    /// What a trial needs to have it.
    pub needs: Needs,
    /// The figure of a trial: times in nanoseconds, shares from 0 to 1. None where the trial has none; see [`Figure::of`].
    pub read: OfTrial,
    /// The figure of an interval that is so many seconds long, where the series of a trial tells it.
    pub over_time: Option<OfInterval>,
    /// The count that it is a share of: what is bounded in per cent is this figure, and not the count.
    pub share_of: Option<&'static Figure>,
    /// The tables that show it without being asked.
    pub shown: Shown,
}

/// Which tables show a figure without being asked. CSV and assertions have every figure, and verdicts can be on any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// None.
    OnRequest,
    /// Those of the given loops.
    InTables {
        /// Of which loops.
        of: Loops,
        /// Its rank among the columns of a terminal, which does without the highest first if it is too narrow for all. No two
        /// columns of a terminal have the same: the ranks of those that are no figures stand in the report's `tables/terminal.rs`,
        /// where a test compares them all. They are tens, so that there is room between them.
        rank: u8,
    },
}

/// Loops that a table may be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loops {
    /// Closed and open ones.
    Both(OpenTable),
    /// Closed ones only.
    Closed,
    /// Open ones only.
    Open(OpenTable),
}

/// Which table of a page has a figure of an open loop. A closed loop has one table for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenTable {
    /// How fast: throughput, and times by two clocks, which fill it.
    Times,
    /// All else.
    Other,
}

impl Figure {
    /// The figure of that name. Points, hyphens and underscores stand for each other: records and definitions of before have
    /// `read-p99` and `read_p99` for `read.p99`.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        let wanted = one_spelling(name);
        FIGURES.iter().copied().find(|figure| one_spelling(figure.name) == wanted)
    }

    /// The figure whose name the text ends with, and where in the text the name begins: the longest such name.
    #[must_use]
    pub fn at_end_of(text: &str) -> Option<(usize, &'static Self)> {
        let text = one_spelling(text);
        let begins = |figure: &&'static Self| Some((text.strip_suffix(&one_spelling(figure.name))?.len(), *figure));
        FIGURES.iter().filter_map(begins).min_by_key(|(begin, _)| *begin)
    }

    /// The figure of a trial; none where the trial has none, or none that is a number.
    #[must_use]
    pub fn of(&self, trial: &Trial) -> Option<f64> {
        (self.read)(trial).filter(|value| value.is_finite())
    }

    /// Its name in CSV and JSON: without points, and with the unit behind it. `read.p99` is `read_p99_ns`, `service.p99.9` is
    /// `service_p999_ns`.
    #[must_use]
    pub fn column(&self) -> String {
        let plain = match self.name.split_once('.') {
            Some((of, rest)) => format!("{of}_{}", rest.replace('.', "")),
            None => self.name.to_owned(),
        };
        plain + self.unit.suffix()
    }

    /// "higher is better", the reverse, or that neither is.
    #[must_use]
    pub fn better_in_words(&self) -> &'static str {
        match self.better {
            Direction::HigherIsBetter => "higher is better",
            Direction::LowerIsBetter => "lower is better",
            Direction::Neither => "neither way is better",
        }
    }

    /// Whether it is a time.
    #[must_use]
    pub fn is_time(&self) -> bool {
        self.unit == Measure::Time
    }

    /// What a closed loop has in place of a response time, which it has not: the service time.
    #[must_use]
    pub fn in_a_closed_loop(&self) -> Option<&'static Self> {
        Self::named(&format!("service.{}", self.name.strip_prefix("response.")?))
    }

    /// The share that belongs to this count.
    #[must_use]
    pub fn share(&self) -> Option<&'static Self> {
        FIGURES.iter().copied().find(|figure| figure.share_of.is_some_and(|count| count == self))
    }

    /// Whether the tables of a closed or an open loop show it without being asked.
    #[must_use]
    pub fn is_shown(&self, open_loop: bool) -> bool {
        match self.shown {
            Shown::OnRequest => false,
            Shown::InTables { of: Loops::Both(_), .. } => true,
            Shown::InTables { of: Loops::Closed, .. } => !open_loop,
            Shown::InTables { of: Loops::Open(_), .. } => open_loop,
        }
    }

    /// Which table of an open loop's page shows it without being asked, if one does.
    #[must_use]
    pub fn open_table(&self) -> Option<OpenTable> {
        match self.shown {
            Shown::InTables { of: Loops::Both(table) | Loops::Open(table), .. } => Some(table),
            _ => None,
        }
    }
}

fn one_spelling(name: &str) -> String {
    name.replace(['-', '.'], "_")
}

impl PartialEq for Figure {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Figure {}

impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OpenLoop;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_told_apart_in_every_spelling() {
        let names: BTreeSet<String> = FIGURES.iter().map(|figure| one_spelling(figure.name)).collect();
        let columns: BTreeSet<String> = FIGURES.iter().map(|figure| figure.column()).collect();
        assert_eq!((names.len(), columns.len()), (FIGURES.len(), FIGURES.len()));
        for figure in FIGURES {
            assert_eq!(Figure::named(figure.name), Some(*figure));
            assert_eq!(Figure::at_end_of(&format!("x.{}", figure.name)), Some((2, *figure)));
        }
    }

    #[test]
    fn spellings_of_before_are_read() {
        for (before, now) in [
            ("read-p99", "read.p99"),
            ("read_p50", "read.p50"),
            ("hit-ratio", "hit_ratio"),
            ("store-load", "store_load"),
            ("response-p99", "response.p99"),
            ("service.p99.9", "service.p99.9"),
        ] {
            assert_eq!(Figure::named(before).map(|figure| figure.name), Some(now));
        }
        assert_eq!(Figure::named("beauty"), None);
    }

    #[test]
    fn columns_have_the_unit() {
        let columns = [read::P99, THROUGHPUT, HIT_RATIO, ERRORS].map(Figure::column);
        assert_eq!(columns, ["read_p99_ns", "throughput_ops_per_s", "hit_ratio", "errors"]);
        assert_eq!(Figure::named("service.p99.9").unwrap().column(), "service_p999_ns");
    }

    #[test]
    fn a_figure_without_a_direction_claims_none() {
        let neutral = Figure { better: Direction::Neither, ..*STORE_LOAD };
        assert_eq!([&neutral, STORE_LOAD].map(Figure::better_in_words), ["neither way is better", "lower is better"]);
    }

    #[test]
    fn what_needs_operations_asked_has_a_value_of_arrivals_that_were_not_sent() {
        let open_loop = OpenLoop { offered: 9, unsent: 9, ..OpenLoop::default() };
        let unsent = Trial { open_loop: Some(open_loop), ..Trial::default() };
        for figure in FIGURES.iter().filter(|figure| figure.needs == Needs::Operations) {
            assert!(figure.of(&unsent).is_some(), "{figure:?}");
            assert_eq!(figure.of(&Trial::default()), None, "{figure:?}");
        }
    }

    #[test]
    fn every_figure_says_what_it_is() {
        for figure in FIGURES {
            assert!(!figure.title.is_empty() && figure.meaning.len() > 15, "{figure:?}");
            assert!(!figure.meaning.ends_with('.'), "{figure:?}: its users end the sentence");
            let is_share = matches!(figure.unit, Measure::Share | Measure::SmallShare);
            assert!(figure.share_of.is_none_or(|count| is_share && count.unit == Measure::Count), "{figure:?}");
        }
    }
}

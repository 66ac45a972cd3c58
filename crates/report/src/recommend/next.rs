//! What to measure next, where it can't be told.

use super::blocks;
use crate::units;
use cachemark_results::Figure;
use cachemark_results::figure::Needs;

/// What would tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// More blocks: about so many in all; none where no reasonable number would do, for the figure lies at the bound.
    Blocks(Option<usize>),
    /// A setting, in words that begin a sentence's second half: `make --duration longer: ..`.
    Setting(String),
}

impl Next {
    /// In words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Blocks(Some(blocks)) => format!("about --blocks {blocks}"),
            Self::Blocks(None) => format!("more than --blocks {}: it lies at the bound", blocks::MOST),
            Self::Setting(what) => what.clone(),
        }
    }
}

/// What gives trials a figure that they lack.
pub(super) fn setting(figure: &Figure, open_loop: bool) -> Next {
    let name = figure.name;
    let longer = |what: String| format!("make --duration longer: {name} takes {what} in each trial");
    Next::Setting(match figure.needs {
        Needs::Samples { open_loop: true, .. } if !open_loop => {
            let closed = figure.in_a_closed_loop().map(|closed| format!(", or ask for {}", closed.name));
            format!("{name} takes an open loop: give --rate{}", closed.unwrap_or_default())
        }
        Needs::Samples { .. } => longer(format!("{} answered operations", units::count(figure.needs.samples() as f64))),
        Needs::Nothing | Needs::Operations => longer("an operation".into()),
        Needs::StaleReads { quantile: Some(_) } => longer(figure.needs.in_words()),
        Needs::JudgedReads | Needs::StaleReads { quantile: None } => format!("{name} takes --oracle on"),
        Needs::Audit { .. } => format!("{name} takes --oracle on and --audit-keys above 0"),
        Needs::Lookups | Needs::CacheCalls | Needs::StoreCalls | Needs::StoreReads | Needs::Faults => {
            format!("{name} takes {}", figure.needs.in_words())
        }
    })
}

/// What would show the end of a time to recover.
pub(super) fn longer(figure: &Figure) -> Next {
    Next::Setting(format!("make --duration longer: {} was not seen to its end", figure.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_says_what_would_give_it() {
        let of = |name: &str, open_loop| setting(Figure::named(name).unwrap(), open_loop).in_words();
        assert_eq!(of("response.p99", false), "response.p99 takes an open loop: give --rate, or ask for service.p99");
        assert_eq!(of("schedule_lag.p99", false), "schedule_lag.p99 takes an open loop: give --rate");
        let longer = "make --duration longer: response.p99.9 takes 10,000 answered operations in each trial";
        assert_eq!(of("response.p99.9", true), longer);
        assert_eq!(of("fresh_within.1s", true), "fresh_within.1s takes --oracle on");
        assert!(of("lost_writes", true).ends_with("--audit-keys above 0"));
        assert!(of("hit_ratio", true).ends_with("a read that asked a cache"));
        assert!(of("stale_age.p99", true).contains("1000 stale reads"));
    }
}

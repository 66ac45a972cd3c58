//! What a figure may have been meant by a name that there is not.

use super::{FIGURES, one_spelling};
use std::fmt;

/// A name that is none of a figure. There are too many figures to name them all: it tells those that are most like it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFigure {
    /// The name.
    pub given: String,
}

/// So many are named.
const NAMED: usize = 4;
/// Names that are less alike are not.
const ALIKE: f64 = 0.8;

impl UnknownFigure {
    /// The names most like it, the likest first: those that end with it, as `read.p99` does with `p99`, those that
    /// hold it, then those that are spelt alike.
    #[must_use]
    pub fn nearest(&self) -> Vec<&'static str> {
        let given = one_spelling(&self.given);
        let likeness = |name: &str| {
            let name = one_spelling(name);
            let alike = strsim::jaro_winkler(&given, &name);
            match () {
                () if given.is_empty() => 0.0,
                // All of them are as near, and stand in the list's order.
                () if name.ends_with(&given) => 3.0,
                () if name.contains(&given) || given.contains(&name) => 1.0 + alike,
                () => alike,
            }
        };
        let names = FIGURES.iter().map(|figure| (figure.name, likeness(figure.name)));
        let mut alike: Vec<_> = names.filter(|(_, likeness)| *likeness > ALIKE).collect();
        alike.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        alike.truncate(NAMED);
        alike.into_iter().map(|(name, _)| name).collect()
    }

    /// What to do: the nearest names, and where all of them stand.
    #[must_use]
    pub fn help(&self) -> String {
        match self.nearest().as_slice() {
            [] => "docs/figures.md lists all".to_owned(),
            [one] => format!("did you mean `{one}`? docs/figures.md lists all"),
            several => format!("did you mean one of {}? docs/figures.md lists all", several.join(", ")),
        }
    }
}

impl fmt::Display for UnknownFigure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown figure `{}`", self.given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_are_few_and_fit() {
        let nearest = |given: &str| UnknownFigure { given: given.to_owned() }.nearest();
        assert_eq!(nearest("hit_rate")[0], "hit_ratio");
        assert_eq!(nearest("p99"), ["read.p99", "write.p99", "response.p99", "service.p99"]);
        assert_eq!(nearest("through")[0], "throughput");
        assert_eq!(nearest("beauty"), Vec::<&str>::new());
        assert_eq!(nearest(""), Vec::<&str>::new());
        assert!(FIGURES.iter().all(|figure| nearest(&format!("{}x", figure.name)).contains(&figure.name)));
    }

    #[test]
    fn help_says_where_all_stand() {
        let help = |given: &str| UnknownFigure { given: given.to_owned() }.help();
        assert_eq!(help("beauty"), "docs/figures.md lists all");
        assert!(help("hit_rate").starts_with("did you mean ") && help("hit_rate").len() < 100);
    }
}

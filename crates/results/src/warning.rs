//! Every sort of warning about a trial and of concern about a run: how grave it is, and what it means. Who raises one names its value
//! ([`FAILURES`], ..), so that no code is raised that is not listed.

mod list;

pub use list::*;

/// What a warning does to the trust in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// The figures stand; a reader should know of it.
    Label,
    /// The figures stand, but perhaps not for what they are said to stand for: `--strict` refuses the run.
    Doubt,
    /// What was asked was not done, or what came back was wrong: the run is not to be trusted, strict or not.
    Grave,
}

impl Gravity {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Doubt => "doubt",
            Self::Grave => "grave",
        }
    }
}

/// A sort of warning or concern. Two are the same if they have the same code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct WarningKind {
    /// The code, as it stands in a record.
    pub code: &'static str,
    /// How grave it is. A warning that invalidates its trial is a doubt at least.
    pub gravity: Gravity,
    /// What it says of a trial, or of the run.
    pub meaning: &'static str,
    /// Whether too great a load can bring it about by itself, as a capacity search tries it. Any other speaks of the run, whatever
    /// load it was seen at.
    pub of_load: bool,
}

impl WarningKind {
    const fn of_load(self) -> Self {
        Self { of_load: true, ..self }
    }

    /// The kind with that code; none if this build does not know it, as a newer one may have written.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        OF_TRIALS.iter().chain(OF_RUNS).find(|known| known.code == code).copied()
    }
}

/// Whether what a code says of a trial is to be expected at too great a load.
#[must_use]
pub fn is_of_load(code: &str) -> bool {
    WarningKind::of_code(code).is_some_and(|known| known.of_load)
}

/// The gravity of a code; [`Gravity::Doubt`] of one that this build does not know: what is not known cannot be called
/// harmless.
#[must_use]
pub fn gravity(code: &str) -> Gravity {
    WarningKind::of_code(code).map_or(Gravity::Doubt, |known| known.gravity)
}

/// What a code means; none if this build does not know it.
#[must_use]
pub fn meaning(code: &str) -> Option<&'static str> {
    WarningKind::of_code(code).map(|known| known.meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_listed_once_in_order() {
        let order = |kind: &WarningKind| (std::cmp::Reverse(kind.gravity), kind.code);
        for pair in OF_TRIALS.windows(2).chain(OF_RUNS.windows(2)) {
            assert!(order(&pair[0]) < order(&pair[1]), "{} stands before {}", pair[0].code, pair[1].code);
        }
        let twice = OF_RUNS.iter().find(|kind| OF_TRIALS.iter().any(|other| other.code == kind.code));
        assert_eq!(twice, None);
    }

    #[test]
    fn damage_is_not_what_a_load_brings_about() {
        assert!([FAILURES, OVERLOADED, NOT_STEADY].into_iter().all(|kind| is_of_load(kind.code)));
        assert!(![BAD_STAMPS.code, ABSENT_ROWS.code, "of-tomorrow"].into_iter().any(is_of_load));
        assert!(OF_RUNS.iter().all(|kind| !kind.of_load), "a run as a whole has no load");
    }

    #[test]
    fn a_code_of_a_newer_build_is_a_doubt() {
        assert_eq!((gravity("of-tomorrow"), meaning("of-tomorrow")), (Gravity::Doubt, None));
        assert_eq!(gravity("failures"), Gravity::Grave);
        assert_eq!(gravity("steal"), Gravity::Label);
    }
}

//! Whether something keeps to what is asked.

/// How it came out, of one objective, of an arm, of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// It is kept: the whole interval is on the right side of the bound. Of an arm: every objective is; of a point: some arm
    /// meets it.
    Meets,
    /// It is not: the whole interval is on the wrong side. Of an arm: some objective is not; of a point: no arm meets it.
    Fails,
    /// Neither is shown.
    CannotTell,
}

impl Met {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Meets => "meets",
            Self::Fails => "fails",
            Self::CannotTell => "can't tell",
        }
    }

    /// For programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Meets => "meets",
            Self::Fails => "fails",
            Self::CannotTell => "cannot-tell",
        }
    }

    /// Of what has to be met all at once.
    pub(super) fn all(each: impl Iterator<Item = Self> + Clone) -> Self {
        Self::one_of([Self::Fails, Self::CannotTell], each).unwrap_or(Self::Meets)
    }

    /// Of what has to be met by one at least.
    pub(super) fn any(each: impl Iterator<Item = Self> + Clone) -> Self {
        Self::one_of([Self::Meets, Self::CannotTell], each).unwrap_or(Self::Fails)
    }

    /// The first of the two that is there.
    fn one_of(two: [Self; 2], each: impl Iterator<Item = Self> + Clone) -> Option<Self> {
        two.into_iter().find(|wanted| each.clone().any(|met| met == *wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::Met::{self, CannotTell, Fails, Meets};

    #[test]
    fn one_failure_fails_an_arm_and_one_arm_is_enough_for_a_point() {
        let of = |each: &[Met]| (Met::all(each.iter().copied()), Met::any(each.iter().copied()));
        assert_eq!(of(&[Meets, Fails, CannotTell]), (Fails, Meets));
        assert_eq!(of(&[Meets, CannotTell]), (CannotTell, Meets));
        assert_eq!(of(&[Fails, CannotTell]), (Fails, CannotTell));
        assert_eq!(of(&[Meets, Meets]), (Meets, Meets));
        assert_eq!(of(&[Fails, Fails]), (Fails, Fails));
    }
}

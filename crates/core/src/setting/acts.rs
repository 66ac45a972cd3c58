//! Where a setting has an effect.

/// Where a setting has an effect. Two arms that differ in one without effect alone are the same thing measured twice.
#[derive(Debug, Clone, Copy)]
pub enum Acts {
    /// Everywhere.
    Always,
    /// Where one of these whole numbers, settings of the same part, is above 0.
    Above0(&'static [&'static str]),
    /// Where that setting of the same part has that word.
    With(&'static str, &'static str),
    /// Where that setting of the same part has another word.
    Unless(&'static str, &'static str),
}

impl Acts {
    /// Where it has no effect, as a clause; none if it has everywhere.
    #[must_use]
    pub fn idle_where(self) -> Option<String> {
        match self {
            Self::Always => None,
            Self::Above0([name]) => Some(format!("{name} is 0")),
            Self::Above0(names) => Some(format!("{} are 0", names.join(" and "))),
            Self::With(name, word) => Some(format!("{name} is not {word}")),
            Self::Unless(name, word) => Some(format!("{name} is {word}")),
        }
    }
}

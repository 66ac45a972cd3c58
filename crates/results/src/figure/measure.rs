//! What figures are measured in.

/// What a figure is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A time, in nanoseconds.
    Time,
    /// A share from 0 to 1.
    Share,
    /// A share from 0 to 1 that should be next to nothing, and is told in per cent.
    SmallShare,
    /// A ratio that may pass 1.
    Ratio,
    /// A number of operations or calls.
    Count,
    /// Operations per second.
    Rate,
}

impl Measure {
    /// What stands behind a name in CSV and JSON.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Time => "_ns",
            Self::Rate => "_ops_per_s",
            Self::Share | Self::SmallShare | Self::Ratio | Self::Count => "",
        }
    }

    /// The unit in words.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Share | Self::SmallShare => "share, 0 to 1",
            Self::Ratio => "ratio",
            Self::Count => "number",
            Self::Rate => "operations/s",
        }
    }

    /// What an assertion's bound of it is, in words.
    #[must_use]
    pub fn bound_in_words(self) -> &'static str {
        match self {
            Self::Time => "a time with its unit: ns, us, µs, ms or s",
            Self::Share => "a number from 0 to 1, or per cent: 0.8 or 80%",
            Self::SmallShare => "a number from 0 to 1, or per cent: 0.001 or 0.1%",
            Self::Ratio => "a number from 0, or per cent",
            Self::Count => "a number of operations, without a unit",
            Self::Rate => "a number of operations per second, without a unit",
        }
    }
}

//! What a trial needs to have a figure.

use cachemark_stats::samples_needed;

/// What a trial needs to have a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Needs {
    /// Nothing: every trial has it.
    Nothing,
    /// Operations that were asked in the window: those issued, and the arrivals of an open loop that were not sent. A share of
    /// those issued alone needs something else, which a trial with none has not.
    Operations,
    /// Reads that asked a cache.
    Lookups,
    /// Calls to a cache that could be seen.
    CacheCalls,
    /// Calls to the store that could be seen.
    StoreCalls,
    /// The same, and reads among them.
    StoreReads,
    /// Reads whose freshness could be judged: by the oracle, of answers that have a version.
    JudgedReads,
    /// The same, and, of a quantile, stale reads enough if any was stale.
    StaleReads {
        /// The quantile that the figure is; none of a greatest age.
        quantile: Option<f64>,
    },
    /// A look at what store and caches hold in the end.
    Audit {
        /// Whether it takes the oracle's word for what was acknowledged.
        of_writes: bool,
    },
    /// A fault on the timeline that was done, and whole intervals before it.
    Faults,
    /// Samples of a time.
    Samples {
        /// The quantile that the figure is, which takes 10/(1-q) samples; none of a mean or a greatest time, which takes one.
        quantile: Option<f64>,
        /// Whether only the arrivals of an open loop have such a time.
        open_loop: bool,
    },
}

const SEEN: &str = "calls to the store that are seen (not those of a service)";
const JUDGED: &str = "a read that the oracle could judge";

impl Needs {
    /// Whether only an open loop has the figure.
    #[must_use]
    pub fn open_loop(self) -> bool {
        matches!(self, Self::Samples { open_loop: true, .. })
    }

    /// Whether it takes calls to the store that are seen.
    #[must_use]
    pub fn store_calls(self) -> bool {
        matches!(self, Self::StoreCalls | Self::StoreReads)
    }

    /// Whether only the oracle tells the figure.
    #[must_use]
    pub fn oracle(self) -> bool {
        matches!(self, Self::JudgedReads | Self::StaleReads { .. } | Self::Audit { of_writes: true })
    }

    /// Whether only the audit tells the figure.
    #[must_use]
    pub fn audit(self) -> bool {
        matches!(self, Self::Audit { .. })
    }

    /// How many operations the figure takes; 0 where it is no time of operations.
    #[must_use]
    pub fn samples(self) -> u64 {
        match self {
            Self::Samples { quantile: Some(quantile), .. } => samples_needed(quantile).unwrap_or(0),
            Self::Samples { quantile: None, .. } => 1,
            _ => 0,
        }
    }

    /// The need in words; nothing where there is none.
    #[must_use]
    pub fn in_words(self) -> String {
        let samples = |open_loop: bool| {
            let samples = self.samples();
            let of = if open_loop { " in an open loop" } else { "" };
            format!("{samples} answered operation{}{of}", if samples == 1 { "" } else { "s" })
        };
        match self {
            Self::Nothing => String::new(),
            Self::Operations => "an operation asked".into(),
            Self::Lookups => "a read that asked a cache".into(),
            Self::CacheCalls => "calls to a cache that are seen (not those of a service)".into(),
            Self::StoreCalls => SEEN.into(),
            Self::StoreReads => format!("{SEEN}; a read among them"),
            Self::JudgedReads => JUDGED.into(),
            Self::Audit { of_writes: true } => {
                "the oracle, and an audit of every chosen key (there is none of a service)".into()
            }
            Self::Audit { of_writes: false } => "an audit that found an entry (there is none of a service)".into(),
            Self::Faults => "a fault on the timeline (`[[fault]]`)".into(),
            Self::StaleReads { quantile } => match quantile.and_then(samples_needed) {
                Some(samples) => format!("{JUDGED}; {samples} stale reads, if any was"),
                None => JUDGED.into(),
            },
            Self::Samples { open_loop, .. } => samples(open_loop),
        }
    }
}

//! How much more or less of a figure: intervals in words.

use crate::analysis::Compared;
use crate::units;

/// From here on a ratio is told as so many times, and not as a percentage more.
pub(super) const TIMES: f64 = 2.0;
/// A share above it shows what it lacks of the whole.
const NEARLY_ALL: f64 = 0.995;

/// From the least to the greatest end of some intervals.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'a> {
    /// One of the comparisons: its figure.
    of: &'a Compared,
    /// Whether these are ratios, and not differences.
    ratios: bool,
    low: f64,
    high: f64,
    /// The estimate, where there is one comparison.
    estimate: Option<f64>,
}

impl<'a> Span<'a> {
    /// None without comparisons, where one has no interval, and where some have ratios and others differences.
    pub(super) fn over(compared: &[&'a Compared]) -> Option<Self> {
        let of = *compared.first()?;
        let ratios = of.comparison.ratio.is_some();
        let interval = |found: &&Compared| {
            let found = &found.comparison;
            if ratios { found.interval } else { found.difference_interval }
        };
        let intervals: Vec<_> = compared.iter().map(interval).collect::<Option<_>>()?;
        let low = intervals.iter().map(|interval| interval.low).reduce(f64::min)?;
        let high = intervals.iter().map(|interval| interval.high).reduce(f64::max)?;
        let estimate = if ratios { of.comparison.ratio } else { of.comparison.difference };
        Some(Self { of, ratios, low, high, estimate: estimate.filter(|_| compared.len() == 1) })
    }

    /// Whether no difference lies within it.
    pub(super) fn holds_none(&self) -> bool {
        let none = if self.ratios { 1.0 } else { 0.0 };
        self.low <= none && none <= self.high
    }

    /// Whether all of it lies above no difference.
    pub(super) fn is_more(&self) -> bool {
        let none = if self.ratios { 1.0 } else { 0.0 };
        self.low >= none
    }

    /// `store load 36 % lower than with cache-aside (95 % interval 30 to 41 %)`.
    pub(super) fn of_figure(&self, title: &str, reference: &str) -> String {
        let size = self.size();
        let interval = match self.estimate {
            Some(_) => format!("95 % interval {}", self.range()),
            None => "95 % intervals".to_owned(),
        };
        let effect = match self.form() {
            Form::Difference => format!("{title} {size} against {reference}"),
            Form::Times => format!("{size} times the {title} of {reference}"),
            Form::Lower => format!("{title} {size} lower than with {reference}"),
            Form::Higher => format!("{title} {size} higher than with {reference}"),
            Form::Either => format!("{title} {} than with {reference}", self.range()),
        };
        format!("{effect} ({interval})")
    }

    /// `store load 30 to 41 % lower`.
    pub(super) fn briefly(&self, title: &str) -> String {
        match self.form() {
            Form::Times => format!("{title} {} times as high", self.range()),
            Form::Lower => format!("{title} {} lower", self.range()),
            Form::Higher => format!("{title} {} higher", self.range()),
            Form::Difference | Form::Either => format!("{title} {}", self.range()),
        }
    }

    fn form(&self) -> Form {
        if !self.ratios {
            Form::Difference
        } else if self.high <= 1.0 {
            Form::Lower
        } else if self.low < 1.0 {
            Form::Either
        } else if self.high >= TIMES {
            Form::Times
        } else {
            Form::Higher
        }
    }

    /// The estimate if there is one, else the whole range.
    fn size(&self) -> String {
        let Some(estimate) = self.estimate else { return self.range() };
        match self.form() {
            Form::Difference => self.of.difference(estimate),
            Form::Times => times(estimate),
            Form::Lower => share(1.0 - estimate),
            Form::Higher | Form::Either => share(estimate - 1.0),
        }
    }

    fn range(&self) -> String {
        let Self { low, high, .. } = *self;
        match self.form() {
            Form::Difference => joined(&self.of.difference(low), &self.of.difference(high)),
            Form::Times => joined(&times(low), &times(high)),
            Form::Lower => joined(&share(1.0 - high), &share(1.0 - low)),
            Form::Higher => joined(&share(low - 1.0), &share(high - 1.0)),
            Form::Either if high >= TIMES => format!("{} lower to {} times as high", share(1.0 - low), times(high)),
            Form::Either => format!("{} lower to {} higher", share(1.0 - low), share(high - 1.0)),
        }
    }
}

/// How a span is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Difference,
    Times,
    Lower,
    Higher,
    /// No difference lies within it.
    Either,
}

/// `30 to 41 %`; one of them where they read the same.
fn joined(low: &str, high: &str) -> String {
    if low == high {
        return low.to_owned();
    }
    let unit = high.split_once(' ').map(|(_, unit)| unit);
    let low = unit.and_then(|unit| low.strip_suffix(unit)).map_or(low, str::trim_end);
    format!("{low} to {high}")
}

pub(super) fn times(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2}") } else { units::ratio(ratio) }
}

pub(super) fn share(share: f64) -> String {
    match share {
        share if share >= NEARLY_ALL => units::nines(share),
        share if share >= 0.1 => format!("{:.0} %", share * 100.0),
        share => units::small_percent(share),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_results::Figure;
    use cachemark_results::figure::{STALE_READS, STORE_LOAD, THROUGHPUT};
    use cachemark_stats::{compare, compare_differences};

    fn ratios(figure: &'static Figure, of: f64) -> Compared {
        let here: Vec<Option<f64>> = (0..8).map(|block| Some(of * (1.0 + 0.01 * f64::from(block)))).collect();
        let comparison = compare("a", &[Some(1.0); 8], &here, figure.better).unwrap();
        Compared { figure, comparison, no_ratio: None, known: Default::default() }
    }

    /// Of eight blocks the interval goes from the fourth least of the 36 means of two to the fourth greatest: from the second block to the
    /// seventh.
    fn told(compared: &[&Compared]) -> [String; 2] {
        let span = Span::over(compared).unwrap();
        let title = compared[0].figure.title;
        [span.of_figure(title, "no-cache"), span.briefly(title)]
    }

    #[test]
    fn one_comparison_has_its_estimate_before_its_interval() {
        assert_eq!(
            told(&[&ratios(STORE_LOAD, 0.62)]),
            ["store load 36 % lower than with no-cache (95 % interval 34 to 37 %)", "store load 34 to 37 % lower"]
        );
        assert_eq!(
            told(&[&ratios(THROUGHPUT, 4.0)]),
            [
                "4.14 times the throughput of no-cache (95 % interval 4.04 to 4.24)",
                "throughput 4.04 to 4.24 times as high"
            ]
        );
        assert_eq!(told(&[&ratios(THROUGHPUT, 1.2)])[1], "throughput 21 to 27 % higher");
        assert_eq!(told(&[&ratios(STORE_LOAD, 0.001)])[1], "store load 99.89 to 99.90 % lower");
    }

    #[test]
    fn several_have_the_ends_of_their_intervals() {
        let both = [ratios(THROUGHPUT, 1.1), ratios(THROUGHPUT, 4.0)];
        assert_eq!(told(&[&both[0], &both[1]])[0], "1.11 to 4.24 times the throughput of no-cache (95 % intervals)");
        let ways = [ratios(STORE_LOAD, 0.5), ratios(STORE_LOAD, 1.2)];
        assert_eq!(
            told(&[&ways[0], &ways[1]])[0],
            "store load 50 % lower to 27 % higher than with no-cache (95 % intervals)"
        );
        assert!(Span::over(&[&ways[0], &ways[1]]).unwrap().holds_none());
        assert!(!Span::over(&[&ways[0]]).unwrap().holds_none());
    }

    #[test]
    fn a_difference_has_its_sign() {
        let here: Vec<Option<f64>> = (0..8).map(|block| Some(0.01 + 0.001 * f64::from(block))).collect();
        let comparison = compare_differences("a", &[Some(0.0); 8], &here, STALE_READS.better).unwrap();
        let compared = Compared { figure: STALE_READS, comparison, no_ratio: None, known: Default::default() };
        let span = Span::over(&[&compared]).unwrap();
        assert_eq!(span.briefly("stale reads"), "stale reads +1.10 to +1.60 %");
        assert!(!span.holds_none() && Span::over(&[]).is_none());
        assert!(Span::over(&[&compared, &ratios(STALE_READS, 2.0)]).is_none());
    }
}

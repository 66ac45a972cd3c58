//! From text to an assertion.

use super::{Assertion, AssertionError, Bound, Relation, Selector, Unit};
use crate::figure::{Figure, Measure, UnknownFigure};
use cachemark_stats::Direction;
use std::str::FromStr;

const FORM: &str =
    "write it as in `cache-aside.hit_ratio > 0.8`: cells, a point, a figure, a sign (<, <=, >, >=), a bound";

/// The longest text: far more than any real one.
const LONGEST: usize = 300;

impl FromStr for Assertion {
    type Err = AssertionError;

    /// A count takes no per cent: its share does, and the error says how that is written.
    fn from_str(text: &str) -> Result<Self, AssertionError> {
        Self::parse(text, |given, count, share| {
            let (figure, share) = (count.name, share.name);
            let takes =
                format!("{}; of the share write {share}, as in `{share} <= {given}`", count.unit.bound_in_words());
            Err(AssertionError::Bound { given: given.to_owned(), figure, takes })
        })
    }
}

impl Assertion {
    /// The assertion of a record, which may be of a time when a count that was bounded in per cent was read as its share.
    ///
    /// # Errors
    /// If the text is no assertion otherwise.
    pub fn recorded(text: &str) -> Result<Self, AssertionError> {
        Self::parse(text, |_, _, share| Ok(share))
    }

    /// `in_percent` says of which figure a bound in per cent is that was given of a count: the bound, the count, its share.
    fn parse(
        text: &str,
        in_percent: fn(&str, &'static Figure, &'static Figure) -> Result<&'static Figure, AssertionError>,
    ) -> Result<Self, AssertionError> {
        let malformed = |what: &str| AssertionError::Malformed { text: text.trim().to_owned(), what: what.to_owned() };
        if text.len() > LONGEST {
            let what = format!("it has {} bytes, more than {LONGEST}", text.len());
            return Err(AssertionError::Malformed { text: text.chars().take(40).collect(), what });
        }
        let form = || malformed(&equality(text).unwrap_or_else(|| FORM.to_owned()));
        let sign = text.find(['<', '>']).ok_or_else(form)?;
        let (left, right) = text.split_at(sign);
        let (relation, bound) = relation(right).ok_or_else(|| malformed(FORM))?;
        let left = left.trim();
        if left.is_empty() || left.ends_with('.') {
            return Err(malformed(FORM));
        }
        let (cells, figure) = figure(left)?;
        let selector = Selector::parse(cells).map_err(|what| malformed(&what))?;
        let bound = bound.trim();
        let figure = match figure.share().filter(|_| bound.ends_with('%')) {
            Some(share) => in_percent(bound, figure, share)?,
            None => figure,
        };
        let bound = self::bound(bound, figure)?;
        Ok(Self { selector, figure, relation, bound })
    }
}

/// What to say of a text that has `=` or `==` for a sign: a figure is held to a bound on the side on which it is worse, or on both
/// where neither is.
fn equality(text: &str) -> Option<String> {
    // Conditions in brackets have a sign of their own.
    let behind = text.rfind(']').map_or(0, |end| end + 1);
    let (left, right) = text.split_at(behind + text[behind..].find('=')?);
    let (_, figure) = figure(left.trim()).ok()?;
    let bound = right.trim_start_matches('=');
    let sign = &right[..right.len() - bound.len()];
    let with = |relation: Relation| format!("`{} {} {}`", left.trim(), relation.sign(), bound.trim());
    let better = match figure.better {
        Direction::LowerIsBetter => with(Relation::AtMost),
        Direction::HigherIsBetter => with(Relation::AtLeast),
        Direction::Neither => format!("{} and {}", with(Relation::AtLeast), with(Relation::AtMost)),
    };
    Some(format!("a figure is held to a bound, and `{sign}` is no sign of one: write {better}"))
}

/// The sign at the head of the text, and what follows it. The longer signs come first: `<` is the head of `<=`.
fn relation(text: &str) -> Option<(Relation, &str)> {
    let longest_first = [Relation::AtMost, Relation::AtLeast, Relation::Below, Relation::Above];
    longest_first.into_iter().find_map(|relation| Some((relation, text.strip_prefix(relation.sign())?)))
}

/// The figure at the end of the text, and the cells before it; no cells are every cell. A strategy's name may have points
/// in it, so the figure is looked for from the end.
fn figure(text: &str) -> Result<(&str, &'static Figure), AssertionError> {
    if let Some((begin, figure)) = Figure::at_end_of(text) {
        let before = &text[..begin];
        if before.is_empty() {
            return Ok(("*", figure));
        }
        if let Some(cells) = before.trim_end().strip_suffix('.') {
            return Ok((cells, figure));
        }
    }
    // The read ratio in brackets has a point of its own.
    let behind = text.rfind(']').map_or(0, |end| end + 1);
    let given = text[behind..].split_once('.').map_or(&text[behind..], |(_, given)| given);
    Err(AssertionError::Unknown { unknown: UnknownFigure { given: given.trim().to_owned() } })
}

/// The bound, if it is one of the figure.
fn bound(text: &str, figure: &'static Figure) -> Result<Bound, AssertionError> {
    let measure = figure.unit;
    let refused = || AssertionError::Bound {
        given: text.to_owned(),
        figure: figure.name,
        takes: measure.bound_in_words().to_owned(),
    };
    let end = text.find(|c: char| !c.is_ascii_digit() && !"._".contains(c)).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let number: f64 = digits.replace('_', "").parse().map_err(|_| refused())?;
    let unit = match unit.trim() {
        "" => None,
        unit => Some(Unit::named(unit).filter(|unit| Unit::of(measure).contains(unit)).ok_or_else(refused)?),
    };
    let bound = Bound { number, unit };
    let fits = match measure {
        Measure::Time => unit.is_some(),
        Measure::Share | Measure::SmallShare => bound.value() <= 1.0,
        Measure::Ratio | Measure::Count | Measure::Rate => true,
    };
    if fits && number.is_finite() { Ok(bound) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::FIGURES;

    fn parsed(text: &str) -> String {
        text.parse::<Assertion>().map_or_else(|error| error.to_string(), |assertion| assertion.to_string())
    }

    #[test]
    fn every_form_is_read() {
        for (text, printed) in [
            ("cache-aside.hit_ratio > 0.8", "cache-aside.hit_ratio > 0.8"),
            (" cache-aside . hit-ratio>=80 % ", "cache-aside.hit_ratio >= 80%"),
            ("cache-aside@redis.service.p99 < 2ms", "cache-aside@redis.service.p99 < 2ms"),
            ("a.b@c.d[read_ratio=0.9].response.p99.9<=1500 µs", "a.b@c.d[read_ratio=0.9].response.p99.9 <= 1500us"),
            ("write-through [read-ratio = 1].throughput > 10_000", "write-through[read_ratio=1].throughput > 10000"),
            ("*.errors <= 2", "*.errors <= 2"),
            ("error-ratio <= 0.001", "*.error_ratio <= 0.001"),
            ("response.p99 < 2ms", "*.response.p99 < 2ms"),
            ("*@redis.read_p50 < 50us", "*@redis.read.p50 < 50us"),
            ("service-p99.9 < 50us", "*.service.p99.9 < 50us"),
            ("store_load < 1.5", "*.store_load < 1.5"),
        ] {
            assert_eq!(parsed(text), printed, "{text}");
            assert_eq!(parsed(printed), printed);
        }
    }

    #[test]
    fn what_is_refused_is_explained() {
        for (text, part) in [
            ("", "write it as in"),
            ("cache-aside.hit_ratio", "write it as in"),
            ("> 0.8", "write it as in"),
            ("cache-aside.hit_ratio = 0.8", "`=` is no sign of one: write `cache-aside.hit_ratio >= 0.8`"),
            ("*.lost_writes == 0", "`==` is no sign of one: write `*.lost_writes <= 0`"),
            ("a[read_ratio=0.9].store_load==1", "write `a[read_ratio=0.9].store_load"),
            ("errors != 0", "write it as in"),
            ("a[read_ratio=0.9]", "write it as in"),
            ("hit_rate == 1", "write it as in"),
            ("cache-aside.hit_rate > 0.8", "unknown figure `hit_rate`"),
            ("cache-aside[read_ratio=0.9].p99 < 2ms", "unknown figure `p99`"),
            ("cache-aside.hit_ratio > 80", "a number from 0 to 1"),
            ("cache-aside.hit_ratio > 0.8 ms", "a number from 0 to 1"),
            ("cache-aside.service.p99 < 2", "with its unit"),
            ("cache-aside.service.p99 < 2 min", "with its unit"),
            ("cache-aside.throughput > 10k", "without a unit"),
            ("errors <= 5ms", "without a unit"),
            ("error-ratio <= 101%", "of error_ratio, which takes a number from 0 to 1"),
            ("errors <= 0.1%", "`0.1%` is no bound of errors, which takes a number of operations"),
            ("errors <= 0.1%", "of the share write error_ratio, as in `error_ratio <= 0.1%`"),
            ("a@redis.failed-sets < 2 %", "write failed_set_ratio, as in `failed_set_ratio <= 2 %`"),
            ("bypassed_reads <= 1%", "write bypass_ratio, as in"),
            ("cache-aside.throughput > -1", "`-1` is no bound"),
            ("cache-aside.throughput > inf", "`inf` is no bound"),
            ("cache-aside.throughput >> 5", "`> 5` is no bound"),
            ("cache aside.throughput > 5", "not an arm's name"),
            ("cache-aside@.throughput > 5", "not a cache's name"),
            ("[read_ratio=0.5].throughput > 5", "not an arm's name"),
            ("a[read_ratio=1.5].throughput > 5", "from 0 to 1"),
            ("a[CLIENTS=5].throughput > 5", "[read_ratio=0.9]"),
            ("a[read_cost=1ms,rate=5.5].response.p98 < 1ms", "unknown figure `response.p98`"),
            ("a[read_ratio=0.5.throughput > 5", "closed"),
        ] {
            assert!(parsed(text).contains(part), "{text}: {}", parsed(text));
        }
        assert!(parsed(&"x".repeat(5000)).contains("more than 300"));
    }

    /// Every count that has a share, for there may be more of them than anybody has thought of.
    #[test]
    fn a_count_in_per_cent_is_refused_and_its_record_is_read() {
        let counts: Vec<_> = FIGURES.iter().filter(|figure| figure.share().is_some()).collect();
        assert!(counts.len() > 3);
        for count in counts {
            let (text, share) = (format!("*.{} <= 0.1%", count.name), count.share().unwrap());
            assert!(parsed(&text).contains(&format!("as in `{} <= 0.1%`", share.name)), "{text}");
            let read = Assertion::recorded(&text).unwrap();
            assert_eq!(read.to_string(), format!("*.{} <= 0.1%", share.name));
        }
        assert!(Assertion::recorded("errors <= 5ms").is_err());
    }

    #[test]
    fn bounds_are_in_the_units_of_the_record() {
        let value = |text: &str| text.parse::<Assertion>().unwrap().bound.value();
        assert_eq!(value("service.p99 < 2ms"), 2e6);
        assert_eq!(value("service.p99 < 1.5 s"), 1.5e9);
        assert_eq!(value("service.p99 < 3\u{3bc}s"), 3e3);
        assert_eq!(value("hit_ratio > 80%"), 0.8);
        // By division and multiplication these are 0.9990000000000001 and 2009999.9999999998.
        assert_eq!(value("fresh_within.1s >= 99.9%"), 0.999);
        assert_eq!(value("service.p99 < 2.01ms"), 2.01e6);
        assert_eq!(value("throughput > 5"), 5.0);
    }
}

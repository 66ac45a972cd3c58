//! Figures as people read them. Every page, table and chart takes its words for figures from here.

use cachemark_results::Figure;
use cachemark_results::figure::Measure;

/// What stands where there is no figure.
pub const NOT_AVAILABLE: &str = "n/a";

/// A setting or parameter as text: strings without quotes.
pub(crate) fn value_text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A text with its first letter as a sentence begins.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// Things within a sentence: `throughput, hit ratio and p99`.
pub(crate) fn listed(things: &[impl AsRef<str>]) -> String {
    let things: Vec<&str> = things.iter().map(AsRef::as_ref).collect();
    match things.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => things.concat(),
    }
}

/// A time in nanoseconds with three significant digits, in the unit that suits it: `842 ns`, `12.3 µs`, `1.20 ms`.
#[must_use]
pub fn time(ns: f64) -> String {
    const UNITS: [(&str, f64); 4] = [("ns", 1.0), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)];
    // 999.6 ns is a thousand at three digits, and then belongs to the next unit.
    let fits = |&&(_, size): &&(&str, f64)| ns / size < 999.5;
    let (name, size) = UNITS.iter().find(fits).unwrap_or(&UNITS[3]);
    let digits = if *size == 1.0 && ns.fract() == 0.0 { format!("{ns:.0}") } else { three_digits(ns / size) };
    format!("{digits} {name}")
}

/// A time for an axis, without needless zeros: `20 µs`, `1.5 ms`.
#[must_use]
pub fn time_tick(ns: f64) -> String {
    let text = time(ns);
    match text.split_once(' ') {
        Some((digits, unit)) if digits.contains('.') => {
            format!("{} {unit}", digits.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => text,
    }
}

/// A number of operations (or anything counted) with thousands separators: `12,345`; three digits below a hundred.
#[must_use]
pub fn count(value: f64) -> String {
    if value.abs() < 99.95 && value.fract() != 0.0 { three_digits(value) } else { with_separators(value) }
}

/// Operations per second, with the unit.
#[must_use]
pub fn rate(per_second: f64) -> String {
    format!("{} ops/s", count(per_second))
}

/// A count in few characters, for axes and the tops of bars: `950`, `12.3k`, `1.2M`.
#[must_use]
pub fn short(value: f64) -> String {
    const UNITS: [(&str, f64); 4] = [("", 1.0), ("k", 1e3), ("M", 1e6), ("G", 1e9)];
    let (name, size) = UNITS.iter().find(|(_, size)| value.abs() / size < 999.5).unwrap_or(&UNITS[3]);
    let digits = three_digits(value / size);
    let trimmed = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { &digits };
    format!("{trimmed}{name}")
}

/// A share from 0 to 1, such as the hit ratio: `0.902`.
#[must_use]
pub fn share(value: f64) -> String {
    format!("{value:.3}")
}

/// A ratio to something else: three decimals where it is close to 1, three significant digits elsewhere.
#[must_use]
pub fn ratio(value: f64) -> String {
    if (0.1..9.9995).contains(&value) { format!("{value:.3}") } else { three_digits(value) }
}

/// A share as a percentage without needless zeros: `5 %`, `1.3 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    let digits = format!("{:.1}", share * 100.0);
    format!("{} %", digits.strip_suffix(".0").unwrap_or(&digits))
}

/// A share as a percentage without a fraction: `93 %`.
#[must_use]
pub fn whole_percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A share as a percentage that doesn't call a few none: `0.3 %`, `<0.1 %`.
#[must_use]
pub fn small_percent(share: f64) -> String {
    if share > 0.0 && share < 0.000_5 { "<0.1 %".to_owned() } else { percent(share) }
}

/// A quantile as people say it: `50 %`, `99.9 %`.
#[must_use]
pub fn quantile(q: f64) -> String {
    let digits = format!("{:.6}", q * 100.0);
    format!("{} %", digits.trim_end_matches('0').trim_end_matches('.'))
}

/// Bytes in binary units: `7.8 GiB`.
#[must_use]
pub fn bytes(value: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut left = value as f64;
    let mut unit = 0;
    while left >= 1024.0 && unit + 1 < UNITS.len() {
        left /= 1024.0;
        unit += 1;
    }
    if unit == 0 { format!("{value} B") } else { format!("{left:.1} {}", UNITS[unit]) }
}

/// A value of a figure, for tables: what it is measured in decides.
#[must_use]
pub fn figure(figure: &Figure, value: f64) -> String {
    match figure.unit {
        Measure::Rate | Measure::Count => count(value),
        Measure::Share | Measure::Ratio => share(value),
        Measure::SmallShare => tiny_share(value),
        Measure::Time => time(value),
    }
}

/// A difference between two values of a figure, with its sign.
#[must_use]
pub fn difference(of: &Figure, value: f64) -> String {
    let size = figure(of, value.abs());
    match value {
        value if value > 0.0 => format!("+{size}"),
        value if value < 0.0 => format!("-{size}"),
        _ => size,
    }
}

/// A value of a figure in few characters, for charts.
#[must_use]
pub fn figure_short(figure: &Figure, value: f64) -> String {
    match figure.unit {
        Measure::Rate | Measure::Count => short(value),
        Measure::Share | Measure::Ratio => format!("{value:.2}"),
        Measure::SmallShare => tiny_share(value),
        Measure::Time => time(value),
    }
}

/// A share that may be far below what [`percent`] shows: `0.0123 %`.
#[must_use]
pub fn tiny_share(share: f64) -> String {
    format!("{} %", count(share * 100.0))
}

/// A share for an axis, in per cent without needless zeros: `30 %`, `0.01 %`.
#[must_use]
pub fn share_tick(share: f64) -> String {
    let digits = format!("{:.6}", share * 100.0);
    format!("{} %", digits.trim_end_matches('0').trim_end_matches('.'))
}

/// The same of a share that may be missing: `−12 %`, with a minus sign.
#[must_use]
pub fn signed_percent(share: f64) -> String {
    format!("{}{}", if share < 0.0 { "−" } else { "" }, share_tick(share.abs()))
}

/// A share close to 1 with as many nines as it has, and two digits behind them: `99.985 %`.
#[must_use]
pub fn nines(share: f64) -> String {
    if share >= 1.0 {
        return "100 %".to_owned();
    }
    let missing = (1.0 - share) * 100.0;
    let digits = (1.0 - missing.log10().floor()).clamp(1.0, 9.0) as usize;
    format!("{:.digits$} %", share * 100.0)
}

/// A figure, or [`NOT_AVAILABLE`].
#[must_use]
pub fn or_none(value: Option<f64>, format: fn(f64) -> String) -> String {
    value.map_or_else(|| NOT_AVAILABLE.to_owned(), format)
}

fn three_digits(value: f64) -> String {
    let size = value.abs();
    match size {
        _ if size == 0.0 => "0".to_owned(),
        _ if size < 0.000_999_5 => format!("{value:.2e}"),
        _ if size < 0.009_995 => format!("{value:.5}"),
        _ if size < 0.099_95 => format!("{value:.4}"),
        _ if size < 0.999_5 => format!("{value:.3}"),
        _ if size < 9.995 => format!("{value:.2}"),
        _ if size < 99.95 => format!("{value:.1}"),
        _ => with_separators(value),
    }
}

fn with_separators(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 && digits != "0" { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits_and_the_unit_that_suits() {
        let given = [0.0, 7.0, 842.0, 999.4, 999.6, 12_345.0, 999_600.0, 1_204_000.0, 2.5e9, 7.2e12];
        let expected =
            ["0 ns", "7 ns", "842 ns", "999 ns", "1.00 µs", "12.3 µs", "1.00 ms", "1.20 ms", "2.50 s", "7,200 s"];
        assert_eq!(given.map(time), expected);
        assert_eq!([20_000.0, 1.5e6, 200.0].map(time_tick), ["20 µs", "1.5 ms", "200 ns"]);
    }

    #[test]
    fn what_is_listed_ends_with_an_and() {
        let things = ["throughput", "hit ratio", "p99"];
        let listed_of = |count: usize| listed(&things[..count]);
        assert_eq!(
            [0, 1, 2, 3].map(listed_of),
            ["", "throughput", "throughput and hit ratio", "throughput, hit ratio and p99"]
        );
    }

    #[test]
    fn counts_have_separators() {
        assert_eq!(
            [0.0, 7.0, 12.345, 999.0, 1000.0, 1_234_567.8, -1234.0].map(count),
            ["0", "7", "12.3", "999", "1,000", "1,234,568", "-1,234"]
        );
        assert_eq!(
            [0.0, 0.25, 950.0, 12_345.0, 20_000.0, 1.2e6, 3e12].map(short),
            ["0", "0.25", "950", "12.3k", "20k", "1.2M", "3,000G"]
        );
    }

    #[test]
    fn ratios_show_what_matters_near_one() {
        assert_eq!(
            [1.0034, 0.985, 3.2071, 12.34, 345.6, 0.0123].map(ratio),
            ["1.003", "0.985", "3.207", "12.3", "346", "0.0123"]
        );
        assert_eq!([0.05, 0.013, 1.0].map(percent), ["5 %", "1.3 %", "100 %"]);
        assert_eq!([0.0, 0.000_2, 0.002].map(small_percent), ["0 %", "<0.1 %", "0.2 %"]);
        assert_eq!(
            [0.0, 0.5, 0.98, 0.9995, 0.99985, 0.999_999_7, 1.0].map(nines),
            ["0.0 %", "50.0 %", "98.0 %", "99.950 %", "99.985 %", "99.999970 %", "100 %"]
        );
        assert_eq!([0.0, 0.1 + 0.2, 0.0001].map(share_tick), ["0 %", "30 %", "0.01 %"]);
        assert_eq!([0.0, 0.5, 0.99, 0.9999].map(quantile), ["0 %", "50 %", "99 %", "99.99 %"]);
        assert_eq!([12, 2048, 8_388_608_000].map(bytes), ["12 B", "2.0 KiB", "7.8 GiB"]);
    }
}

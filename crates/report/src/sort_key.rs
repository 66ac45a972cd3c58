//! What a printed figure is sorted by: its value, whatever unit it is printed in.
//!
//! It reads what [`crate::units`] writes, so that tables stay plain text and no figure is carried twice. Two values that are printed alike
//! are equal here.

/// What stands before a figure without changing which value it is of.
const BEFORE: [&str; 6] = ["at least ", "at most ", "±", "≥", "> ", "< "];

/// What units are worth in the first of their kind. The longest first: `ms` ends as `s` does.
const UNITS: [(&str, f64); 14] = [
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
    ("TiB", 1_099_511_627_776.0),
    ("ns", 1.0),
    ("µs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("%", 0.01),
    ("B", 1.0),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("", 1.0),
];

/// The value that a text begins with, in nanoseconds, bytes, shares or plain numbers; none if it begins with no figure.
pub(crate) fn sort_key(text: &str) -> Option<f64> {
    let text = text.trim_start();
    let text = BEFORE.iter().find_map(|before| text.strip_prefix(before)).unwrap_or(text).trim_start();
    // `<0.1 %` is more than nothing and less than `0.1 %`.
    let (text, below) = text.strip_prefix('<').map_or((text, 1.0), |rest| (rest, 0.5));
    let (text, sign) = signed(text);
    let (digits, rest) = text.split_at(length_of_number(text));
    let number: f64 = digits.replace(',', "").parse().ok()?;
    Some(sign * below * number * unit(rest))
}

/// A sign, which may be the typographer's.
fn signed(text: &str) -> (&str, f64) {
    match text.strip_prefix(['-', '−']) {
        Some(rest) => (rest, -1.0),
        None => (text.strip_prefix('+').unwrap_or(text), 1.0),
    }
}

/// How many bytes of the text are a number: digits with separators, perhaps with an exponent.
fn length_of_number(text: &str) -> usize {
    let plain = |text: &str| text.bytes().take_while(|byte| byte.is_ascii_digit() || b".,".contains(byte)).count();
    let mut length = plain(text);
    // A comma behind the number is of the sentence.
    while length > 0 && text[..length].ends_with([',', '.']) {
        length -= 1;
    }
    let exponent = text[length..].strip_prefix('e').map(|rest| {
        let sign = usize::from(rest.starts_with(['-', '+']));
        (sign, rest[sign..].bytes().take_while(u8::is_ascii_digit).count())
    });
    match exponent {
        Some((sign, digits)) if length > 0 && digits > 0 => length + 1 + sign + digits,
        _ => length,
    }
}

/// What the unit behind a number is worth; 1 where there is none, or a word.
fn unit(rest: &str) -> f64 {
    let word = rest.strip_prefix(' ').unwrap_or(rest);
    let word = word.split([' ', ',', ';', ')']).next().unwrap_or_default();
    UNITS.iter().find(|(name, _)| *name == word).map_or(1.0, |(_, size)| *size)
}

#[cfg(test)]
mod tests {
    use super::sort_key;
    use crate::units;
    use proptest::prelude::*;

    #[test]
    fn figures_are_read_in_the_first_of_their_units() {
        let given =
            ["842 ns", "12.3 µs", "1.20 ms", "7,200 s", "1,234,568 (9 to 12)", "5 %", "-0.405", "−3.00 µs", "+12.0 %"];
        let expected = [842.0, 12_300.0, 1.2e6, 7.2e12, 1_234_568.0, 0.05, -0.405, -3_000.0, 0.12];
        for (text, value) in given.into_iter().zip(expected) {
            let key = sort_key(text).unwrap();
            assert!((key - value).abs() <= 1e-12 * value.abs(), "{text}: {key}");
        }
        assert_eq!(
            ["3 of 8", "at least 1,200, not finished", "2.0 KiB"].map(sort_key),
            [Some(3.0), Some(1200.0), Some(2048.0)]
        );
        assert_eq!(
            ["0.95 to 1.05", "1.23e-5", "-2.80 µs to 357 µs"].map(sort_key),
            [Some(0.95), Some(1.23e-5), Some(-2800.0)]
        );
        assert!(sort_key("<0.1 %") > sort_key("0 %") && sort_key("<0.1 %") < sort_key("0.1 %"));
    }

    #[test]
    fn what_is_longer_than_was_seen_has_the_value_of_its_bound() {
        assert_eq!(["> 8.00 s", "< -3.05 s", "> +1.20 ms"].map(sort_key), [Some(8e9), Some(-3.05e9), Some(1.2e6)]);
    }

    #[test]
    fn what_is_no_figure_has_no_value() {
        let none =
            ["", "n/a", "none found", "not measured", "e5", "-", ".", "=1+1", "<script>", "moka + sqlite", "ns 5"];
        assert_eq!(none.map(sort_key), [None; 11]);
    }

    proptest! {
        /// In every form that a figure is printed in, order by key is order by value, but for what is printed alike.
        #[test]
        fn the_order_of_values_is_kept(a in 1e-6..1e12_f64, factor in 1.0..1e6_f64) {
            let b = a * factor;
            let forms: [fn(f64) -> String; 6] =
                [units::time, units::count, units::rate, units::short, units::ratio, units::tiny_share];
            for form in forms {
                let [less, more] = [a, b].map(|value| sort_key(&form(value)).unwrap());
                prop_assert!(less <= more, "{} and {}", form(a), form(b));
            }
            prop_assert!(sort_key(&units::bytes(a as u64)).unwrap() <= sort_key(&units::bytes(b as u64)).unwrap());
        }

        /// The key is the value, as far as three digits tell it.
        #[test]
        fn the_key_is_the_value_as_printed(value in 1e-3..1e11_f64) {
            for form in [units::time, units::tiny_share] as [fn(f64) -> String; 2] {
                let key = sort_key(&form(value)).unwrap();
                prop_assert!((key - value).abs() <= 0.006 * value, "{}: {key}", form(value));
            }
        }

        #[test]
        fn no_text_is_too_strange(text in ".{0,60}") {
            sort_key(&text);
        }
    }
}

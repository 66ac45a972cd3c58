//! What is added to each read at the store.

use super::Axis;
use crate::assertion::Unit;

/// In microseconds; 0 adds nothing.
pub const READ_COST: Axis = Axis {
    name: "read_cost",
    column: "read_cost_us",
    of: |cell| Some(cell.read_cost_us as f64),
    takes: "`none`, or a time of whole microseconds, as 1ms",
    parse: micros,
    print: |us| if us == 0.0 { "none".to_owned() } else { format!("{us}us") },
    in_id: |us| (us > 0.0).then(|| format!("+{us}us")),
    in_words: |us| (us > 0.0).then(|| format!("reads +{us} µs at the store")),
};

/// The most microseconds that are a whole number as a `f64`, too.
const MOST: u64 = 1 << 53;

/// A time with its unit in whole microseconds.
fn micros(text: &str) -> Option<f64> {
    if text == "none" {
        return Some(0.0);
    }
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let of_unit = match Unit::named(unit.trim())? {
        Unit::Microseconds => 1,
        Unit::Milliseconds => 1_000,
        Unit::Seconds => 1_000_000,
        Unit::Nanoseconds | Unit::Percent => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(of_unit).filter(|us| *us <= MOST).map(|us| us as f64)
}

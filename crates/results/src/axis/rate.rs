//! The offered load of an open loop.

use super::{Axis, number};

/// In arrivals per second; a closed loop has no place on it.
pub const RATE: Axis = Axis {
    name: "rate",
    column: "offered_per_s",
    of: |cell| cell.offered_per_s,
    takes: "arrivals per second, above 0",
    parse: |text| number(text).filter(|rate| *rate > 0.0),
    print: |rate| rate.to_string(),
    in_id: |rate| Some(format!("@{rate}/s")),
    in_words: |rate| Some(format!("{rate}/s offered")),
};

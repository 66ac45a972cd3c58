//! The share of reads among operations.

use super::{Axis, number};

/// From 0 to 1.
pub const READ_RATIO: Axis = Axis {
    name: "read_ratio",
    column: "read_ratio",
    of: |cell| Some(cell.read_ratio),
    takes: "a share of reads from 0 to 1",
    parse: |text| number(text).filter(|ratio| *ratio <= 1.0),
    print: |ratio| ratio.to_string(),
    in_id: |ratio| Some(format!("r{ratio}")),
    in_words: |ratio| Some(format!("read ratio {ratio}")),
};

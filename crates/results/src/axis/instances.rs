//! How many copies of a strategy's in-process state serve the load.

use super::Axis;

/// From 1.
pub const INSTANCES: Axis = Axis {
    name: "instances",
    column: "instances",
    of: |cell| Some(f64::from(cell.instances)),
    takes: "a whole number from 1",
    parse: |text| text.parse().ok().filter(|instances: &u32| *instances > 0).map(f64::from),
    print: |instances| instances.to_string(),
    in_id: |instances| (instances > 1.0).then(|| format!("x{instances}")),
    in_words: |instances| (instances > 1.0).then(|| format!("{instances} instances")),
};

//! Writes faults out in full.

use crate::definition::values::{plain, put};
use crate::timeline::fault::PlannedFault;
use toml::{Table, Value};

/// A table for each, in order.
pub(in crate::definition) fn tables(faults: &[PlannedFault]) -> Vec<Value> {
    faults.iter().map(|fault| Value::Table(table(fault))).collect()
}

fn table(fault: &PlannedFault) -> Table {
    let mut table = Table::new();
    put(&mut table, "at-s", fault.at.as_secs_f64());
    if fault.kind.lasts {
        put(&mut table, "for-s", fault.lasting.as_secs_f64());
    }
    put(&mut table, "target", fault.target.name());
    put(&mut table, "kind", fault.kind.name);
    for (name, value) in fault.settings.iter() {
        put(&mut table, name, plain(value));
    }
    table
}

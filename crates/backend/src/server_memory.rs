//! The model of a cache whose room is its server's memory.

use cachemark_core::{Model, Room};

/// The setting of servers that says how much, in mebibytes: who starts them has it in its list.
const SETTING: &str = "cache-memory-mib";

pub(crate) fn model() -> Model {
    Model { room: Room::ServerMemory { mib_setting: SETTING }, ..Model::none() }
}

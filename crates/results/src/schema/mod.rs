//! The shapes of the files.

pub(crate) mod capacity;
pub(crate) mod cell;
pub(crate) mod hops;
pub(crate) mod host;
pub(crate) mod manifest;
pub(crate) mod open_loop;
pub(crate) mod series;
pub(crate) mod times;
pub(crate) mod trial;

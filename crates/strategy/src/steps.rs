//! The steps that strategies have in common, each said once: descriptors put them together.

use cachemark_core::{Protocol, Step};

/// The application asks the cache, fills it on a miss, and removes the entry after the store's change.
pub(crate) const ASIDE: Protocol = Protocol {
    hit: &[Step::Cache("get"), Step::Answer],
    miss: &[Step::Cache("get"), Step::Store("read"), Step::Cache("set"), Step::Answer],
    write: &[Step::Store("write"), Step::Cache("delete"), Step::Answer],
    delete: &[Step::Store("delete"), Step::Cache("delete"), Step::Answer],
};

/// The same, and changes tell the store alone.
pub(crate) const AROUND: Protocol =
    Protocol { write: &[Step::Store("write"), Step::Answer], delete: &[Step::Store("delete"), Step::Answer], ..ASIDE };

/// The same as [`ASIDE`] with guarded fills: the key is locked for calls to the cache, and a change drops the fills of older loads.
pub(crate) const GUARDED: Protocol = Protocol {
    miss: &[
        Step::Cache("get"),
        Step::Store("read"),
        Step::Own("lock the key, if no change has come since"),
        Step::Cache("set"),
        Step::Own("unlock the key"),
        Step::Answer,
    ],
    write: &[
        Step::Store("write"),
        Step::Own("lock the key, drop older fills"),
        Step::Cache("delete"),
        Step::Own("unlock the key"),
        Step::Answer,
    ],
    delete: &[
        Step::Store("delete"),
        Step::Own("lock the key, drop older fills"),
        Step::Cache("delete"),
        Step::Own("unlock the key"),
        Step::Answer,
    ],
    ..ASIDE
};

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

/// A miss with a guarded fill, after what else is done before the store is asked.
macro_rules! guarded_miss {
    ($($before:literal)?) => {
        &[
            Step::Cache("get"),
            $(Step::Own($before),)?
            Step::Store("read"),
            Step::Own("lock the key, if no change has come since"),
            Step::Cache("set"),
            Step::Own("unlock the key"),
            Step::Answer,
        ]
    };
}

/// A change that drops older fills, and what it ends with.
macro_rules! guarded_change {
    ($store:literal, $end:literal) => {
        &[
            Step::Store($store),
            Step::Own("lock the key, drop older fills"),
            Step::Cache("delete"),
            Step::Own($end),
            Step::Answer,
        ]
    };
}

/// The same as [`ASIDE`] with guarded fills: the key is locked for calls to the cache, and a change drops the fills of older loads.
pub(crate) const GUARDED: Protocol = Protocol {
    miss: guarded_miss!(),
    write: guarded_change!("write", "unlock the key"),
    delete: guarded_change!("delete", "unlock the key"),
    ..ASIDE
};

/// The same as [`GUARDED`] with joined loads, which a change forgets.
pub(crate) const JOINED: Protocol = Protocol {
    miss: guarded_miss!("begin or join a load"),
    write: guarded_change!("write", "unlock the key, forget the load"),
    delete: guarded_change!("delete", "unlock the key, forget the load"),
    ..ASIDE
};

/// A change by a tier, which is under the key's lock from before the store to after the cache.
macro_rules! tier_change {
    ($store:literal, $cache:literal) => {
        &[
            Step::Own("lock the key"),
            Step::Store($store),
            Step::Cache($cache),
            Step::Own("supersede the load"),
            Step::Own("unlock the key"),
            Step::Answer,
        ]
    };
}

/// A tier loads, and removes the entry on a change.
pub(crate) const TIER: Protocol = Protocol {
    hit: ASIDE.hit,
    miss: &[
        Step::Cache("get"),
        Step::Own("begin or join a load"),
        Step::Store("read"),
        Step::Own("lock the key"),
        Step::Cache("set"),
        Step::Own("unlock the key"),
        Step::Answer,
    ],
    write: tier_change!("write", "delete"),
    delete: tier_change!("delete", "delete"),
};

/// The same, and a write replaces the entry.
pub(crate) const UPDATING_TIER: Protocol = Protocol { write: tier_change!("write", "set-if-newer"), ..TIER };

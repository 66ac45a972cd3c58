//! The list of kinds. A new one needs its file and a line here.

use super::{
    FaultKind, black_hole, connection_limit, disk_full, drop, evict, flash_crowd, flush, freeze, hot_key_expiry, kill,
    mass_expiry, restart, slow, throttle,
};

/// Every kind of fault: those of a process, of the way to a server, of a cache's entries, of the load.
pub const KINDS: &[&FaultKind] = &[
    kill::KIND,
    restart::KIND,
    freeze::KIND,
    disk_full::KIND,
    slow::KIND,
    drop::KIND,
    black_hole::KIND,
    throttle::KIND,
    connection_limit::KIND,
    flush::KIND,
    evict::KIND,
    mass_expiry::KIND,
    hot_key_expiry::KIND,
    flash_crowd::KIND,
];

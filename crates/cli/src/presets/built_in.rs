//! The definitions of the workloads folder, built in.

/// A definition of the workloads folder, built in.
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

/// Every preset: a new one is a file in workloads/ and a line here.
pub(crate) const PRESETS: &[Preset] = &[
    Preset { name: "default", text: include_str!("../../../../workloads/default.toml") },
    Preset { name: "read-only", text: include_str!("../../../../workloads/read-only.toml") },
    Preset { name: "servers", text: include_str!("../../../../workloads/servers.toml") },
    Preset { name: "slow-store", text: include_str!("../../../../workloads/slow-store.toml") },
    Preset { name: "write-heavy", text: include_str!("../../../../workloads/write-heavy.toml") },
    Preset {
        name: "invalidate-or-update",
        text: include_str!("../../../../workloads/questions/invalidate-or-update.toml"),
    },
    Preset { name: "which-ttl", text: include_str!("../../../../workloads/questions/which-ttl.toml") },
    Preset { name: "how-large-a-cache", text: include_str!("../../../../workloads/questions/how-large-a-cache.toml") },
    Preset { name: "four-strategies", text: include_str!("../../../../workloads/questions/four-strategies.toml") },
    Preset { name: "all-strategies", text: include_str!("../../../../workloads/questions/all-strategies.toml") },
    Preset { name: "hot-key-expires", text: include_str!("../../../../workloads/stampede/hot-key-expires.toml") },
    Preset { name: "thousand-readers", text: include_str!("../../../../workloads/stampede/thousand-readers.toml") },
    Preset { name: "mass-expiry", text: include_str!("../../../../workloads/stampede/mass-expiry.toml") },
    Preset { name: "cold-start-crowd", text: include_str!("../../../../workloads/stampede/cold-start-crowd.toml") },
    Preset {
        name: "thundering-herd-after-flush",
        text: include_str!("../../../../workloads/stampede/thundering-herd-after-flush.toml"),
    },
    Preset { name: "null", text: include_str!("../../../../workloads/test/null.toml") },
    Preset { name: "smoke", text: include_str!("../../../../workloads/test/smoke.toml") },
];

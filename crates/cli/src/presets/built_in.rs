//! The definitions of the workloads folder, built in.

/// A definition of the workloads folder, built in.
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

/// Every preset: a new one is a file in workloads/ and a line here.
pub(crate) const PRESETS: &[Preset] = &[
    Preset { name: "default", text: include_str!("../../workloads/default.toml") },
    Preset { name: "read-only", text: include_str!("../../workloads/read-only.toml") },
    Preset { name: "servers", text: include_str!("../../workloads/servers.toml") },
    Preset { name: "slow-store", text: include_str!("../../workloads/slow-store.toml") },
    Preset { name: "write-heavy", text: include_str!("../../workloads/write-heavy.toml") },
    Preset { name: "invalidate-or-update", text: include_str!("../../workloads/questions/invalidate-or-update.toml") },
    Preset { name: "which-ttl", text: include_str!("../../workloads/questions/which-ttl.toml") },
    Preset { name: "how-large-a-cache", text: include_str!("../../workloads/questions/how-large-a-cache.toml") },
    Preset { name: "four-strategies", text: include_str!("../../workloads/questions/four-strategies.toml") },
    Preset { name: "all-strategies", text: include_str!("../../workloads/questions/all-strategies.toml") },
    Preset { name: "hot-key-expires", text: include_str!("../../workloads/stampede/hot-key-expires.toml") },
    Preset { name: "thousand-readers", text: include_str!("../../workloads/stampede/thousand-readers.toml") },
    Preset { name: "mass-expiry", text: include_str!("../../workloads/stampede/mass-expiry.toml") },
    Preset { name: "cold-start-crowd", text: include_str!("../../workloads/stampede/cold-start-crowd.toml") },
    Preset {
        name: "thundering-herd-after-flush",
        text: include_str!("../../workloads/stampede/thundering-herd-after-flush.toml"),
    },
    Preset { name: "metastable", text: include_str!("../../workloads/faults/metastable.toml") },
    Preset { name: "read-through-costs", text: include_str!("../../workloads/claims/read-through-costs.toml") },
    Preset { name: "write-through-tail", text: include_str!("../../workloads/claims/write-through-tail.toml") },
    Preset { name: "hits-95-percent", text: include_str!("../../workloads/claims/hits-95-percent.toml") },
    Preset { name: "hits-95-percent-steep", text: include_str!("../../workloads/claims/hits-95-percent-steep.toml") },
    Preset { name: "jitter-ten-percent", text: include_str!("../../workloads/claims/jitter-ten-percent.toml") },
    Preset {
        name: "single-flight-per-process",
        text: include_str!("../../workloads/claims/single-flight-per-process.toml"),
    },
    Preset { name: "gain-is-origin-work", text: include_str!("../../workloads/claims/gain-is-origin-work.toml") },
    Preset { name: "cache-dies", text: include_str!("../../workloads/faults/cache-dies.toml") },
    Preset { name: "cache-hangs", text: include_str!("../../workloads/faults/cache-hangs.toml") },
    Preset { name: "cache-freezes", text: include_str!("../../workloads/faults/cache-freezes.toml") },
    Preset { name: "cache-restarts-empty", text: include_str!("../../workloads/faults/cache-restarts-empty.toml") },
    Preset { name: "cache-slow", text: include_str!("../../workloads/faults/cache-slow.toml") },
    Preset { name: "store-slow", text: include_str!("../../workloads/faults/store-slow.toml") },
    Preset { name: "hot-key-under-readers", text: include_str!("../../workloads/faults/hot-key-under-readers.toml") },
    Preset { name: "mass-expiry-jitter", text: include_str!("../../workloads/faults/mass-expiry-jitter.toml") },
    Preset { name: "flash-crowd", text: include_str!("../../workloads/faults/flash-crowd.toml") },
    Preset { name: "cut-while-writing", text: include_str!("../../workloads/faults/cut-while-writing.toml") },
    Preset { name: "connection-limit", text: include_str!("../../workloads/faults/connection-limit.toml") },
    Preset { name: "retry", text: include_str!("../../workloads/faults/retry.toml") },
    Preset { name: "breaker", text: include_str!("../../workloads/faults/breaker.toml") },
    Preset { name: "throttle", text: include_str!("../../workloads/faults/throttle.toml") },
    Preset { name: "null", text: include_str!("../../workloads/test/null.toml") },
    Preset { name: "smoke", text: include_str!("../../workloads/test/smoke.toml") },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    /// The definitions of the workloads folder, by their path in it, without `.toml`.
    fn files(folder: &Path, before: &str, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
            let name = entry.file_name().into_string().unwrap();
            if entry.path().is_dir() {
                files(&entry.path(), &format!("{before}{name}/"), found);
            } else if let Some(name) = name.strip_suffix(".toml") {
                found.push(format!("{before}{name}"));
            }
        }
    }

    #[test]
    fn every_file_of_the_workloads_folder_is_a_preset_and_in_its_list() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workloads");
        let mut found = Vec::new();
        files(&folder, "", &mut found);
        assert_eq!(found.len(), PRESETS.len(), "{found:?}");
        let page = fs::read_to_string(folder.join("README.md")).unwrap();
        for file in found {
            let text = fs::read_to_string(folder.join(format!("{file}.toml"))).unwrap();
            assert!(PRESETS.iter().any(|preset| preset.text == text), "{file}.toml is no preset");
            assert!(page.contains(&format!("| `{file}`")), "workloads/README.md has no row for {file}");
        }
    }
}

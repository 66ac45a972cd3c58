//! What the run was made on and with.

use crate::schema::cell::SettingMap;
use crate::{DataDisk, SCHEMA_VERSION};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fs;

/// `environment.json`. What cannot be known here is null, never guessed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// See [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The machine of the client.
    pub host: Host,
    /// The program.
    pub tool: Tool,
    /// Every cache and store of the run.
    pub servers: Vec<Server>,
    /// Where client and servers ran, for people.
    pub placement: String,
    /// What the data of each store of ours lie on; empty for stores of others, and in older records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_disks: Vec<DataDisk>,
}

/// A machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// Operating system and architecture.
    pub system: String,
    /// The kernel's release.
    pub kernel: Option<String>,
    /// The processor's name.
    pub cpu_model: Option<String>,
    /// Processors that this process may use.
    pub cpus: Option<usize>,
    /// Memory in bytes.
    pub memory_bytes: Option<u64>,
    /// The frequency governor; none on most virtual machines.
    pub governor: Option<String>,
    /// Whether the kernel says that it runs on a hypervisor.
    pub virtual_machine: Option<bool>,
    /// Load averages over 1, 5 and 15 minutes when the run began.
    pub load_average: Option<[f64; 3]>,
}

/// The program that made the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// cachemark's version.
    pub version: String,
    /// The commit it was built from, with `-dirty` if the tree was changed.
    pub revision: Option<String>,
    /// The compiler.
    pub rustc: Option<String>,
    /// `release` or `debug`: figures of a debug build are no evidence.
    pub profile: String,
    /// XXH3-64 of the program's file, in hexadecimal: two builds of one revision can be told apart by it.
    #[serde(default)]
    pub executable: Option<String>,
}

/// A cache or store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// `cache` or `store`.
    pub kind: String,
    /// Its name in cells.
    pub name: String,
    /// Its name and version, in its own words.
    pub version: String,
    /// Its settings that matter, in its own words.
    pub settings: SettingMap,
}

impl Environment {
    /// Reads what the machine tells; the rest is the caller's.
    #[must_use]
    pub fn capture(tool: Tool, servers: Vec<Server>, placement: String) -> Self {
        let (schema_version, host) = (SCHEMA_VERSION, Host::capture());
        Self { schema_version, host, tool, servers, placement, data_disks: Vec::new() }
    }
}

impl Host {
    /// This machine.
    #[must_use]
    pub fn capture() -> Self {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        Self {
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            kernel: first_line("/proc/sys/kernel/osrelease"),
            cpu_model: field(&cpuinfo, "model name"),
            cpus: std::thread::available_parallelism().ok().map(usize::from),
            memory_bytes: memory_bytes(),
            governor: first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
            virtual_machine: field(&cpuinfo, "flags").map(|flags| flags.split(' ').any(|flag| flag == "hypervisor")),
            load_average: load_average(),
        }
    }
}

fn first_line(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()?.lines().next().map(|line| line.trim().to_owned())
}

/// The value of the first `name : value` line.
fn field(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim().to_owned())
    })
}

fn memory_bytes() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let kibibytes: u64 = field(&text, "MemTotal")?.strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

fn load_average() -> Option<[f64; 3]> {
    let line = first_line("/proc/loadavg")?;
    let mut parts = line.split(' ').map_while(|part| part.parse().ok());
    Some([parts.next()?, parts.next()?, parts.next()?])
}

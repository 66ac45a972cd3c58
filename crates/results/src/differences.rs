//! What is no longer as a record says: the figures before and after would not belong together.

use crate::{Host, Server, Tool};
use std::fmt;
use std::fmt::Display;

/// Something that is one way in one record and another way in another, or now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// What differs.
    pub what: String,
    /// How it was, in words.
    pub then: String,
    /// How it is now, or in the other record.
    pub now: String,
}

/// As it is told of a record and what is there now.
impl Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the record says {}, now it is {}", self.what, self.then, self.now)
    }
}

/// The kernel keeps a little more or less of the memory for itself at each start.
const MEMORY_TOLERANCE: f64 = 0.01;

impl Host {
    /// In what the machine `now` differs from the recorded one; empty if it is the same. What changes without making it
    /// another machine (load, governor) does not count.
    #[must_use]
    pub fn differences(&self, now: &Self) -> Vec<Difference> {
        let memory = |host: &Self| host.memory_bytes.map(|bytes| format!("{} MiB", bytes >> 20));
        let same_memory = match (self.memory_bytes, now.memory_bytes) {
            (Some(then), Some(now)) => then.abs_diff(now) as f64 <= then as f64 * MEMORY_TOLERANCE,
            (then, now) => then == now,
        };
        let mut lines = vec![
            line("host system", Some(&self.system), Some(&now.system)),
            line("kernel", self.kernel.as_ref(), now.kernel.as_ref()),
            line("processor", self.cpu_model.as_ref(), now.cpu_model.as_ref()),
            line("processors", self.cpus.as_ref(), now.cpus.as_ref()),
        ];
        if !same_memory {
            lines.push(line("memory", memory(self).as_ref(), memory(now).as_ref()));
        }
        lines.into_iter().flatten().collect()
    }
}

impl Tool {
    /// In what the program `now` differs from the recorded one; empty if it is the same.
    #[must_use]
    pub fn differences(&self, now: &Self) -> Vec<Difference> {
        [self.source_differences(now), self.toolchain_differences(now)].concat()
    }

    /// In what it was built from, and what came of it.
    #[must_use]
    pub fn source_differences(&self, now: &Self) -> Vec<Difference> {
        let lines = [
            line("cachemark version", Some(&self.version), Some(&now.version)),
            line("cachemark revision", self.revision.as_ref(), now.revision.as_ref()),
            line("executable (XXH3)", self.executable.as_ref(), now.executable.as_ref()),
        ];
        lines.into_iter().flatten().collect()
    }

    /// In how it was built.
    #[must_use]
    pub fn toolchain_differences(&self, now: &Self) -> Vec<Difference> {
        let lines = [
            line("compiler", self.rustc.as_ref(), now.rustc.as_ref()),
            line("build profile", Some(&self.profile), Some(&now.profile)),
        ];
        lines.into_iter().flatten().collect()
    }
}

impl Server {
    /// In what the servers `now` differ from the recorded ones; empty if they are the same.
    #[must_use]
    pub fn differences(then: &[Self], now: &[Self]) -> Vec<Difference> {
        let same = |a: &Self, b: &Self| (&a.kind, &a.name) == (&b.kind, &b.name);
        let mut lines = Vec::new();
        for (place, old) in then.iter().enumerate() {
            let what = format!("{} {}", old.kind, old.name);
            // Arms may have servers of their own: the second of a name is compared with the second.
            let before = then[..place].iter().filter(|other| same(other, old)).count();
            let new = now.iter().filter(|new| same(old, new)).nth(before);
            lines.extend(line(&what, Some(&old.version), new.map(|new| &new.version)));
            let Some(new) = new else { continue };
            let mut names: Vec<_> = old.settings.keys().chain(new.settings.keys()).collect();
            names.sort();
            names.dedup();
            let setting = |name: &String| {
                line(&format!("{what}, {name}"), old.settings.get(name).as_ref(), new.settings.get(name).as_ref())
            };
            lines.extend(names.into_iter().filter_map(setting));
        }
        let count = |servers: &[Self], of: &Self| servers.iter().filter(|other| same(other, of)).count();
        let added = now.iter().enumerate().filter(|(place, new)| count(&now[..*place], new) >= count(then, new));
        lines
            .extend(added.filter_map(|(_, new)| line(&format!("{} {}", new.kind, new.name), None, Some(&new.version))));
        lines
    }
}

fn line<T: Display + PartialEq>(what: &str, then: Option<&T>, now: Option<&T>) -> Option<Difference> {
    let shown = |value: Option<&T>| value.map_or_else(|| "nothing".to_owned(), |value| format!("`{value}`"));
    (then != now).then(|| Difference { what: what.to_owned(), then: shown(then), now: shown(now) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn lines(differences: Vec<Difference>) -> Vec<String> {
        differences.iter().map(ToString::to_string).collect()
    }

    fn host() -> Host {
        Host {
            system: "linux x86_64".into(),
            kernel: Some("6.1".into()),
            cpu_model: None,
            cpus: Some(2),
            memory_bytes: Some(8 << 30),
            governor: None,
            virtual_machine: Some(true),
            load_average: Some([0.0, 0.1, 0.2]),
        }
    }

    #[test]
    fn a_machine_is_the_same_after_a_restart() {
        let later = Host { memory_bytes: Some((8 << 30) - (3 << 20)), load_average: None, ..host() };
        assert_eq!(host().differences(&later), []);
    }

    #[test]
    fn another_machine_is_told_by_all_that_differs() {
        let other = Host { kernel: None, cpus: Some(4), memory_bytes: Some(16 << 30), ..host() };
        let expected = [
            "kernel: the record says `6.1`, now it is nothing",
            "processors: the record says `2`, now it is `4`",
            "memory: the record says `8192 MiB`, now it is `16384 MiB`",
        ];
        assert_eq!(lines(host().differences(&other)), expected);
    }

    #[test]
    fn a_program_built_again_is_another() {
        let tool = |executable: &str| Tool {
            version: "1".into(),
            revision: Some("abc".into()),
            rustc: None,
            profile: "release".into(),
            executable: Some(executable.into()),
        };
        assert_eq!(tool("1").differences(&tool("1")), []);
        assert_eq!(tool("1").differences(&tool("2")).len(), 1);
    }

    #[test]
    fn servers_differ_by_version_settings_and_presence() {
        let server = |name: &str, version: &str, policy: &str| Server {
            kind: "cache".into(),
            name: name.into(),
            version: version.into(),
            settings: BTreeMap::from([("policy".into(), policy.into())]),
        };
        let then = [server("redis", "7", "lru"), server("memcached", "1", "x")];
        let now = [server("redis", "8", "lfu"), server("valkey", "8", "x")];
        let lines = self::lines(Server::differences(&then, &now));
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert_eq!(lines[1], "cache redis, policy: the record says `\"lru\"`, now it is `\"lfu\"`");
        assert_eq!(Server::differences(&then, &then), []);
        let arms = [server("redis", "7", "8 MiB"), server("redis", "7", "16 MiB")];
        assert_eq!(Server::differences(&arms, &arms), []);
        assert_eq!(
            self::lines(Server::differences(&arms[..1], &arms)),
            ["cache redis: the record says nothing, now it is `7`"]
        );
        assert_eq!(Server::differences(&arms, &arms[..1]).len(), 1);
    }
}

//! Limits of the control groups that this process is in, of both versions.
//!
//! A limit of CPU time is enforced by stopping the whole group until the next period, mostly of 100 ms: those pauses
//! would stand in every 99th percentile, so a limit below the processors that threads may run on is a warning. So is a
//! limit of memory below 1 GiB (see the check of memory).

use super::{Finding, Ground, Level};
use std::path::{Path, PathBuf};

const ROOT: &str = "/sys/fs/cgroup";
const MIB: f64 = 1_048_576.0;
const MEMORY_COMFORT: f64 = 1024.0 * MIB;
/// Version 1 has no word for "no limit", only a number that no machine has.
const NO_LIMIT: u64 = 1 << 60;

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    let Ok(groups) = std::fs::read_to_string("/proc/self/cgroup") else {
        return ["cpu-limit", "memory-limit"].map(|check| Finding::unknown(check, "no control groups here")).into();
    };
    let read = |path: &Path| std::fs::read_to_string(path).ok();
    vec![cpu(cpu_limit(&groups, read), runnable_on()), memory(memory_limit(&groups, read))]
}

/// How many processors this process's threads may run on. The count that records have will not do here: it is the lower
/// for the very limit that is looked for.
fn runnable_on() -> Option<usize> {
    #[cfg(target_os = "linux")]
    return rustix::thread::sched_getaffinity(None).ok().map(|set| set.count() as usize);
    #[cfg(not(target_os = "linux"))]
    None
}

fn cpu(limit: Option<f64>, runnable_on: Option<usize>) -> Finding {
    const CHECK: &str = "cpu-limit";
    let Some(limit) = limit else { return Finding::new(CHECK, Level::Ok, "no limit").with("processors", None::<f64>) };
    let in_the_way = runnable_on.is_none_or(|processors| limit < processors as f64);
    let level = if in_the_way { Level::Warn } else { Level::Ok };
    Finding::new(CHECK, level, format!("{limit:.2} processors' time, enforced by pauses"))
        .advise("lift the limit (docker run without --cpus, no CPU limit in Kubernetes), or pin to processors instead")
        .with("processors", limit)
}

fn memory(limit: Option<u64>) -> Finding {
    const CHECK: &str = "memory-limit";
    let Some(limit) = limit else { return Finding::new(CHECK, Level::Ok, "no limit").with("bytes", None::<u64>) };
    let level = Level::at_least(limit as f64, MEMORY_COMFORT, 0.0);
    Finding::new(CHECK, level, format!("{:.0} MiB", limit as f64 / MIB))
        .advise("raise it to 1 GiB or more; a sweep over servers needs some 500 MiB with the defaults")
        .with("bytes", limit)
}

/// The least of the CPU limits on the way up, in processors. `groups` is the text of `/proc/self/cgroup`.
fn cpu_limit(groups: &str, read: impl Fn(&Path) -> Option<String>) -> Option<f64> {
    let unified = folders(groups, None).into_iter().filter_map(|folder| quota(&read(&folder.join("cpu.max"))?));
    let own = folders(groups, Some("cpu")).into_iter().filter_map(|folder| {
        let [quota_us, period_us] = ["cpu.cfs_quota_us", "cpu.cfs_period_us"].map(|file| read(&folder.join(file)));
        quota(&format!("{} {}", quota_us?.trim(), period_us?.trim()))
    });
    unified.chain(own).reduce(f64::min)
}

/// The least of the memory limits on the way up, in bytes.
fn memory_limit(groups: &str, read: impl Fn(&Path) -> Option<String>) -> Option<u64> {
    let bytes = |path: PathBuf| read(&path)?.trim().parse().ok().filter(|limit: &u64| *limit < NO_LIMIT);
    let unified = folders(groups, None).into_iter().filter_map(|folder| bytes(folder.join("memory.max")));
    let own =
        folders(groups, Some("memory")).into_iter().filter_map(|folder| bytes(folder.join("memory.limit_in_bytes")));
    unified.chain(own).min()
}

/// Quota and period in microseconds, as processors; `None` where there is no quota (`max`, or -1 in version 1).
fn quota(text: &str) -> Option<f64> {
    let (quota, period) = text.trim().split_once(' ')?;
    let (quota, period): (f64, f64) = (quota.parse().ok()?, period.parse().ok()?);
    (quota > 0.0 && period > 0.0).then_some(quota / period)
}

/// The folder of the group for a controller of version 1, or of version 2, and all above it. Within a container the
/// path may be the host's: its folders are then not there, and the container's own is the root.
fn folders(groups: &str, controller: Option<&str>) -> Vec<PathBuf> {
    let path = groups.lines().find_map(|line| {
        let (_, rest) = line.split_once(':')?;
        let (controllers, path) = rest.split_once(':')?;
        let wanted = match controller {
            Some(name) => controllers.split(',').any(|known| known == name),
            None => controllers.is_empty(),
        };
        wanted.then_some(path)
    });
    let Some(path) = path else { return Vec::new() };
    let root = controller.map_or_else(|| PathBuf::from(ROOT), |name| Path::new(ROOT).join(name));
    let below = path.trim_start_matches('/');
    Path::new(below).ancestors().map(|folder| root.join(folder)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn reader(files: &'static [(&'static str, &'static str)]) -> impl Fn(&Path) -> Option<String> {
        let files: BTreeMap<PathBuf, &str> =
            files.iter().map(|(path, text)| (Path::new(ROOT).join(path), *text)).collect();
        move |path| files.get(path).map(|text| (*text).to_owned())
    }

    #[test]
    fn the_least_limit_on_the_way_up_holds() {
        let groups = "0::/a/b\n";
        let read = reader(&[
            ("a/b/cpu.max", "max 100000\n"),
            ("a/cpu.max", "150000 100000\n"),
            ("a/b/memory.max", "2147483648\n"),
            ("a/memory.max", "1073741824\n"),
            ("memory.max", "max\n"),
        ]);
        assert_eq!(cpu_limit(groups, &read), Some(1.5));
        assert_eq!(memory_limit(groups, &read), Some(1 << 30));
    }

    #[test]
    fn version_1_is_read_too() {
        let groups = "4:memory:/x\n2:cpuacct,cpu:/\n0::/\n";
        let read = reader(&[
            ("cpu/cpu.cfs_quota_us", "50000\n"),
            ("cpu/cpu.cfs_period_us", "100000\n"),
            ("memory/x/memory.limit_in_bytes", "536870912\n"),
            ("memory/memory.limit_in_bytes", "9223372036854771712\n"),
        ]);
        assert_eq!((cpu_limit(groups, &read), memory_limit(groups, &read)), (Some(0.5), Some(512 << 20)));
        let unlimited = reader(&[("cpu/cpu.cfs_quota_us", "-1\n"), ("cpu/cpu.cfs_period_us", "100000\n")]);
        assert_eq!((cpu_limit(groups, &unlimited), memory_limit(groups, &unlimited)), (None, None));
    }

    #[test]
    fn a_limit_that_makes_pauses_is_a_warning() {
        assert_eq!(cpu(None, Some(2)).level, Level::Ok);
        assert_eq!(cpu(Some(1.5), Some(2)).level, Level::Warn);
        assert_eq!(cpu(Some(2.0), Some(2)).level, Level::Ok);
        let levels = [None, Some(2 << 30), Some(1 << 29)].map(|limit| memory(limit).level);
        assert_eq!(levels, [Level::Ok, Level::Ok, Level::Warn]);
    }
}

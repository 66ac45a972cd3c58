//! How many more threads and processes may be started, by the user's limit and the control group's.
//!
//! A sweep starts its driver threads, a thread for each SQLite connection, and servers: Postgres takes a process for each
//! connection. With the defaults that is below a hundred; below 64 it would fail, and below 512 more clients would.

use super::{Finding, Ground, Level};
use rustix::process::{Resource, getrlimit};
use std::fs;

const COMFORT: f64 = 512.0;
const NEED: f64 = 64.0;

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    let user = getrlimit(Resource::Nproc).current;
    let left_to_user = user.and_then(|limit| Some(limit.saturating_sub(threads_of_this_user()?)));
    vec![judge(user.is_none(), left_to_user, left_in_group())]
}

/// `unlimited` tells a user without a limit from one whose limit could not be compared with anything.
fn judge(unlimited: bool, left_to_user: Option<u64>, left_in_group: Option<u64>) -> Finding {
    const CHECK: &str = "processes";
    let Some(left) = left_to_user.into_iter().chain(left_in_group).min() else {
        return if unlimited {
            Finding::new(CHECK, Level::Ok, "no limit").with("left", None::<u64>)
        } else {
            Finding::unknown(CHECK, "how many threads run already cannot be seen")
        };
    };
    let level = Level::at_least(left as f64, COMFORT, NEED);
    Finding::new(CHECK, level, format!("{left} more threads may be started"))
        .advise("raise it: ulimit -u, or the group's limit (docker run --pids-limit)")
        .with("left", left)
}

/// Threads of all processes of the user that this one runs as.
fn threads_of_this_user() -> Option<u64> {
    let user = rustix::process::getuid().as_raw();
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let processes =
        processes.filter(|entry| entry.file_name().to_string_lossy().bytes().all(|byte| byte.is_ascii_digit()));
    Some(processes.filter_map(|entry| threads(&fs::read_to_string(entry.path().join("status")).ok()?, user)).sum())
}

/// The threads of a process by the text of its `status`, if it is the user's.
fn threads(status: &str, user: u32) -> Option<u64> {
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next());
    let owner: u32 = field("Uid:")?.parse().ok()?;
    (owner == user).then(|| field("Threads:")?.parse().ok()).flatten()
}

/// What the control group still allows, where it is of version 2 or mounted as version 1.
fn left_in_group() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let path = group_of_pids(&groups)?;
    let number = |file: &str| fs::read_to_string(format!("{path}/{file}")).ok()?.trim().parse::<u64>().ok();
    number("pids.max")?.checked_sub(number("pids.current")?)
}

/// The folder of the group that counts processes.
fn group_of_pids(groups: &str) -> Option<String> {
    let found = |controller: &str, root: &str| {
        let path =
            groups.lines().find_map(|line| line.split_once(':')?.1.strip_prefix(controller)?.strip_prefix(':'))?;
        Some(format!("{root}{}", path.trim_end_matches('/')))
    };
    found("pids", "/sys/fs/cgroup/pids").or_else(|| found("", "/sys/fs/cgroup"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_counted_for_their_user() {
        let status = "Name:\tredis\nUid:\t1000\t1000\t1000\t1000\nThreads:\t5\n";
        assert_eq!((threads(status, 1000), threads(status, 0), threads("", 0)), (Some(5), None, None));
    }

    #[test]
    fn groups_of_both_versions_are_found() {
        assert_eq!(group_of_pids("8:pids:/a\n0::/\n").as_deref(), Some("/sys/fs/cgroup/pids/a"));
        assert_eq!(group_of_pids("0::/user.slice\n").as_deref(), Some("/sys/fs/cgroup/user.slice"));
        assert_eq!(group_of_pids("1:cpu:/\n"), None);
    }

    #[test]
    fn the_nearer_limit_holds() {
        assert_eq!(judge(false, Some(90_000), Some(100)).level, Level::Warn);
        assert_eq!(judge(false, Some(10), None).level, Level::Fail);
        assert_eq!(judge(false, Some(90_000), None).level, Level::Ok);
        assert_eq!(judge(true, None, None).level, Level::Ok);
        assert_eq!(judge(false, None, None).level, Level::Unknown);
    }
}

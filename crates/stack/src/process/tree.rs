//! A process with all that descend from it, stopped, continued and killed together. Children of Postgres lead process groups of their own,
//! so a signal to its group reaches none of them.

use super::{ProcessId, Stat};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::time::{Duration, Instant};

/// A process that waits for a disk stops when that answers, and no sooner.
const STOP_PATIENCE: Duration = Duration::from_secs(5);
/// The same for its end.
const KILL_PATIENCE: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(1);

impl ProcessId {
    /// It, if it runs, and all that descend from it.
    pub(crate) fn tree(self) -> Vec<Self> {
        if !self.is_alive() {
            return Vec::new();
        }
        let pids = fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let all: Vec<(u32, Stat)> = pids.filter_map(|pid| Some((pid, Stat::read(pid)?))).collect();
        let mut tree = vec![self];
        let mut at = 0;
        while let Some(parent) = tree.get(at).map(|process| process.pid) {
            let children = all.iter().filter(|(_, stat)| stat.parent == parent && stat.state != 'Z');
            tree.extend(children.map(|(pid, stat)| Self { pid: *pid, started_ticks: stat.started_ticks }));
            at += 1;
        }
        tree
    }

    /// Stops it and all that descend from it; whether all stand still. It stops first: so it starts no more of them.
    pub(crate) fn freeze(self) -> bool {
        let limit = Instant::now() + STOP_PATIENCE;
        self.signal(Signal::STOP);
        while !self.stands_still() {
            if Instant::now() >= limit {
                return false;
            }
            std::thread::sleep(STEP);
        }
        loop {
            let moving: Vec<Self> = self.tree().into_iter().filter(|process| !process.stands_still()).collect();
            if moving.is_empty() {
                return self.is_alive();
            }
            if Instant::now() >= limit {
                return false;
            }
            moving.iter().for_each(|process| process.signal(Signal::STOP));
            std::thread::sleep(STEP);
        }
    }

    /// Lets it and all that descend from it go on; those that do are left as they are.
    pub(crate) fn thaw(self) {
        self.tree().into_iter().rev().for_each(|process| process.signal(Signal::CONT));
    }

    /// Kills it and all that descend from it; whether all are gone. One that stands still is killed as well.
    pub(crate) fn kill(self) -> bool {
        self.signal(Signal::STOP);
        let limit = Instant::now() + KILL_PATIENCE;
        while !self.stands_still() && Instant::now() < limit {
            std::thread::sleep(STEP);
        }
        let tree = self.tree();
        tree.iter().for_each(|process| process.signal(Signal::KILL));
        while tree.iter().any(|process| process.is_alive()) {
            if Instant::now() >= limit {
                return false;
            }
            std::thread::sleep(STEP);
        }
        true
    }

    /// Whether each of its threads is stopped. One that has ended moves no more.
    pub(crate) fn stands_still(self) -> bool {
        if !self.is_alive() {
            return true;
        }
        let Ok(threads) = fs::read_dir(format!("/proc/{}/task", self.pid)) else { return !self.is_alive() };
        threads.flatten().all(|thread| {
            let stat = fs::read_to_string(thread.path().join("stat")).ok().and_then(|line| Stat::parse(&line));
            stat.is_none_or(|stat| matches!(stat.state, 'T' | 't' | 'Z' | 'X'))
        })
    }

    fn signal(self, signal: Signal) {
        let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) else { return };
        if self.is_alive() {
            // One that has gone in between needs no signal.
            let _ = kill_process(pid, signal);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command};

    /// A shell in a group of its own with a child in another.
    fn family() -> (Child, ProcessId) {
        let family = "set -m; sleep 600 & wait";
        let child = Command::new("bash").args(["-c", family]).process_group(0).spawn().unwrap();
        let id = ProcessId::of(child.id()).unwrap();
        let limit = Instant::now() + Duration::from_secs(20);
        while id.tree().len() < 2 {
            assert!(Instant::now() < limit, "the shell starts its child");
            std::thread::sleep(STEP);
        }
        (child, id)
    }

    #[test]
    fn a_family_stands_still_goes_on_and_dies_as_one() {
        let (mut child, id) = family();
        let tree = id.tree();
        assert!(!tree.iter().any(|process| process.stands_still()));
        assert!(id.freeze() && tree.iter().all(|process| process.stands_still() && process.is_alive()));
        id.thaw();
        assert!(!tree.iter().any(|process| process.stands_still()));
        assert!(id.freeze() && id.kill(), "one that stands still is killed as well");
        assert!(!tree.iter().any(|process| process.is_alive()));
        child.wait().unwrap();
        assert!(!id.freeze(), "what has ended cannot be frozen");
    }

    #[test]
    fn a_family_that_stands_still_ends_when_it_is_asked_to() {
        let (mut child, id) = family();
        let tree = id.tree();
        assert!(id.freeze());
        id.end(Signal::TERM, Duration::from_secs(20));
        child.wait().unwrap();
        assert!(!id.is_alive());
        // The shell does not end its child.
        tree[1].kill();
    }
}

//! Processes that cannot be mistaken for others: a process id alone is given out again after its process has ended.

mod tree;

use rustix::process::{Pid, Signal, kill_process_group};
use serde::{Deserialize, Serialize};
use std::fs;
use std::process::Child;
use std::time::{Duration, Instant};

/// A process by its id and the moment of its start: together they name one process for as long as the machine is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessId {
    /// The process id.
    pub pid: u32,
    /// When it started, in clock ticks since the machine's start.
    pub started_ticks: u64,
}

impl ProcessId {
    /// The process that has this id now.
    #[must_use]
    pub fn of(pid: u32) -> Option<Self> {
        Some(Self { pid, started_ticks: Stat::read(pid)?.started_ticks })
    }

    /// This process.
    #[must_use]
    pub fn own() -> Option<Self> {
        Self::of(std::process::id())
    }

    /// Whether it still runs. A process that has ended and waits for its parent to notice does not.
    #[must_use]
    pub fn is_alive(self) -> bool {
        Stat::read(self.pid).is_some_and(|stat| stat.started_ticks == self.started_ticks && stat.state != 'Z')
    }

    /// The user that it runs as, if it runs and has no other beside it (as a program with the set-user-ID bit has).
    pub(crate) fn user(self) -> Option<u32> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
        let users: Vec<u32> = line.split_whitespace().map_while(|user| user.parse().ok()).collect();
        let user = *users.first()?;
        // Looked at last: what was read is of the process of this start.
        (users.iter().all(|other| *other == user) && self.is_alive()).then_some(user)
    }

    /// CPU time of it and its children, those that have ended included; none if it does not run.
    ///
    /// Children are known by their parent: those of Postgres lead process groups of their own.
    #[must_use]
    pub fn cpu_time(self) -> Option<Duration> {
        let own = Stat::read(self.pid).filter(|stat| stat.started_ticks == self.started_ticks)?;
        let processes = fs::read_dir("/proc").ok()?.flatten();
        let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let children = pids.filter_map(Stat::read).filter(|stat| stat.parent == self.pid);
        let ticks = own.cpu_ticks + own.ended_children_ticks + children.map(|stat| stat.cpu_ticks).sum::<u64>();
        Some(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
    }

    /// Ends its process group: `politely` first, it and all that descend from it by force after `patience`. What stands still is
    /// let go on first: it would not hear of it.
    pub(crate) fn end(self, politely: Signal, patience: Duration) {
        if !self.is_alive() {
            return;
        }
        self.ask_to_end(politely);
        self.thaw();
        if !self.ends_within(patience) {
            self.kill();
        }
    }

    /// Sends its process group a signal.
    pub(crate) fn ask_to_end(self, politely: Signal) {
        let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) else { return };
        if self.is_alive() {
            // A group that has gone in between is what was wanted.
            let _ = kill_process_group(pid, politely);
        }
    }

    /// Whether it has ended before `patience` is over, which is waited for.
    pub(crate) fn ends_within(self, patience: Duration) -> bool {
        let limit = Instant::now() + patience;
        while self.is_alive() {
            if Instant::now() >= limit {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    }
}

/// A process that we started: the leader of a group of its own.
#[derive(Debug)]
pub struct Process {
    id: ProcessId,
    child: Child,
}

impl Process {
    pub(crate) fn new(child: Child) -> std::io::Result<Self> {
        let id = ProcessId::of(child.id())
            .ok_or_else(|| std::io::Error::other("the process ended before it could be looked at"))?;
        Ok(Self { id, child })
    }

    /// Its name for good.
    #[must_use]
    pub fn id(&self) -> ProcessId {
        self.id
    }

    /// Ends it and waits until it is gone.
    pub(crate) fn end(&mut self, politely: Signal, patience: Duration) {
        self.id.end(politely, patience);
        self.reap();
    }

    /// Waits for a process that has ended or was killed: its number is given out again afterwards.
    pub(crate) fn reap(&mut self) {
        // This does not block.
        let _ = self.child.wait();
    }
}

/// What `/proc/<pid>/stat` says.
struct Stat {
    state: char,
    parent: u32,
    cpu_ticks: u64,
    ended_children_ticks: u64,
    started_ticks: u64,
}

impl Stat {
    fn read(pid: u32) -> Option<Self> {
        Self::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    /// The fields are numbered as in proc(5); the name, in parentheses, may hold spaces and parentheses itself.
    fn parse(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.get(line.rfind(')')? + 2..)?.split(' ').collect();
        let number = |nth: usize| fields.get(nth - 3)?.trim().parse::<u64>().ok();
        Some(Self {
            state: fields.first()?.chars().next()?,
            parent: u32::try_from(number(4)?).ok()?,
            cpu_ticks: number(14)? + number(15)?,
            ended_children_ticks: number(16)? + number(17)?,
            started_ticks: number(22)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_does_not_shift_the_fields() {
        let line = "7 (a) b (c) S 1 5 5 0 -1 0 0 0 0 0 11 22 33 44 20 0 1 0 987 0 0\n";
        let stat = Stat::parse(line).unwrap();
        assert_eq!((stat.state, stat.parent, stat.cpu_ticks), ('S', 1, 33));
        assert_eq!((stat.ended_children_ticks, stat.started_ticks), (77, 987));
        assert!(Stat::parse("nonsense").is_none());
    }

    #[test]
    fn a_child_in_a_group_of_its_own_is_counted() {
        use std::os::unix::process::CommandExt;
        let before = ProcessId::own().unwrap().cpu_time().unwrap();
        let busy = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        let mut child = std::process::Command::new("sh").args(["-c", busy]).process_group(0).spawn().unwrap();
        child.wait().unwrap();
        assert!(ProcessId::own().unwrap().cpu_time().unwrap() > before);
    }

    #[test]
    fn this_process_is_alive_and_another_of_its_number_is_not() {
        let own = ProcessId::own().unwrap();
        assert!(own.is_alive());
        assert_eq!(own.user(), Some(rustix::process::geteuid().as_raw()));
        assert!(!ProcessId { started_ticks: own.started_ticks + 1, ..own }.is_alive());
        assert_eq!(ProcessId { started_ticks: own.started_ticks + 1, ..own }.user(), None);
    }
}

//! What a process that is killed leaves behind in shared memory. Postgres clears it up when it starts again; one that does not start again
//! would leave it until the machine does.

use crate::account::Account;
use crate::process::ProcessId;
use crate::programs;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Where the system keeps shared memory that has a name, and what the names of Postgres's begin with.
const NAMED: &str = "/dev/shm/PostgreSQL.";
/// What the system calls a segment that has a number instead.
const NUMBERED: &str = "/SYSV";

/// Shared memory of processes that are to be killed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Leftovers {
    named: BTreeSet<PathBuf>,
    numbered: BTreeSet<u64>,
}

impl Leftovers {
    /// What the processes have of it now, which run as `account`.
    pub(crate) fn of(processes: &[ProcessId], account: Option<Account>) -> Self {
        let mut all = Self::default();
        all.take(&maps(processes, account));
        all
    }

    /// The fields of a line are numbered as in proc_pid_maps(5): the fifth is the number of the file or segment, the sixth its name.
    fn take(&mut self, maps: &str) {
        for line in maps.lines() {
            let fields: Vec<&str> = line.split_ascii_whitespace().collect();
            let (Some(number), Some(name)) = (fields.get(4), fields.get(5)) else { continue };
            if name.starts_with(NAMED) {
                self.named.insert(PathBuf::from(name));
            } else if name.starts_with(NUMBERED) {
                self.numbered.extend(number.parse::<u64>());
            }
        }
    }

    /// Removes it, now that its processes are gone. What cannot be removed goes when the server starts again.
    pub(crate) fn remove(self) {
        for path in self.named {
            let _ = fs::remove_file(path);
        }
        let Some(program) = programs::in_path("ipcrm") else { return };
        for number in self.numbered {
            let mut command = Command::new(&program);
            let command = command.args(["-m", &number.to_string()]).stdin(Stdio::null());
            let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
    }
}

/// What the system says of the memory of processes. Read as they are: a container's root may not look into processes of others.
fn maps(processes: &[ProcessId], account: Option<Account>) -> String {
    let files = processes.iter().map(|process| format!("/proc/{}/maps", process.pid));
    let Some(account) = account else { return files.filter_map(|file| fs::read_to_string(file).ok()).collect() };
    let mut command = Command::new("cat");
    let command = command.args(files).uid(account.user).gid(account.group).stdin(Stdio::null()).stderr(Stdio::null());
    command.output().map_or_else(|_| String::new(), |output| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_memory_is_read_off_the_maps() {
        let mut found = Leftovers::default();
        found.take(
            "7f00-7f01 rw-s 00000000 00:01 32769                      /SYSV002f0001 (deleted)\n\
             7f02-7f03 rw-s 00000000 00:19 7 /dev/shm/PostgreSQL.123\n\
             7f04-7f05 rw-s 00000000 00:01 9 /dev/zero (deleted)\n\
             7f06-7f07 r-xp 00000000 fe:00 11 /usr/lib/libc.so\n7f08-7f09 rw-p 00000000 00:00 0\n",
        );
        let expected = Leftovers { named: [PathBuf::from("/dev/shm/PostgreSQL.123")].into(), numbered: [32769].into() };
        assert_eq!(found, expected);
    }
}

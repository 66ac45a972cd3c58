//! A build as a program of its own, which runs one cell at a time.

use crate::exit::Failure;
use crate::stack::StackKind;
use cachemark_bench::StopFlag;
use cachemark_bench::definition::Definition;
use cachemark_results::{Run, latest_in};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How cells are asked for. Builds that speak another cannot be compared with this one's help.
pub(in crate::command) const PROTOCOL: &str = "1";
/// How often it is looked whether a cell is done: seldom, for it is measured meanwhile.
const LOOK: Duration = Duration::from_millis(50);

/// One of the two builds.
pub(super) struct Child {
    program: PathBuf,
    folder: TempDir,
}

impl Child {
    /// The build in that file.
    ///
    /// # Errors
    /// If it is no program, or none that this one can ask.
    pub(super) fn of(program: &Path) -> Result<Self, Failure> {
        let shown = program.display();
        // A bare name would be looked for on the PATH, and another run than was meant.
        let program = fs::canonicalize(program).map_err(|error| Failure::Usage(format!("--ab: {shown}: {error}")))?;
        let asked = Command::new(&program).arg("cell-protocol").stdin(Stdio::null()).output();
        let answer = asked.map_err(|error| Failure::Usage(format!("--ab: {shown} cannot be run: {error}")))?;
        let spoken = String::from_utf8_lossy(&answer.stdout);
        if !answer.status.success() || spoken.trim() != PROTOCOL {
            return Err(Failure::Usage(format!(
                "--ab: {shown} is no cachemark that can be run so: both builds must speak version {PROTOCOL} of how cells are \
                 asked for, as those of this version do"
            )));
        }
        let folder = tempfile::Builder::new().prefix("cachemark-ab-").tempdir();
        Ok(Self { program, folder: folder.map_err(|error| Failure::System("make a temporary folder", error))? })
    }

    /// Has it run the definition, which is of one cell; none if it was stopped.
    pub(super) fn run(&mut self, cell: &Definition, stack: StackKind, stop: &StopFlag) -> Result<Option<Run>, Failure> {
        let (out, file, log) = (self.path("out"), self.path("cell.toml"), self.path("stderr"));
        let failed = |error| Failure::System("hand a cell to a build", error);
        // What the last one left; there may be nothing.
        let _ = fs::remove_dir_all(&out);
        fs::create_dir(&out).and_then(|()| fs::write(&file, cell.to_toml())).map_err(failed)?;
        let status = self.ended(&out, &file, (stack, File::create(&log).map_err(failed)?), stop).map_err(failed)?;
        if stop.is_stopped() {
            return Ok(None);
        }
        if !status.success() {
            let told = fs::read_to_string(&log).unwrap_or_default();
            let last = told.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
            return Err(Failure::Build { program: self.program.clone(), status, told: last.to_owned() });
        }
        let folder = latest_in(&out).ok_or_else(|| Failure::Build {
            program: self.program.clone(),
            status,
            told: "it left no record".into(),
        })?;
        Ok(Some(Run::open(&folder)?))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Waits for it to end; asks it to as soon as the run is stopped.
    fn ended(
        &self,
        out: &Path,
        file: &Path,
        (stack, log): (StackKind, File),
        stop: &StopFlag,
    ) -> io::Result<ExitStatus> {
        let mut command = Command::new(&self.program);
        command.args(["--quiet", "sweep", "--record-only", "--stack", stack.name(), "--out"]).arg(out);
        command.arg("--workload").arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut child = command.spawn()?;
        let mut asked = false;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if stop.is_stopped() && !asked {
                asked = true;
                // It may have ended by now.
                let _ = kill_process(Pid::from_child(&child), Signal::TERM);
            }
            std::thread::sleep(LOOK);
        }
    }
}

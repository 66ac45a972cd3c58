//! How the program ends.

use crate::args::tips;
use crate::{diagnose, output, provenance, secrets};
use cachemark_bench::definition::Mistakes;
use cachemark_bench::{ResumeError, SweepError, TargetError};
#[cfg(feature = "http")]
use cachemark_http::HttpError;
use cachemark_report::ReportError;
use cachemark_report::compare::CompareError;
use cachemark_report::confirm::ConfirmError;
use cachemark_results::{PackError, RecordError};
use cachemark_stack::StackError;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// The exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All went well.
    Pass = 0,
    /// An assertion did not hold, or could not be told; of `recommend`, no arm meets what was asked; of `confirm`, a row differs.
    AssertionFailed = 1,
    /// Wrong usage or definition.
    Usage = 2,
    /// Measured, but not to be trusted: something grave speaks against the run (`docs/warnings.md`); with `--strict` also a
    /// doubt. Of `recommend`, it can't be told whether an arm meets what was asked; of `confirm`, what differs has a control that
    /// strays.
    Untrusted = 3,
    /// A backend, the disk or another thing that must be there failed.
    Backend = 4,
    /// Stopped by the user; what was measured is saved.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The definition.
    #[error("{0}")]
    Definition(Box<Mistakes>),
    /// The usage.
    #[error("{0}")]
    Usage(String),
    /// Something that the command needs, and that is looked at first.
    #[cfg(feature = "http")]
    #[error("{0}")]
    Preflight(String),
    /// A file of the record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A record that cannot be packed.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// The report.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// Records that are not compared.
    #[error(transparent)]
    Compare(#[from] CompareError),
    /// A record that cannot be confirmed.
    #[error(transparent)]
    Confirm(#[from] ConfirmError),
    /// A record that cannot be resumed.
    #[error(transparent)]
    Resume(#[from] ResumeError),
    /// The sweep.
    #[error(transparent)]
    Sweep(#[from] SweepError),
    /// A backend, before the sweep.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A service, before it is asked.
    #[cfg(feature = "http")]
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The stack's servers.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// An address that cannot be listened on.
    #[error("cannot listen on {0}: {1}; give another address with --listen, or port 0 for a free one")]
    Listen(SocketAddr, std::io::Error),
    /// The same of a run's metrics.
    #[error(
        "--metrics-listen: cannot listen on {0}: {1}; give another port (another run may have this one), or port 0 for a free one"
    )]
    ListenForMetrics(SocketAddr, std::io::Error),
    /// A file that a flag asks for and that could not be written.
    #[error("cannot write {flag} {}: {source}", file.display())]
    AskedFile {
        /// The flag.
        flag: &'static str,
        /// Where it was to go.
        file: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A build that was to run a cell, and did not.
    #[error("{} ended with {status} and no trial: {told}", program.display())]
    Build {
        /// The build.
        program: PathBuf,
        /// How it ended.
        status: std::process::ExitStatus,
        /// Its last word.
        told: String,
    },
    /// A file of the user's that cannot be written.
    #[error("cannot write {}: {source}", file.display())]
    Written {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Something that the system refused.
    #[error("cannot {0}: {1}")]
    System(&'static str, std::io::Error),
}

impl From<Mistakes> for Failure {
    fn from(mistakes: Mistakes) -> Self {
        Self::Definition(Box::new(mistakes))
    }
}

impl Failure {
    /// Says what is wrong on stderr, and gives the exit code.
    #[expect(clippy::print_stderr, reason = "errors go to stderr whatever the log shows")]
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Definition(mistakes) => eprint!("{}", diagnose::render(mistakes)),
            other => {
                let text = format!("error: {}", secrets::struck(&other.to_string(), provenance::arguments()));
                eprintln!("{}", output::talk(&text));
            }
        }
        self.exit().into()
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Definition(_)
            | Self::Usage(_)
            | Self::Resume(ResumeError::Unfit { .. })
            | Self::Pack(PackError::Unfit { .. }) => Exit::Usage,
            Self::Record(error) | Self::Resume(ResumeError::Record(error)) | Self::Pack(PackError::Record(error)) => {
                of_record(error)
            }
            Self::Sweep(SweepError::Workload(_)) => Exit::Usage,
            #[cfg(feature = "http")]
            Self::Http(HttpError::BaseUrl(_) | HttpError::Header(_)) => Exit::Usage,
            Self::Report(ReportError::NoChart { .. }) | Self::Compare(_) | Self::Confirm(_) => Exit::Usage,
            _ => Exit::Backend,
        }
    }
}

/// A folder that holds no record, or one that another process writes, is a wrong argument; a disk that refuses is not.
fn of_record(error: &RecordError) -> Exit {
    match error {
        RecordError::Missing { .. }
        | RecordError::Malformed { .. }
        | RecordError::Version { .. }
        | RecordError::Busy { .. } => Exit::Usage,
        RecordError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => Exit::Usage,
        _ => Exit::Backend,
    }
}

/// The exit code of a command that ended with `code`: data that was asked for and did not reach stdout is a failure, whatever
/// else came of it.
#[expect(clippy::print_stderr, reason = "errors go to stderr whatever the log shows")]
pub(crate) fn of_output(code: ExitCode) -> ExitCode {
    let Some(error) = output::lost() else { return code };
    eprintln!("error: cannot write to stdout: {error}");
    Exit::Backend.into()
}

/// Prints clap's message; asking for help or version is no error.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        output::note(error.print());
        return of_output(Exit::Pass.into());
    }
    let text = error.render().to_string();
    // An argument in the wrong place is repeated, and may be a URL with a password.
    let shown = secrets::struck(&text, provenance::arguments());
    // Nobody is left to tell if the terminal is gone. With nothing to hide it keeps its colours.
    let _ = if shown == text { error.print() } else { write!(std::io::stderr().lock(), "{shown}") };
    tips::after(error);
    Exit::Usage.into()
}

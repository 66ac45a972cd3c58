//! What can go wrong with a stack.

use std::io;
use std::time::Duration;

/// An error of bringing a stack up or down.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StackError {
    /// Programs that a native stack needs are not there.
    #[error("not installed: {}; install them ({}), or use --stack external or --stack embedded", .0.join(", "), remedy(.0))]
    Missing(Vec<&'static str>),
    /// The system refused.
    #[error("cannot {action}: {source}")]
    Io {
        /// What was being done.
        action: String,
        /// Why not.
        source: io::Error,
    },
    /// A server ended right after its start.
    #[error("{server} ended at its start; the end of its log:\n{tail}")]
    Ended {
        /// Which.
        server: &'static str,
        /// The last lines of it.
        tail: String,
    },
    /// A server runs but does not answer.
    #[error("{server} gave no answer within {waited:?} of its start; the end of its log:\n{tail}")]
    Silent {
        /// Which.
        server: &'static str,
        /// How long was waited.
        waited: Duration,
        /// The last lines of its log.
        tail: String,
    },
}

impl StackError {
    pub(crate) fn io(action: impl Into<String>, source: io::Error) -> Self {
        Self::Io { action: action.into(), source }
    }
}

fn remedy(missing: &[&str]) -> String {
    let packages: Vec<_> = missing.iter().map(|name| if *name == "initdb" { "postgresql" } else { name }).collect();
    format!("on Debian or Ubuntu: apt-get install {}", packages.join(" "))
}

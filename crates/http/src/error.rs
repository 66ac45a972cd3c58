//! What can go wrong with a load.

use cachemark_results::RecordError;
use cachemark_workload::WorkloadError;
use std::path::{Path, PathBuf};

/// Why a load could not be run. What single operations met with is in the record instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The address is none. The text given is left out: it may hold a password.
    #[error("the base URL does not do: {detail}; write it as in http://127.0.0.1:8080")]
    BaseUrl {
        /// What is wrong.
        detail: String,
    },
    /// Nobody answers there.
    #[error("{name}: {url}: {source}; start the service, or give its address with --target")]
    Unreachable {
        /// The target's name.
        name: String,
        /// Its address, without secrets.
        url: String,
        /// Why.
        source: std::io::Error,
    },
    /// The plan cannot be carried out.
    #[error("{0}")]
    Plan(String),
    /// The workload cannot be made.
    #[error(transparent)]
    Workload(#[from] WorkloadError),
    /// The client could not be set up, or goose gave up.
    #[error("{action}: {detail}")]
    Client {
        /// What was under way.
        action: &'static str,
        /// What was said.
        detail: String,
    },
    /// The folder for goose's own reports could not be made.
    #[error("cannot make {}: {source}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The record could not be written.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl LoadError {
    pub(crate) fn client(action: &'static str, detail: impl ToString) -> Self {
        Self::Client { action, detail: detail.to_string() }
    }

    pub(crate) fn folder(path: &Path, source: std::io::Error) -> Self {
        Self::Folder { path: path.to_owned(), source }
    }
}

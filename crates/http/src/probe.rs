//! All that can be known of a service from outside.

use crate::HttpTarget;
use crate::audit::AuditAt;
use crate::preload::Preloaded;
use crate::templates::VersionRule;
use cachemark_bench::{Probes, StopFlag};
use cachemark_core::{Key, PreloadRows, Probe, ProbeFuture, Row, Seeing, StoreError, StoreProbe};
use cachemark_results::Warning;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A service as the store of its own data: it can be written to, and nothing else of it can be seen.
pub(crate) struct HttpProbe {
    pub(crate) target: Arc<HttpTarget>,
    /// Whether keys are to be written.
    pub(crate) wanted: bool,
    /// How long a request may take.
    pub(crate) timeout: Duration,
    pub(crate) stop: StopFlag,
    /// Where its rows can be seen.
    pub(crate) audit: Option<AuditAt>,
    /// What became of the last preload.
    pub(crate) preloaded: Mutex<Preloaded>,
}

impl HttpProbe {
    fn preloaded(&self) -> MutexGuard<'_, Preloaded> {
        self.preloaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Probe<StoreError> for HttpProbe {
    fn ping(&self) -> ProbeFuture<'_, Duration, StoreError> {
        Box::pin(async { Err(StoreError::Unsupported("a sign of life")) })
    }

    fn version(&self) -> ProbeFuture<'_, String, StoreError> {
        Box::pin(async { Err(StoreError::Unsupported("telling its version")) })
    }
}

impl StoreProbe for HttpProbe {
    /// Writes every key, where that is wanted. What others wrote stays, and so does what the service has cached.
    fn reset<'a>(&'a self, rows: &'a dyn PreloadRows) -> ProbeFuture<'a, (), StoreError> {
        Box::pin(async move {
            if self.wanted {
                let preloaded = Preloaded::by(&self.target, rows, self.timeout, &self.stop).await;
                *self.preloaded() = preloaded.map_err(|error| StoreError::Unavailable(error.to_string()))?;
            }
            Ok(())
        })
    }

    /// A service shows what it answers, which may come from its cache, and not what its store holds: another address may.
    fn look<'a>(&'a self, keys: &'a [Key], see: &'a mut Seeing<'a, Row>) -> ProbeFuture<'a, (), StoreError> {
        Box::pin(async move {
            let audit = self.audit.as_ref().ok_or(StoreError::Unsupported("showing its rows"))?;
            audit.look(keys, self.timeout, see).await
        })
    }
}

impl Probes for HttpProbe {
    fn store(&self) -> &dyn StoreProbe {
        self
    }

    fn sees_calls(&self) -> bool {
        false
    }

    fn shows_rows(&self) -> bool {
        self.audit.is_some()
    }

    fn rows_lag(&self) -> Duration {
        self.audit.as_ref().map_or(Duration::ZERO, |audit| audit.wait)
    }

    fn names_versions(&self) -> bool {
        self.target.templates.version != VersionRule::Stamp
    }

    fn has_our_rows(&self) -> bool {
        self.wanted && self.preloaded().failed == 0
    }

    fn remarks(&self) -> Vec<Warning> {
        self.preloaded().remark().into_iter().collect()
    }
}

//! Every key written over HTTP before a trial.

use crate::HttpTarget;
use crate::audit::AuditAt;
use cachemark_bench::StopFlag;
use cachemark_core::{Counters, Key, PreloadRows, Probe, ProbeFuture, Row, Seeing, StoreError, StoreProbe};
use cachemark_workload::OperationKind;
use futures::stream::{self, StreamExt};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many requests are under way at a time, however many sessions the load has.
const AT_A_TIME: usize = 16;
/// After so many failures, and nothing written, nobody tries the rest.
const HOPELESS: u64 = 48;

/// What became of the keys that were to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Preloaded {
    pub(crate) keys: u64,
    pub(crate) failed: u64,
    /// What the first failure said.
    pub(crate) said: Option<String>,
}

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
    pub(crate) preloaded: Mutex<Preloaded>,
}

impl HttpProbe {
    /// What became of the last preload.
    pub(crate) fn preloaded(&self) -> Preloaded {
        self.preloaded.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn write_all(&self, target: &HttpTarget, rows: &dyn PreloadRows) -> Preloaded {
        let mut preloaded = Preloaded { keys: rows.count(), failed: rows.count(), said: None };
        let writes = (0..rows.count()).map(|index| async move {
            let (key, value) = rows.row(index);
            target.ask_beside(OperationKind::Write, &key, value, self.timeout).await
        });
        let mut answers = stream::iter(writes).buffer_unordered(AT_A_TIME);
        let mut failures = 0;
        while let Some(answer) = answers.next().await {
            match target.templates.done(OperationKind::Write, answer) {
                Ok(_) => preloaded.failed -= 1,
                Err(error) => {
                    failures += 1;
                    preloaded.said.get_or_insert_with(|| error.to_string());
                }
            }
            let hopeless = failures >= HOPELESS && preloaded.failed == preloaded.keys;
            if hopeless || self.stop.is_stopped() {
                break;
            }
        }
        preloaded
    }

    /// A service shows what it answers, which may come from its cache, and not what its store holds: another address may.
    fn rows(&self) -> Result<&AuditAt, StoreError> {
        self.audit.as_ref().ok_or(StoreError::Unsupported("showing its rows"))
    }
}

impl Probe<StoreError> for HttpProbe {
    fn ping(&self) -> ProbeFuture<'_, Duration, StoreError> {
        Box::pin(async {
            let begun = Instant::now();
            self.target.base_url.reach().map_err(|error| StoreError::Unavailable(error.to_string()))?;
            Ok(begun.elapsed())
        })
    }

    fn version(&self) -> ProbeFuture<'_, String, StoreError> {
        Box::pin(async { Err(StoreError::Unsupported("telling its version")) })
    }

    fn settings(&self) -> ProbeFuture<'_, BTreeMap<String, String>, StoreError> {
        Box::pin(async { Ok(BTreeMap::from([("url".to_owned(), self.target.base_url.to_string())])) })
    }

    fn counters(&self) -> ProbeFuture<'_, Counters, StoreError> {
        Box::pin(async { Ok(Counters::default()) })
    }
}

impl StoreProbe for HttpProbe {
    /// Writes every key, where that is wanted. What others wrote stays, and so does what the service has cached.
    fn reset<'a>(&'a self, rows: &'a dyn PreloadRows) -> ProbeFuture<'a, (), StoreError> {
        Box::pin(async move {
            if !self.wanted {
                return Ok(());
            }
            // Its connections are gone before the trial begins: nothing but the sessions is connected to the service then.
            let HttpTarget { templates, base_url, .. } = &*self.target;
            let beside = HttpTarget::new(Arc::clone(templates), base_url.clone(), 1)
                .map_err(|error| StoreError::Unavailable(error.to_string()))?;
            let preloaded = self.write_all(&beside, rows).await;
            drop(beside);
            *self.preloaded.lock().unwrap_or_else(PoisonError::into_inner) = preloaded;
            Ok(())
        })
    }

    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Row, StoreError> {
        Box::pin(async move { self.rows()?.row(key).await })
    }

    fn look<'a>(&'a self, keys: &'a [Key], see: &'a mut Seeing<'a, Row>) -> ProbeFuture<'a, (), StoreError> {
        Box::pin(async move { self.rows()?.look(keys, see).await })
    }
}

//! Every key written over HTTP before a trial.

use crate::HttpTarget;
use crate::audit::AuditAt;
use crate::client::Clients;
use crate::http::WholeAnswer;
use cachemark_bench::StopFlag;
use cachemark_core::{Counters, Key, PreloadRows, Probe, ProbeFuture, Row, Seeing, StoreError, StoreProbe, Version};
use cachemark_workload::OperationKind;
use futures::future::join_all;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many connections write at a time, however many sessions the load has.
const CONNECTIONS: u32 = 16;
/// After so many failures in a row on one connection, and nothing written on any, nobody tries the rest.
const HOPELESS: u32 = 3;

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

    async fn write_all(&self, clients: &Clients, rows: &dyn PreloadRows) -> Preloaded {
        let (written, said) = (AtomicU64::new(0), Mutex::new(None));
        let connections = clients.iter().count();
        let writers = clients.iter().enumerate().map(|(first, client)| {
            let (written, said) = (&written, &said);
            async move {
                let mut failures = 0;
                for index in (first as u64..rows.count()).step_by(connections) {
                    let hopeless = failures >= HOPELESS && written.load(Ordering::Relaxed) == 0;
                    if hopeless || self.stop.is_stopped() {
                        break;
                    }
                    match self.write(client, rows, index).await {
                        Ok(()) => drop(written.fetch_add(1, Ordering::Relaxed)),
                        Err(error) => {
                            failures += 1;
                            said.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                        }
                    }
                }
            }
        });
        join_all(writers).await;
        let said = said.into_inner().unwrap_or_else(PoisonError::into_inner);
        Preloaded { keys: rows.count(), failed: rows.count() - written.into_inner(), said }
    }

    async fn write(&self, client: &reqwest::Client, rows: &dyn PreloadRows, index: u64) -> Result<(), String> {
        let (key, value) = rows.row(index);
        let HttpTarget { templates, base_url, .. } = &*self.target;
        let request = templates.write.request(client, base_url, &key, &value).timeout(self.timeout);
        let answer = WholeAnswer::of(request.send().await).await;
        templates.done(OperationKind::Write, answer).map(drop).map_err(|error| error.to_string())
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
            // They are gone before the trial begins: nothing but its sessions is connected to the service then.
            let HttpTarget { templates, base_url, .. } = &*self.target;
            let clients = Clients::new(CONNECTIONS, templates.connect_timeout, base_url.is_https())
                .map_err(|error| StoreError::Unavailable(error.to_string()))?;
            let preloaded = self.write_all(&clients, rows).await;
            drop(clients);
            *self.preloaded.lock().unwrap_or_else(PoisonError::into_inner) = preloaded;
            Ok(())
        })
    }

    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Row, StoreError> {
        Box::pin(async move {
            let HttpTarget { templates, base_url, .. } = &*self.target;
            let request = templates.read.request(self.target.client(0), base_url, key, &Default::default());
            let answer = WholeAnswer::of(request.timeout(self.timeout).send().await).await;
            let found = templates.found(answer).map_err(|error| StoreError::Rejected(error.to_string()))?;
            Ok(Row { version: Version::NONE, value: found.value })
        })
    }

    /// A service shows what it answers, which may come from its cache, and not what its store holds: another address may.
    fn look<'a>(&'a self, keys: &'a [Key], see: &'a mut Seeing<'a, Row>) -> ProbeFuture<'a, (), StoreError> {
        Box::pin(async move {
            match &self.audit {
                Some(audit) => audit.look(&self.target.templates, keys, see).await,
                None => Err(StoreError::Unsupported("showing its rows")),
            }
        })
    }
}

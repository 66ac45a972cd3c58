//! Claims: a place on a server that somebody else runs is one run's at a time.
//!
//! Two runs over one place would empty each other's caches and rows in the middle of their trials. So a run claims its
//! places first: in Postgres by an advisory lock of a session of its own, which the server frees when the process ends,
//! however it ends; in a cache by a key with a time to live, which is renewed while the run lives.

use std::future::Future;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The key that holds a cache's claim. It stands among our keys, and clearing them leaves it.
pub(crate) const KEY: &str = "cm:lock";
/// How long a cache holds a claim that is not renewed: so long a killed run keeps others out.
pub(crate) const TTL: Duration = Duration::from_secs(15);
/// How often a claim is renewed.
const EVERY: Duration = Duration::from_secs(4);
/// How long a server is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a place could not be claimed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// Another run has it.
    #[error("another run of cachemark uses it: {holder}. Wait until that run ends{unless}, or use another server")]
    Held {
        /// Who, as far as the server knows.
        holder: String,
        /// When a claim ends that nobody holds any more.
        unless: &'static str,
    },
    /// The server did not let us, or gave no answer.
    #[error("{0}")]
    Failed(String),
}

/// What a cache keeps of a claim: whose it is, and a mark that no other claim has. The words alone are no proof that it is
/// ours: in two containers there may be two processes of one number on hosts of one name.
pub(crate) fn marked(who: &str) -> String {
    // Its keys come from the system's source of randomness, and no two of them are alike.
    let mark = RandomState::new().build_hasher().finish();
    format!("{who}, claim {mark:016x}")
}

/// What a server keeps a claim in.
pub(crate) trait Lock: Send + 'static {
    /// When a claim of a dead run ends, in words that follow "until that run ends".
    const UNLESS: &'static str;

    /// Takes the claim, or renews it; whose it is instead, if it is another's. It may be dropped midway, and is asked again
    /// then: an answer that was still to come must not be taken for the answer to a later question.
    fn keep(&mut self) -> impl Future<Output = Result<Option<String>, String>> + Send;

    /// Gives the claim back.
    fn free(&mut self) -> impl Future<Output = ()> + Send;
}

/// A place that is this run's. It is renewed by a task of the runtime that it was taken on, which must go on meanwhile.
#[derive(Debug)]
pub struct Claim {
    lost_to: Arc<Mutex<Option<String>>>,
    end: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Claim {
    pub(crate) async fn take<L: Lock>(mut lock: L) -> Result<Self, ClaimError> {
        match kept(&mut lock).await {
            Ok(None) => {}
            Ok(Some(holder)) => return Err(ClaimError::Held { holder, unless: L::UNLESS }),
            Err(why) => return Err(ClaimError::Failed(why)),
        }
        let (end, ended) = oneshot::channel();
        let lost_to = Arc::<Mutex<Option<String>>>::default();
        let task = tokio::spawn(renew(lock, ended, Arc::clone(&lost_to)));
        Ok(Self { lost_to, end, task })
    }

    /// Gives the place back, and says who had taken it meanwhile, if anybody had.
    pub async fn release(self) -> Option<String> {
        drop(self.end);
        // The task waits for nothing without a limit; one that was cancelled has nothing to say.
        let _ = self.task.await;
        self.lost_to.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

async fn kept<L: Lock>(lock: &mut L) -> Result<Option<String>, String> {
    let patience = || format!("no answer within {PATIENCE:?}");
    tokio::time::timeout(PATIENCE, lock.keep()).await.unwrap_or_else(|_| Err(patience()))
}

/// Renews until the claim is given back. A server that does not answer is asked again: it may be what the run is about.
async fn renew<L: Lock>(mut lock: L, mut ended: oneshot::Receiver<()>, lost_to: Arc<Mutex<Option<String>>>) {
    loop {
        tokio::select! {
            _ = &mut ended => break,
            () = tokio::time::sleep(EVERY) => {}
        }
        if let Ok(Some(holder)) = kept(&mut lock).await {
            *lost_to.lock().unwrap_or_else(PoisonError::into_inner) = Some(holder);
            return;
        }
    }
    // Nobody waits for a server that does not answer: the claim ends by itself.
    let _ = tokio::time::timeout(PATIENCE, lock.free()).await;
}

//! The outbox of lost invalidations: its settings, and how it is emptied.

use super::settings::{number, policy, preset};
use crate::policy::{Backoff, Due, InFlight, Jitter, Outbox};
use cachemark_core::{CacheError, Key, OpContext, OpError, Setting, Settings};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::{sleep, timeout_at};

const NAME: &str = "outbox";
const KEYS: &str = "outbox-keys";
const BASE_MS: &str = "outbox-base-ms";
const CAP_MS: &str = "outbox-cap-ms";

pub(super) const SETTINGS: [Setting; 4] = [
    policy(
        NAME,
        "Whether an invalidation that the cache did not take is kept and tried again until it does: off; as a list that is worked off \
         once a second (textbook); or as recommended (10,000 keys, tried from 10 ms to 1 s apart). Until then reads of the key deliver it \
         first. What finds it full is lost, and counted.",
    ),
    number(NAME, KEYS, (1, 10_000_000), "Keys that it holds, of each instance. textbook: 1000; recommended: 10000."),
    number(
        NAME,
        BASE_MS,
        (1, 600_000),
        "The wait after a delivery that failed, in milliseconds; it doubles while they go on failing. textbook: 1000; recommended: 10.",
    ),
    number(NAME, CAP_MS, (1, 600_000), "The longest wait, in milliseconds. textbook and recommended: 1000."),
];

struct Preset {
    keys: u64,
    base_ms: u64,
    cap_ms: u64,
}

const TEXTBOOK: Preset = Preset { keys: 1_000, base_ms: 1_000, cap_ms: 1_000 };
const RECOMMENDED: Preset = Preset { keys: 10_000, base_ms: 10, cap_ms: 1_000 };

/// An outbox, and the task that empties it while there is something in it.
#[derive(Debug)]
pub(super) struct Post {
    pub(super) outbox: Outbox,
    backoff: Backoff,
    is_emptied: AtomicBool,
    in_flight: Arc<InFlight>,
}

/// How a key is taken out of the cache.
pub(super) trait Deliver: Send + Sync + 'static {
    fn post(&self) -> Option<&Post>;
    fn deliver(&self, ctx: &OpContext, key: &Key) -> impl Future<Output = Result<(), CacheError>> + Send;
}

pub(super) fn from(settings: &Settings) -> Option<Post> {
    let preset = preset(settings, NAME, &TEXTBOOK, &RECOMMENDED)?;
    let number = |name, preset| settings.given_integer(name).unwrap_or(preset);
    let millis = |name, preset| Duration::from_millis(number(name, preset));
    let (base, cap) = (millis(BASE_MS, preset.base_ms), millis(CAP_MS, preset.cap_ms));
    Some(Post {
        outbox: Outbox::new(usize::try_from(number(KEYS, preset.keys)).unwrap_or(usize::MAX)),
        backoff: Backoff { base, cap, grows: true, jitter: Jitter::None },
        is_emptied: AtomicBool::new(false),
        in_flight: Arc::default(),
    })
}

/// Nobody else may empty it while this lives.
struct Emptying<'a>(&'a Post);

impl Post {
    fn begin(&self) -> Option<Emptying<'_>> {
        (!self.outbox.is_empty() && !self.is_emptied.swap(true, Ordering::SeqCst)).then_some(Emptying(self))
    }
}

impl Drop for Emptying<'_> {
    /// A runtime that is shut down drops its tasks: the next who comes has to be able to go on.
    fn drop(&mut self) {
        self.0.is_emptied.store(false, Ordering::SeqCst);
    }
}

/// How long one delivery may take, of a cache that gives its calls no time of their own.
const DELIVERY: Duration = Duration::from_secs(1);

/// Tries to deliver `due` now.
///
/// # Errors
/// The cache's: it stays.
pub(super) async fn deliver<D: Deliver>(by: &D, post: &Post, ctx: &OpContext, due: &Due) -> Result<(), CacheError> {
    match by.deliver(ctx, &due.key).await {
        Ok(()) => {
            post.outbox.delivered(due);
            Ok(())
        }
        Err(error) => {
            post.outbox.failed();
            Err(error)
        }
    }
}

/// Empties the outbox, for as long as that takes; at once if another does so.
async fn empty<D: Deliver>(by: &D, post: &Post) {
    loop {
        let Some(_emptying) = post.begin() else { return };
        let mut failed = 0;
        while let Some(due) = post.outbox.next() {
            match deliver(by, post, &OpContext::in_background().within(DELIVERY), &due).await {
                Ok(()) => failed = 0,
                Err(_) => {
                    sleep(post.backoff.wait(failed, Duration::ZERO, 0)).await;
                    failed += 1;
                }
            }
        }
        // What is put from here on finds nobody emptying once this is dropped, or is seen by the next look.
    }
}

/// Has the outbox emptied by a task, if nobody does so yet.
pub(super) fn begin_to_empty<D: Deliver>(by: &Arc<D>) {
    let Some(post) = by.post() else { return };
    if post.outbox.is_empty() || post.is_emptied.load(Ordering::SeqCst) {
        return;
    }
    let (by, ticket) = (Arc::clone(by), post.in_flight.enter());
    tokio::spawn(async move {
        if let Some(post) = by.post() {
            empty(&*by, post).await;
        }
        drop(ticket);
    });
}

/// Waits until it is empty and nobody empties it.
///
/// # Errors
/// [`OpError::Deadline`] if that takes longer than the context allows: what is left is not delivered.
pub(super) async fn drain<D: Deliver>(by: &D, ctx: &OpContext) -> Result<(), OpError> {
    let Some(post) = by.post() else { return Ok(()) };
    let emptied = async {
        while !post.outbox.is_empty() {
            empty(by, post).await;
            // Another is at it, who may be dropped with its runtime.
            if !post.outbox.is_empty() {
                sleep(post.backoff.base).await;
            }
        }
        post.in_flight.idle().await;
    };
    match ctx.deadline() {
        None => {
            emptied.await;
            Ok(())
        }
        Some(deadline) => timeout_at(deadline, emptied).await.map_err(|_| OpError::Deadline),
    }
}

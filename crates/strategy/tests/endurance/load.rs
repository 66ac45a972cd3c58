//! Clients: each one reads, writes and deletes, one operation after the other, and now and then gives a read up in the middle.

use crate::ledger::Ledger;
use cachemark_core::{OpContext, OpError, ReadOutcome, Source, Strategy};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::{JoinSet, yield_now};
use tokio::time::Instant;

pub(crate) const SESSIONS: u32 = 16;
pub(crate) const KEYS: usize = 120;
/// No operation of a stack that is well takes as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was asked.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) operations: AtomicU64,
    by_source: [AtomicU64; Source::ALL.len()],
}

impl Counts {
    fn count(&self, source: Source) {
        self.by_source[source as usize].fetch_add(1, Ordering::Relaxed);
    }

    fn of(&self, sources: &[Source]) -> u64 {
        sources.iter().map(|source| self.by_source[*source as usize].load(Ordering::Relaxed)).sum()
    }

    pub(crate) fn hits(&self) -> u64 {
        self.of(&[Source::Hit, Source::StaleServed])
    }

    pub(crate) fn loads(&self) -> u64 {
        self.of(&[Source::MissLed, Source::Bypass])
    }
}

/// Until when a load goes on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Until {
    Over(Instant),
    /// So many operations have been begun in all.
    Operations(u64),
}

/// What all clients share.
pub(crate) struct Load<T> {
    pub(crate) instances: Vec<T>,
    pub(crate) ledger: Ledger,
    pub(crate) counts: Counts,
}

/// Has every client work until then.
pub(crate) async fn load<T: Strategy>(shared: &Arc<Load<T>>, until: Until) {
    let mut clients = JoinSet::new();
    for session in 0..SESSIONS {
        clients.spawn(client(Arc::clone(shared), session, until));
    }
    // A client that panics is the test's failure.
    clients.join_all().await;
}

async fn client<T: Strategy>(shared: Arc<Load<T>>, session: u32, until: Until) {
    // Begins where no other session is, nor this one's earlier load.
    let mut state = u64::from(session) * 2 + 1 + shared.counts.operations.load(Ordering::Relaxed) * 64;
    loop {
        let number = shared.counts.operations.fetch_add(1, Ordering::Relaxed);
        match until {
            Until::Over(end) if Instant::now() >= end => return,
            Until::Operations(most) if number >= most => return,
            Until::Over(_) | Until::Operations(_) => {}
        }
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let ctx = OpContext::new(session).at(number).until(Instant::now() + PATIENCE);
        let instance = &shared.instances[session as usize % shared.instances.len()];
        if let Err(error) = operation(&shared, instance, &ctx, state, number).await {
            shared.ledger.fault(format!("an operation failed: {error}"));
        }
    }
}

/// One operation, as `draw` says.
async fn operation<T: Strategy>(
    shared: &Load<T>,
    instance: &T,
    ctx: &OpContext,
    draw: u64,
    number: u64,
) -> Result<(), OpError> {
    let (ledger, part) = (&shared.ledger, |shift: u32, of: u64| (draw >> shift) % of);
    // Some keys are hotter than others.
    let place = part(20, KEYS as u64).min(part(33, KEYS as u64)) as usize;
    let key = ledger.key(place);
    match part(56, 32) {
        0..=1 => {
            let deleted = instance.delete(ctx, key).await?;
            ledger.acknowledged(place, deleted.version, None);
        }
        2..=7 => {
            let (write_id, value) = ledger.begin(key, ctx.session());
            let written = instance.write(ctx, key, value).await?;
            ledger.acknowledged(place, written.version, Some(write_id));
        }
        8 => {
            let key = ledger.passing(ctx.session(), number);
            let (write_id, value) = ledger.begin(&key, ctx.session());
            instance.write(ctx, &key, value).await?;
            // Nobody else knows of the key.
            let read = instance.read(ctx, &key).await?;
            let what = ledger.stamped(&key, read.value.as_ref());
            if what.is_some_and(|what| what != Some(write_id)) {
                ledger.fault(format!("{key:?} was read as {what:?} after its only write"));
            }
            instance.delete(ctx, &key).await?;
        }
        9..=14 => {
            let read = instance.read(ctx, &ledger.passing(ctx.session(), number)).await?;
            if read.value.is_some() {
                ledger.fault("a key that nobody wrote has a value".to_owned());
            }
        }
        15 => {
            if let Some(read) = given_up(instance.read(ctx, key), part(40, 8)).await {
                judge(shared, place, &read?);
            }
        }
        _ => judge(shared, place, &instance.read(ctx, key).await?),
    }
    Ok(())
}

fn judge<T>(shared: &Load<T>, place: usize, read: &ReadOutcome) {
    shared.counts.count(read.source);
    shared.ledger.judge(place, read.version, read.value.as_ref());
}

/// What comes of work that is dropped after a few turns of the runtime.
async fn given_up<T>(work: impl Future<Output = T>, turns: u64) -> Option<T> {
    let patience = async {
        for _ in 0..turns {
            yield_now().await;
        }
    };
    tokio::select! {
        biased;
        done = work => Some(done),
        () = patience => None,
    }
}

//! Strategies that the suite cannot judge: it says so, and takes them for nothing else.

use cachemark_core::anomaly::{READ_YOUR_WRITES, STALE_SET};
use cachemark_core::{CacheEffect, Key, OpContext, OpError, ReadOutcome, Strategy, Value, WriteOutcome};
use cachemark_testkit::anomaly::{Absence, Suite, Verdict};
use std::future::pending;

/// How its reads end.
#[derive(Debug, Clone, Copy)]
enum Broken {
    Never,
    InAPanic,
    InAnError,
}

impl Strategy for Broken {
    async fn read(&self, _ctx: &OpContext, _key: &Key) -> Result<ReadOutcome, OpError> {
        match self {
            Self::Never => pending().await,
            Self::InAPanic => panic!("a read of a broken strategy"),
            Self::InAnError => Err(OpError::Internal("broken")),
        }
    }

    async fn write(&self, _ctx: &OpContext, _key: &Key, _value: Value) -> Result<WriteOutcome, OpError> {
        Ok(WriteOutcome { version: None, durable: false, cache: CacheEffect::Untouched })
    }

    async fn delete(&self, _ctx: &OpContext, _key: &Key) -> Result<WriteOutcome, OpError> {
        Ok(WriteOutcome { version: None, durable: false, cache: CacheEffect::Untouched })
    }

    async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_judged_is_neither_right_nor_wrong() {
    for (broken, why) in [
        (Broken::Never, "an operation that nothing holds does not end"),
        (Broken::InAPanic, "a read died"),
        (Broken::InAnError, "a read failed"),
    ] {
        let suite = Suite::new(|_cache, _store| broken);
        for anomaly in [READ_YOUR_WRITES, STALE_SET] {
            let verdict = suite.provoke(&anomaly, 1).await;
            let told = matches!(&verdict, Verdict::Absent(Absence::CannotTell(said)) if said.starts_with(why));
            assert!(told, "{broken:?}, {}: {verdict}", anomaly.name);
        }
    }
}

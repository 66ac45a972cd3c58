//! The null strategy: answers at once and asks nobody. What a run of it costs is the harness's own. It forgets what is
//! written, which the anomaly suite sees.

use crate::Parts;
use cachemark_core::{
    CacheEffect, Declared, Descriptor, Key, Model, OpContext, OpError, PartKind, Protocol, ReadOutcome, Settings,
    Source, Step, Strategy, Value, WriteOutcome, anomaly,
};

/// What the strategy says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    // It measures the harness, not a strategy.
    on_request: true,
    model: |_| Model { store_operations_a_write: 0.0, ..Model::none() },
    anomalies: &[Declared::always(anomaly::READ_YOUR_WRITES, &[]), Declared::always(anomaly::STALE_NEGATIVE, &[])],
    protocol: Protocol { hit: &[], miss: &[Step::Answer], write: &[Step::Answer], delete: &[Step::Answer] },
    colour: [190, 190, 190],
    ..Descriptor::of(
        PartKind::Strategy,
        "null",
        "Answers at once, without cache or store: what the harness itself costs.",
    )
};

/// Holds nothing: every read is absent, every write is acknowledged and forgotten.
#[derive(Debug)]
pub struct Null;

impl Null {
    /// There is nothing to set and nothing to hold.
    #[must_use]
    pub fn new<C, S>(_settings: &Settings, _parts: Parts<C, S>) -> Self {
        Self
    }
}

impl Strategy for Null {
    async fn read(&self, _ctx: &OpContext, _key: &Key) -> Result<ReadOutcome, OpError> {
        // It knows no row, and so no version.
        Ok(ReadOutcome { value: None, version: None, source: Source::Bypass })
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

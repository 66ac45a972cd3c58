//! A strategy, watched as a client watches it, on the runtime's clock.

use super::super::{OfThread, Oracle, Seen};
use super::TRIAL;
use crate::instrument::{Answer, Issued};
use cachemark_core::{Key, OpContext, SettingValue, Settings, Stamp, Strategy, Value, WriteId};
use cachemark_strategy::strategies;
use cachemark_workload::{Keyspace, OperationKind, PRELOAD_TRIAL};
use std::cell::RefCell;
use tokio::time::Instant;

pub(super) fn keys(count: u64) -> Keyspace {
    Keyspace::new("k", count).unwrap()
}

/// The strategy's settings: those given, the others as they are by default.
pub(super) fn settings(strategy: &str, given: &[(&str, &str)]) -> Settings {
    let descriptor = strategies().iter().find(|known| known.name == strategy).unwrap();
    let mut settings = Settings::defaults(descriptor.settings);
    for (name, text) in given {
        let setting = descriptor.setting(name).unwrap();
        settings.put(setting, setting.check(SettingValue::read(text)).unwrap());
    }
    settings
}

/// What a store holds of a key at first.
pub(super) fn loaded(key: &Key, index: u64) -> Value {
    Stamp { trial: PRELOAD_TRIAL, key: key.fingerprint(), write_id: WriteId { session: 0, sequence: index } }.seal(b"")
}

/// One thread's view of a strategy.
pub(super) struct Watch<T> {
    strategy: T,
    keys: Keyspace,
    origin: Instant,
    part: RefCell<OfThread>,
}

impl<T: Strategy> Watch<T> {
    pub(super) fn new(strategy: T, keys: Keyspace, oracle: &Oracle, origin: Instant) -> Self {
        Self { strategy, keys, origin, part: RefCell::new(oracle.thread()) }
    }

    /// One operation of a session, its `sequence`th.
    pub(super) async fn issue(&self, operation: OperationKind, key: u64, session: u32, sequence: u64) {
        let name = &self.keys.key(key);
        let known = self.part.borrow_mut().known(operation, key);
        let started_ns = self.now_ns();
        let ctx = OpContext::new(session).at(sequence);
        let (answer, found) = match operation {
            OperationKind::Read => {
                let result = self.strategy.read(&ctx, name).await;
                (Answer::of_read(&result, true), result.map(|read| read.value))
            }
            OperationKind::Write => {
                let stamp = Stamp { trial: TRIAL, key: name.fingerprint(), write_id: WriteId { session, sequence } };
                Answer::of_write(self.strategy.write(&ctx, name, stamp.seal(b"")).await)
            }
            OperationKind::Delete => Answer::of_write(self.strategy.delete(&ctx, name).await),
        };
        let stamped = found.ok().flatten().map(|value| Stamp::check(&value, name));
        let issued = Issued { operation, key, session, known, intended_ns: None, started_ns, measured: true };
        self.part.borrow_mut().ended(&issued.ended(answer, stamped, self.now_ns()));
    }

    pub(super) fn strategy(&self) -> &T {
        &self.strategy
    }

    pub(super) fn finish(self) -> Seen {
        self.part.into_inner().finish()
    }

    fn now_ns(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_nanos()).unwrap()
    }
}

//! What was asked, in the order in which it was asked.

use cachemark_core::{Key, OpContext, StoreChange, Version};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// The operations of caches and stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// `Cache::get`.
    Get,
    /// `Cache::set`.
    Set,
    /// `Cache::set_if_newer`.
    SetIfNewer,
    /// `Cache::get_or_lease`.
    GetOrLease,
    /// `Cache::set_leased`.
    SetLeased,
    /// `Cache::get_and_touch`.
    GetAndTouch,
    /// `Store::read`.
    Read,
    /// `Store::write`, or a change to a value of `Store::apply`: one call for each.
    Write,
    /// `Cache::delete` or `Store::delete`, or a change of `Store::apply` that marks a row deleted.
    Delete,
}

impl Op {
    fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Set => "set",
            Self::SetIfNewer => "set-if-newer",
            Self::GetOrLease => "get-or-lease",
            Self::SetLeased => "set-leased",
            Self::GetAndTouch => "get-and-touch",
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
        }
    }
}

/// Who was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The cache.
    Cache,
    /// The store.
    Store,
}

/// One call, logged when it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Who was asked.
    pub part: Part,
    /// What for.
    pub op: Op,
    /// The key.
    pub key: Key,
    /// The version of the entry, for sets; that of the row, for changes that are applied.
    pub version: Option<Version>,
    /// The time to live, for sets that have one and for touches; how long a lease is to last.
    pub ttl: Option<Duration>,
    /// The session that asks.
    pub session: u32,
    /// The deadline of the call.
    pub deadline: Option<Instant>,
}

impl Call {
    pub(super) fn new(part: Part, op: Op, ctx: &OpContext, key: &Key) -> Self {
        Self { part, op, key: key.clone(), version: None, ttl: None, session: ctx.session(), deadline: ctx.deadline() }
    }

    /// One for each change that is applied.
    pub(super) fn of_changes(ctx: &OpContext, changes: &[StoreChange]) -> Vec<Self> {
        let call = |change: &StoreChange| {
            let op = if change.value.is_some() { Op::Write } else { Op::Delete };
            Self { version: Some(change.version), ..Self::new(Part::Store, op, ctx, &change.key) }
        };
        changes.iter().map(call).collect()
    }
}

impl fmt::Display for Call {
    /// `S.read k1`, `C.delete k1`, `C.set k1 v2`, `C.set k1 v2 for 60s`, `C.get-or-lease k1 for 10s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part {
            Part::Cache => 'C',
            Part::Store => 'S',
        };
        write!(f, "{part}.{} {}", self.op.name(), self.key)?;
        if let Some(version) = self.version {
            write!(f, " {version}")?;
        }
        if let Some(ttl) = self.ttl {
            write!(f, " for {ttl:?}")?;
        }
        Ok(())
    }
}

/// A log of calls; clones share it. A cache and a store that log to the same one show the order between them.
#[derive(Debug, Clone, Default)]
pub struct CallLog(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    calls: Mutex<Vec<Call>>,
    activity: watch::Sender<Activity>,
}

/// What goes on in the parts that log to a [`CallLog`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Activity {
    /// How many calls take effect at this moment: they have begun and stand at no gate.
    pub(crate) under_way: usize,
    /// Grows whenever a call begins or has taken effect, unless it asks for a lease that somebody else holds: who does nothing
    /// else waits for that.
    pub(crate) steps: u64,
}

/// A call that takes effect, until it is dropped.
#[derive(Debug)]
pub(super) struct UnderWay<'a>(&'a watch::Sender<Activity>);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|activity| activity.under_way -= 1);
    }
}

impl CallLog {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The calls so far.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.lock().clone()
    }

    /// The calls so far as text, one a line.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.calls().iter().map(Call::to_string).collect()
    }

    /// How many calls of `op` were made to `part`.
    #[must_use]
    pub fn count(&self, part: Part, op: Op) -> usize {
        self.lock().iter().filter(|call| call.part == part && call.op == op).count()
    }

    /// Forgets the calls so far.
    pub fn clear(&self) {
        self.lock().clear();
    }

    pub(super) fn push(&self, call: Call) {
        let may_wait = call.op == Op::GetOrLease;
        self.lock().push(call);
        if !may_wait {
            self.step();
        }
    }

    /// Counts a step of something that goes on.
    pub(super) fn step(&self) {
        self.0.activity.send_modify(|activity| activity.steps += 1);
    }

    /// Counts a call as taking effect until the guard is dropped.
    pub(super) fn under_way(&self) -> UnderWay<'_> {
        self.0.activity.send_modify(|activity| activity.under_way += 1);
        UnderWay(&self.0.activity)
    }

    /// Changes whenever a call begins, begins to take effect or has done so.
    pub(crate) fn activity(&self) -> watch::Receiver<Activity> {
        self.0.activity.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Call>> {
        self.0.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

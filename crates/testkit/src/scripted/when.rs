//! Which calls a script changes, and at which point of the call.

use super::Op;
use cachemark_core::Key;

/// Which calls: by operation, key and turn, counted from when the script was given; and whether before or after the
/// call takes effect.
#[derive(Debug, Clone)]
pub struct When {
    op: Option<Op>,
    key: Option<Key>,
    turn: Turn,
    pub(super) point: Point,
}

#[derive(Debug, Clone, Copy)]
enum Turn {
    Nth(u64),
    Every,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    Before,
    After,
}

/// Whether a rule applies to a call, and whether it is done with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    No,
    Once,
    Every,
}

impl When {
    /// The next call of `op`, before it takes effect.
    #[must_use]
    pub fn next(op: Op) -> Self {
        Self { op: Some(op), key: None, turn: Turn::Nth(1), point: Point::Before }
    }

    /// Every call of `op`, before it takes effect.
    #[must_use]
    pub fn every(op: Op) -> Self {
        Self { turn: Turn::Every, ..Self::next(op) }
    }

    /// Every call of any operation, before it takes effect.
    #[must_use]
    pub fn always() -> Self {
        Self { op: None, key: None, turn: Turn::Every, point: Point::Before }
    }

    /// Only calls for `key`.
    #[must_use]
    pub fn on(self, key: &Key) -> Self {
        Self { key: Some(key.clone()), ..self }
    }

    /// The `n`th such call from now, counted from 1.
    #[must_use]
    pub fn nth(self, n: u64) -> Self {
        Self { turn: Turn::Nth(n), ..self }
    }

    /// After the call has taken effect: an error there is a lost answer.
    #[must_use]
    pub fn after_effect(self) -> Self {
        Self { point: Point::After, ..self }
    }

    /// `seen` counts the calls that fitted so far.
    pub(super) fn matches(&self, op: Op, key: &Key, seen: &mut u64) -> Match {
        let fits = self.op.is_none_or(|wanted| wanted == op) && self.key.as_ref().is_none_or(|wanted| wanted == key);
        if !fits {
            return Match::No;
        }
        *seen += 1;
        match self.turn {
            Turn::Every => Match::Every,
            Turn::Nth(n) if n == *seen => Match::Once,
            Turn::Nth(_) => Match::No,
        }
    }
}

//! Which calls a script changes, and at which point of the call.

use super::Op;
use cachemark_core::Key;

/// Which calls: by operation, key and turn, counted from when the script was given; and whether before or after the
/// call takes effect.
#[derive(Debug, Clone)]
pub struct When {
    ops: Ops,
    key: Option<Key>,
    turn: Turn,
    pub(super) point: Point,
}

#[derive(Debug, Clone, Copy)]
enum Ops {
    Any,
    One(Op),
    Of(&'static [Op]),
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
        Self { ops: Ops::One(op), key: None, turn: Turn::Nth(1), point: Point::Before }
    }

    /// The next call of one of `ops`, before it takes effect.
    pub(crate) fn next_of(ops: &'static [Op]) -> Self {
        Self { ops: Ops::Of(ops), key: None, turn: Turn::Nth(1), point: Point::Before }
    }

    /// Every call of `op`, before it takes effect.
    #[must_use]
    pub fn every(op: Op) -> Self {
        Self { turn: Turn::Every, ..Self::next(op) }
    }

    /// Every call of any operation, before it takes effect.
    #[must_use]
    pub fn always() -> Self {
        Self { ops: Ops::Any, key: None, turn: Turn::Every, point: Point::Before }
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
        let of_op = match self.ops {
            Ops::Any => true,
            Ops::One(wanted) => wanted == op,
            Ops::Of(wanted) => wanted.contains(&op),
        };
        let fits = of_op && self.key.as_ref().is_none_or(|wanted| wanted == key);
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

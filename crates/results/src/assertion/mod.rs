//! Assertions: what a run has to keep to, as text that is checked before the run and judged after it, from the record
//! alone.
//!
//! ```text
//! cache-aside.hit_ratio > 0.8                    one arm, every cell of it
//! cache-aside[ttl-ms=1000].hit_ratio > 0.8       of an arm with a list of values, one value
//! cache-aside@redis.service.p99 < 2ms            over one cache
//! write-through[read_ratio=0.9].throughput >= 10000
//! *[store=postgres,rate=500].response.p99 < 5ms  so do read_cost and instances: whatever a sweep varies
//! *.error_ratio <= 0.1%                          every cell; `error_ratio <= 0.1%` is the same
//! ```
//!
//! What holds is judged elsewhere (crates/report): this is the grammar.

mod error;
mod parse;
mod selector;
mod unit;

pub use error::AssertionError;
pub use selector::Selector;
pub use unit::{Bound, Unit};

use crate::figure::Figure;
use std::fmt;

/// One assertion. Its [`Display`](fmt::Display) is its text, which parses to the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Assertion {
    /// The cells that it is about.
    pub selector: Selector,
    /// The figure.
    pub figure: &'static Figure,
    /// How the figure has to stand to the bound.
    pub relation: Relation,
    /// The bound.
    pub bound: Bound,
}

/// How a figure has to stand to its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

impl Relation {
    /// Whether it bounds a figure from above.
    #[must_use]
    pub fn is_upper(self) -> bool {
        matches!(self, Self::Below | Self::AtMost)
    }

    /// All of them.
    pub const ALL: [Self; 4] = [Self::Below, Self::AtMost, Self::Above, Self::AtLeast];

    /// How it is written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        }
    }

    /// Whether `figure` stands so to `bound`. Nothing stands so to what is not a number.
    #[must_use]
    pub fn holds(self, figure: f64, bound: f64) -> bool {
        match self {
            Self::Below => figure < bound,
            Self::AtMost => figure <= bound,
            Self::Above => figure > bound,
            Self::AtLeast => figure >= bound,
        }
    }
}

impl fmt::Display for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} {} {}", self.selector, self.figure.name, self.relation.sign(), self.bound)
    }
}

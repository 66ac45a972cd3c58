//! The stages, one a file, and their list.
//!
//! | stages | file |
//! |---|---|
//! | generate an operation, its key | `operation` |
//! | clock, context, turn: what surrounds an operation | `around` |
//! | stamp a value, check a stamp | `stamp` |
//! | a strategy, without and with policies | [`crate::policies`], and `null` |
//! | record an operation, with and without the oracle | `recorder` |
//! | merge histograms | `merge` |
//! | from figures to verdicts | `verdict` |
//! | from a record to its pages | `render` |

mod around;
mod merge;
mod null;
mod operation;
mod recorder;
mod render;
mod stamp;
mod verdict;

use crate::policies::{How, Operation, repeat};
use std::time::Duration;

/// One stage. It is repeated in one thread; two of them may run at once.
pub struct Stage {
    /// Its name on the command line and in tables.
    pub name: &'static str,
    /// What one repetition does.
    pub what: &'static str,
    /// Two counts, of which the greater is told from the lesser by what the repetitions cost, whatever making the stage ready costs.
    pub counts: (u64, u64),
    /// Repeats it so many times; how long that took, without making it ready.
    pub run: fn(u64) -> Duration,
}

/// A stage of nanoseconds: a hundred thousand repetitions are told from the noise of start and end.
const fn short(name: &'static str, what: &'static str, run: fn(u64) -> Duration) -> Stage {
    Stage { name, what, counts: (20_000, 120_000), run }
}

/// A stage of some microseconds.
const fn middling(name: &'static str, what: &'static str, run: fn(u64) -> Duration) -> Stage {
    Stage { name, what, counts: (1_000, 11_000), run }
}

/// All stages, in the order in which an operation and a record meet them.
pub const STAGES: &[Stage] = &[
    short("operation", "which key, and what to do with it: Zipf, 10,000 keys", operation::run),
    short("clock", "two readings of the clock, one at each edge", around::clock),
    short("context", "an operation's context with its deadline", around::context),
    short("turn", "giving way to other clients, once in eight operations", around::turn),
    short("seal", "a value of 256 bytes made with its stamp", stamp::seal),
    short("check", "a stamp read from a value of 256 bytes", stamp::check),
    short("strategy", "the null strategy", null::run),
    middling("cache-aside-hit", "a read that the in-process cache answers", |n| repeat(Operation::Hit, How::Plain, n)),
    middling("cache-aside-miss", "an entry removed, a read that fills it again", |n| {
        repeat(Operation::Miss, How::Plain, n)
    }),
    middling("cache-aside-write", "a write and its invalidation", |n| repeat(Operation::Write, How::Plain, n)),
    middling("policies-hit", "cache-aside-hit with every policy on", |n| repeat(Operation::Hit, How::All, n)),
    middling("policies-miss", "cache-aside-miss with every policy on", |n| repeat(Operation::Miss, How::All, n)),
    middling("policies-write", "cache-aside-write with every policy on", |n| repeat(Operation::Write, How::All, n)),
    short("recorder", "an operation recorded, without the oracle", recorder::alone),
    short(
        "recorder-watched-read",
        "the same with the oracle: a read of a key that nobody writes",
        recorder::watched_read,
    ),
    short("recorder-watched-reread", "the same: a read of a key that was written", recorder::watched_reread),
    short("recorder-watched-write", "the same: a write", recorder::watched_write),
    middling("merge", "a histogram of 100,000 times merged into another", merge::run),
    middling("verdict", "eight blocks of four arms compared and judged", verdict::run),
    Stage {
        name: "render",
        what: "every page and chart of the record results/published/embedded-default",
        counts: (1, 2),
        run: render::run,
    },
];

/// The stage of that name.
pub fn called(name: &str) -> Option<&'static Stage> {
    STAGES.iter().find(|stage| stage.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_stage_has_a_name_of_its_own_and_runs() {
        let names: HashSet<_> = STAGES.iter().map(|stage| stage.name).collect();
        assert_eq!(names.len(), STAGES.len());
        for stage in STAGES {
            assert!(stage.counts.0 < stage.counts.1, "{}", stage.name);
            assert!((stage.run)(1) > Duration::ZERO, "{} took no time", stage.name);
        }
    }
}

//! From a definition to a plan, trials and a record.
//!
//! | module | what it holds |
//! |---|---|
//! | [`definition`] | TOML and flags -> [`definition::Definition`], or every mistake at once |
//! | `plan` | [`Plan`]: cells, and the order in which each block runs them |
//! | `composition` | [`Composition`]: what a target is built of |
//! | `warm_up` | [`WarmUp`]: how a comparison is warmed, settled before it is run |
//! | `prediction` | what theory says of a cell |
//! | `target` | [`Assembler`]: how the bench is handed the parts, which it does not know by name |
//! | `sweep` | [`Sweep`]: every trial of the plan, each on disk before the next |
//! | `ab` | [`Ab`]: two builds side by side, each a program of its own |
//! | `resume` | [`Unfinished`]: a record whose sweep is resumed |
//! | `find_max` | [`Objective`]: the greatest offered load at which a cell meets it |
//! | `trial` | one trial: reset, preload, drive, and what it says |
//! | `timeline` | [`Timeline`]: what happens at which [`Moment`] of a trial |
//! | [`fault`] | what can be done on purpose amid a window, one kind a file |
//! | `recovery` | how a trial went through its faults |
//! | `instrument` | [`Instruments`]: what watches a trial; each thread's [`Recorder`] |
//! | `glance` | [`Sight`], [`Glance`]: what is seen of a trial while it goes on |
//! | `drive` | [`Driver`]: what asks a trial's [`Load`]; ours is [`DriverThreads`] |
//! | `audit` | what store and caches hold once a trial is over |
//! | `record` | the manifest |
//! | `warnings` | what a reader should know of a trial |
//! | `observer` | [`Observer`], [`StopFlag`]: what a sweep tells, and how it is told to stop |

mod ab;
mod alarm;
mod audit;
mod blocks_needed;
mod cell_plan;
mod cold_start;
mod composition;
pub mod definition;
mod drive;
mod find_max;
mod glance;
mod instrument;
mod lingering;
mod observer;
mod plan;
mod prediction;
mod record;
mod recovery;
mod resume;
#[cfg(test)]
mod sample_trials;
mod sweep;
mod sweep_error;
mod target;
mod timeline;
mod trial;
mod warm_up;
mod warnings;
mod without_verdict;

pub use ab::{Ab, Build};
pub use audit::audit_stack;
pub use cell_plan::CellPlan;
pub use composition::Composition;
pub use drive::{Asked, DriveError, Driven, Driver, DriverThreads, Load, sleep_until};
pub use find_max::Objective;
pub use glance::{Glance, Judged, Live, Sight};
pub use instrument::{
    Answer, Ended, Instruments, IntervalPart, IntervalPort, Issued, Known, Oracle, OraclePlan, Outcome, Recorded,
    Recorder, Stamped, Versions,
};
pub use observer::{Observer, Silent, StopFlag};
pub use plan::Plan;
pub use record::Labels;
pub use resume::{ResumeError, Unfinished};
pub use sweep::{Sweep, SweepEnd};
pub use sweep_error::SweepError;
pub use target::{Assembler, Probes, Target, TargetError};
pub use timeline::{Event, Moment, Timeline, Window, fault};
pub use warm_up::WarmUp;

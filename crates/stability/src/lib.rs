//! When a cache and its store break down for good: the strategies themselves, in virtual time, over a store of bounded capacity.
//!
//! A cache hides that its store could not bear the load. When the cache loses its entries, reads pile up before the store, their callers give
//! up, the store goes on working for them, and what they would have put into the cache is never put there: the trigger is gone, and
//! the system stays down. That is metastable failure (Bronson and others, HotOS 2021). Whether it happens is a matter of load, of the
//! trigger's size, and of what strategy and policies do; here that is found out without waiting for it.
//!
//! | module | what it holds |
//! |---|---|
//! | `scenario` | [`Scenario`]: workload, deadline, the store's workers and what things cost; two presets |
//! | `load` | [`Load`]: offered load over time, and the [`Trigger`] |
//! | `arm` | [`Arm`]: a strategy with its settings and the policies around it, its cache and its store |
//! | `simulate` | [`simulate()`]: one run in virtual time, to its [`Course`] |
//! | `course` | [`Course`]: what was answered in each window, and when it recovered |
//! | `state` | [`State`]: stable, degraded or stuck |
//! | `map` | [`map()`]: load x size of the trigger, and the boundary |
//! | `hysteresis` | [`recovers_at`]: the load at which a stuck system comes back |
//!
//! **What is real**: strategies, policies and the store's line and workers ([`cachemark_core::Bounded`]) are the ones that are measured.
//! **What is not**: cache and store are in memory, and what they take is slept, on tokio's paused clock. Its step is a millisecond, so
//! times are rounded to whole ones up or down at random, such that their means are kept. The same seed gives the same course.
//!
//! [`simulate()`] makes a runtime of its own: it must not be called on one.

mod arm;
mod cache;
mod clock;
mod course;
mod hysteresis;
mod load;
mod map;
mod pause;
mod scenario;
mod simulate;
mod state;
mod store;

pub use arm::{Arm, ArmError, ArmSettings};
pub use course::{Course, GOOD, LASTING, Window};
pub use hysteresis::{Hysteresis, Step, recovers_at};
pub use load::{Load, Trigger};
pub use map::{Boundary, Cell, Map, Plane, map, point};
pub use scenario::{Cost, Scenario};
pub use simulate::{Run, SimulateError, simulate};
pub use state::{State, StateRule};

//! What cachemark's own parts cost: the stages of an operation and of a report, each alone.
//!
//! The criterion benches give their times, the program `parts` repeats one of them for an instruction counter
//! (`scripts/speed`), and both take them from one list, [`stage::STAGES`].

pub mod policies;
pub mod stage;

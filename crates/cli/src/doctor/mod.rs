//! Looking at the machine before anything is measured on it. One check a file; docs/doctor.md tells the limits and why.
//!
//! A new check is a file here, a line in [`CHECKS`] and a row in docs/doctor.md; CONTRIBUTING.md has the rest.

mod build;
mod cgroup;
mod clock;
mod disk;
mod finding;
mod governor;
mod ground;
mod meminfo;
mod memory;
mod neighbours;
pub(crate) mod noise;
mod null_cell;
mod open_files;
mod own_sweep;
mod pressure;
mod processes;
mod processors;
mod programs;
mod steal;
mod swap;
mod virtual_machine;
mod wake_up;

pub(crate) use finding::{Finding, Level};
pub(crate) use ground::Ground;

/// Looks at one thing; several findings where they come from one look.
type Check = fn(&Ground) -> Vec<Finding>;

/// Every check, in the order of the table: the program, its place, its limits, what is busy, and what it has to work with.
const CHECKS: &[Check] = &[
    build::check,
    null_cell::check,
    noise::check,
    processors::check,
    cgroup::check,
    virtual_machine::check,
    governor::check,
    clock::check,
    wake_up::check,
    neighbours::check,
    steal::check,
    pressure::check,
    memory::check,
    swap::check,
    open_files::check,
    processes::check,
    disk::check,
    programs::check,
];

/// Runs every check, one after another: some of them would disturb the others.
pub(crate) fn examine(ground: &Ground) -> Vec<Finding> {
    CHECKS.iter().flat_map(|check| check(ground)).collect()
}

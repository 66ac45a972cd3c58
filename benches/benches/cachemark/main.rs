//! All benches in one program, so that they are linked once: `cargo bench`, or `cargo bench -- strategies`.
//!
//! They need no server. Figures of one run may be compared with each other; those of two runs only as far as the
//! machine was as quiet.

mod keys;
mod stages;
mod stamp;
mod strategies;
mod support;

use criterion::{Criterion, criterion_group};

criterion_group!(
    benches,
    keys::operations,
    stamp::seal_and_check,
    stages::stages,
    strategies::hits,
    strategies::misses,
    strategies::writes
);

fn main() {
    // criterion draws with plotters, which in this build knows no font but those registered.
    cachemark_report::register_fonts();
    benches();
    Criterion::default().configure_from_args().final_summary();
}

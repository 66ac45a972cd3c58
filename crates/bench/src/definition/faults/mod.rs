//! The faults of a definition: read, checked, printed.

mod check;
mod fit;
mod print;
mod written;

pub(super) use fit::Whose;
pub(super) use print::tables;
pub(super) use written::{MOST_S, WrittenFault};

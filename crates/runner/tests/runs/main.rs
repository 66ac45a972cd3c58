//! Whole runs over scripted parts.

mod open_loop;
mod resume;
mod scripted_stack;
mod sweep;

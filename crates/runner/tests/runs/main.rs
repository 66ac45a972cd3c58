//! Whole runs over scripted parts.

mod open_loop;
mod scripted_stack;
mod sweep;

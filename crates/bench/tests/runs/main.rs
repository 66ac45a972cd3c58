//! Whole runs over scripted parts.

mod cache_failures;
mod faults;
mod find_max;
mod hop_times;
mod loads;
mod open_loop;
mod prewarm;
mod resume;
mod scripted_stack;
mod sweep;
mod timeline;

//! What a terminal shows, at the widths that terminals have.

mod assertions;
mod closed_loop;
mod cold_start;
mod long_names;
mod open_loop;
#[path = "../sample/mod.rs"]
mod sample;
mod search;
mod support;
mod widths;

//! Which arms keep to what is asked, over made-up records.

mod answers;
mod brute_force;
mod judged;
#[path = "../sample/mod.rs"]
mod sample;
mod sheets;
mod support;

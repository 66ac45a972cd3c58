//! What a run comes to, on made-up records: each rule of `cachemark_report::answer` has a test here.

mod breaks;
mod candidates;
mod depends;
mod durability;
mod faces;
mod figures;
mod grades;
mod many;
mod none;
mod others;
#[path = "../sample/mod.rs"]
mod sample;
mod support;
mod tie;
mod titles;
mod winner;

//! Is a cache worth it: records worked out by hand, and records that lack what it takes.

#[path = "../sample/mod.rs"]
mod sample;

mod by_hand;
mod lacking;
mod made;
mod shown;
mod withheld;

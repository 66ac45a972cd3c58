//! Pages in a browser: what only a browser tells of them. Each check is fed the fault that it is for, too.

#[path = "../sample/mod.rs"]
mod sample;

mod checks;
mod chromium;
mod faults;
mod hostile;
mod made;
mod pages;

//! What a build leaves out, and how to build what has it.

use std::fmt;

/// Something that this program can do and this build of it cannot. Printed, it says so, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// What it is called in definitions and flags.
    pub name: &'static str,
    /// The feature of `cachemark-cli` that has it.
    pub feature: &'static str,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, feature } = self;
        write!(f, "{name} is not in this build: build cachemark with `--features {feature}`")
    }
}

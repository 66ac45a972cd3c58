//! `cachemark workload`: the presets, and what a definition comes to.

use crate::args::{WorkloadAction, WorkloadArgs};
use crate::exit::{Exit, Failure};
use crate::output::say;
use crate::presets::{PRESETS, definition, text};
use crate::stack::StackKind;
use cachemark_runner::definition::Overrides;

pub(crate) fn run(args: &WorkloadArgs) -> Result<Exit, Failure> {
    match &args.action {
        WorkloadAction::List => {
            for preset in PRESETS {
                let definition = definition(preset.name, Overrides::default(), StackKind::Embedded)?;
                say(&format!("{:<12} {}", preset.name, definition.description));
            }
        }
        WorkloadAction::Show { workload } if is_for_load(workload)? => {
            say(super::load::read(workload)?.to_toml().trim_end());
        }
        WorkloadAction::Check { workload } if is_for_load(workload)? => {
            super::load::read(workload)?;
            say(&format!("{workload}: good, for cachemark load"));
        }
        WorkloadAction::Show { workload } => {
            say(definition(workload, Overrides::default(), StackKind::Embedded)?.to_toml().trim_end());
        }
        WorkloadAction::Check { workload } => {
            let definition = definition(workload, Overrides::default(), StackKind::Embedded)?;
            say(&format!("{workload}: good (hash {})", definition.hash()));
        }
    }
    Ok(Exit::Pass)
}

/// Whether the definition has the tables that `cachemark load` alone takes.
fn is_for_load(workload: &str) -> Result<bool, Failure> {
    let (_, bytes) = text(workload)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().any(|line| line.trim_start().starts_with("[http")))
}

//! A short sweep of the doctor's own, over an embedded stack, that leaves nothing behind.

use crate::assemble::Assembly;
use crate::catalogue::{capabilities, catalogue};
use crate::exit::Failure;
use crate::provenance;
use crate::stack::{Stack, StackKind};
use cachemark_bench::definition::{Definition, Draft, Overrides};
use cachemark_bench::{DriverThreads, Labels, Plan, Silent, StopFlag, Sweep};
use cachemark_results::{Environment, Run};
use cachemark_stack::{Addresses, Scratch};

/// Its record, and the folder that goes with it when it is dropped.
pub(crate) struct OwnSweep {
    pub(crate) run: Run,
    _folder: Scratch,
}

/// Runs the definition with that strategy alone.
pub(super) fn sweep(of: &str, definition: &str, strategy: &str) -> Result<OwnSweep, Failure> {
    let overrides = Overrides { strategies: Some(vec![strategy.to_owned()]), ..Overrides::default() };
    let draft = Draft::read(of, definition.as_bytes())?.with(overrides);
    let definition = Definition::resolve(draft, &catalogue(StackKind::Embedded))?;
    let background = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Failure::System("start a runtime", error))?;
    let folder = Scratch::new()?;
    let stack = Stack::up(StackKind::Embedded, &definition, Addresses::default())?;
    let end = Sweep {
        definition: &definition,
        plan: &Plan::lay_out(&definition, capabilities),
        assembler: &Assembly::over(&stack, &definition)?,
        driver: &DriverThreads,
        out: folder.path(),
        environment: &Environment::capture(provenance::tool(), Vec::new(), stack.placement()),
        labels: &Labels::default(),
        key_prefix: "cm:",
        servers: stack.control(),
        background: background.handle(),
        stop: &StopFlag::default(),
    }
    .run(&mut Silent)?;
    Ok(OwnSweep { run: Run::open(&end.folder)?, _folder: folder })
}

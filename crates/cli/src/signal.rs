//! Ctrl-C and SIGTERM: the first asks the sweep to stop and keeps what was measured, the second ends at once.

use crate::exit::Exit;
use cachemark_runner::StopFlag;
use std::io::Write;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens on the runtime until it ends. `at_once` is what must be done even when the program ends at once.
///
/// # Errors
/// If the system lets no handler be set.
pub(crate) fn listen(
    runtime: &tokio::runtime::Runtime,
    stop: StopFlag,
    at_once: impl FnOnce() + Send + 'static,
) -> std::io::Result<()> {
    let _inside = runtime.enter();
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    runtime.spawn(async move {
        next(&mut interrupt, &mut terminate).await;
        stop.stop();
        let _ = writeln!(std::io::stderr(), "stopping; what was measured is kept (once more to end at once)");
        next(&mut interrupt, &mut terminate).await;
        at_once();
        end_at_once();
    });
    Ok(())
}

async fn next(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[expect(clippy::exit, reason = "the user has asked twice: nothing is worth waiting for")]
fn end_at_once() {
    std::process::exit(Exit::Interrupted as i32);
}

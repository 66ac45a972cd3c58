//! Ctrl-C and SIGTERM: the first asks the sweep to stop and keeps what was measured, the second ends at once.

use crate::exit::Exit;
use cachemark_bench::StopFlag;
use std::io::Write;
use std::task::Poll;
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
    // A terminal that was closed is told like a Ctrl-C.
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let mut signals = kinds.into_iter().map(signal).collect::<std::io::Result<Vec<_>>>()?;
    runtime.spawn(async move {
        next(&mut signals).await;
        stop.stop();
        let _ = writeln!(std::io::stderr(), "stopping; what was measured is kept (once more to end at once)");
        next(&mut signals).await;
        at_once();
        end_at_once();
    });
    Ok(())
}

/// Waits for the first of them.
async fn next(signals: &mut [Signal]) {
    std::future::poll_fn(|context| {
        let ready = signals.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
        if ready { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[expect(clippy::exit, reason = "the user has asked twice: nothing is worth waiting for")]
fn end_at_once() {
    std::process::exit(Exit::Interrupted as i32);
}

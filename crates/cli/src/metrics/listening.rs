//! Where a run's metrics are asked for.

use super::run::RunMetrics;
use crate::args::MetricsArgs;
use crate::exit::Failure;
use cachemark_bench::StopFlag;
use cachemark_service::serve_metrics;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often it is looked whether the last scrape has come.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Metrics that can be asked for, until this is ended.
pub(crate) struct Listening {
    pub(crate) metrics: Arc<RunMetrics>,
    pub(crate) address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Listening {
    /// Listens for a run of `command`, if that was asked for.
    pub(crate) fn begin(
        command: &'static str,
        args: &MetricsArgs,
        quiet: bool,
        background: &Runtime,
    ) -> Result<Option<Self>, Failure> {
        let Some(asked) = args.metrics_listen else { return Ok(None) };
        if !asked.ip().is_loopback() && !args.metrics_public {
            return Err(Failure::Usage(format!(
                "--metrics-listen {asked} is more than this machine: whoever reaches it reads, without a password, what is measured \
                 (names of arms and cells, the record's name, counts and times); add --metrics-public if they may, or listen \
                 on 127.0.0.1"
            )));
        }
        if quiet && asked.port() == 0 {
            let text = "--metrics-listen with port 0 and --quiet: nobody would be told the port; name one";
            return Err(Failure::Usage(text.into()));
        }
        let bound = background.block_on(TcpListener::bind(asked));
        let listener = bound.map_err(|error| Failure::ListenForMetrics(asked, error))?;
        let address = listener.local_addr().map_err(|error| Failure::System("listen", error))?;
        let metrics = Arc::new(RunMetrics::new(command));
        let (stop, mut stopped) = watch::channel(false);
        let page = Arc::clone(&metrics);
        let server = background.spawn(serve_metrics(listener, move || page.scraped(), async move {
            // An error says that there is nobody left who could say it.
            let _ = stopped.wait_for(|stopped| *stopped).await;
        }));
        Ok(Some(Self { metrics, address, stop, server }))
    }

    /// Waits until whoever asks at intervals has heard of the end, and ends. `tell` hears how long that may take, if it takes any time.
    pub(crate) fn end(self, background: &Runtime, stop: &StopFlag, tell: impl FnOnce(Duration)) {
        if let Some(due) = self.metrics.last_scrape_due().filter(|_| !stop.is_stopped()) {
            tell(due);
        }
        background.block_on(async {
            while self.metrics.last_scrape_due().is_some() && !stop.is_stopped() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
            self.stop.send_replace(true);
            // It has answered whom it had heard by then.
            let _ = self.server.await;
        });
    }
}

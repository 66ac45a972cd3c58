//! Metrics of a run, for Prometheus.

use super::address::listen_address;
use clap::Args as ClapArgs;
use std::net::SocketAddr;

#[derive(Debug, Default, ClapArgs)]
pub(crate) struct MetricsArgs {
    /// Give metrics of the run as Prometheus takes them, at http://ADDRESS/metrics while it goes on; port 0 takes a free one, told on
    /// stderr. See docs/watching.md.
    #[arg(long, value_name = "ADDRESS", value_parser = listen_address)]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// Let --metrics-listen be beyond this machine: whoever reaches it reads names, counts and times without a password.
    #[arg(long, requires = "metrics_listen")]
    pub(crate) metrics_public: bool,
}

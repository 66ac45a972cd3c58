//! The arguments of `cachemark explain`.

use clap::Args as ClapArgs;

#[derive(Debug, ClapArgs)]
pub(crate) struct ExplainArgs {
    /// Figures, codes of warnings and anomalies, as pages and tables have them. Without any: all of them, a line each.
    #[arg(value_name = "FIGURE|WARNING|ANOMALY")]
    pub(crate) names: Vec<String>,
    /// Print them as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

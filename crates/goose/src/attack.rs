//! Goose, set up from code.

use crate::session::{self, Shared};
use goose::config::GooseConfiguration;
use goose::goose::{GooseUser, Scenario, Transaction, TransactionFunction};
use goose::metrics::GooseMetrics;
use goose::{GooseAttack, GooseError};
use std::path::PathBuf;
use std::sync::Arc;

/// What does not depend on the load. One iteration is one session, so the run ends when the last session has. No
/// coordinated-omission mitigation: it makes samples up. Nor does goose reset its counts when all users have started: with
/// iterations, it never does.
const ALWAYS: &str = "--quiet --no-telnet --no-print-metrics --no-gzip --iterations 1 --co-mitigation disabled";

/// Runs the sessions as goose's users; returns what goose counted.
pub(crate) async fn attack(shared: Arc<Shared>, hatch: f64, reports: Vec<PathBuf>) -> Result<GooseMetrics, GooseError> {
    // Goose prints a line to standard output for each request that fails, whatever its flags, unless there is a logger already; data
    // alone belongs there, and the failures are counted. Where the program has none, the one that writes nothing is set as such.
    let _ = log::set_logger(log::logger());
    let configuration = GooseConfiguration::parse_args_default(&arguments(&shared, hatch, &reports))?;
    let function: TransactionFunction = Arc::new(move |user: &mut GooseUser| {
        let shared = Arc::clone(&shared);
        Box::pin(async move {
            session::run(&shared, user).await;
            Ok(())
        })
    });
    let scenario = Scenario::new("workload").register_transaction(Transaction::new(function).set_name("session"));
    GooseAttack::initialize_with_config(configuration)?.register_scenario(scenario).execute().await
}

/// Goose's flags. The base URL goes without its secrets, since goose writes it into its reports.
fn arguments(shared: &Shared, hatch: f64, reports: &[PathBuf]) -> Vec<String> {
    let of_load = [
        ("--host", shared.target().base_url.to_string()),
        ("--users", shared.load.driving.clients.to_string()),
        ("--increase-rate", hatch.to_string()),
    ];
    let reports = reports.iter().map(|file| ("--report-file", file.to_string_lossy().into_owned()));
    let given = of_load.into_iter().chain(reports).flat_map(|(flag, value)| [flag.to_owned(), value]);
    ALWAYS.split(' ').map(String::from).chain(given).collect()
}

//! Goose, set up from code.

use crate::session::{self, Shared};
use goose::GooseAttack;
use goose::config::GooseConfiguration;
use goose::goose::{GooseUser, Scenario, Transaction, TransactionFunction};
use goose::metrics::GooseMetrics;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Requests by method and name (`GET read`): how many were answered, and how many were not.
pub(crate) type Counts = BTreeMap<String, (u64, u64)>;

/// Runs the sessions as goose's users; returns what goose counted.
pub(crate) async fn attack(shared: Arc<Shared>, hatch: f64, reports: &[PathBuf]) -> Result<Counts, String> {
    // Its errors tell what was wrong in their debug form alone.
    let failed = |error: goose::GooseError| format!("{error:?}");
    be_quiet();
    let arguments = arguments(&shared, hatch, reports);
    let configuration = GooseConfiguration::parse_args_default(&arguments).map_err(failed)?;
    let function: TransactionFunction = Arc::new(move |user: &mut GooseUser| {
        let shared = Arc::clone(&shared);
        Box::pin(async move {
            session::run(&shared, user).await;
            Ok(())
        })
    });
    let scenario = Scenario::new("workload").register_transaction(Transaction::new(function).set_name("session"));
    let attack = GooseAttack::initialize_with_config(configuration).map_err(failed)?.register_scenario(scenario);
    Ok(counts(&attack.execute().await.map_err(failed)?))
}

/// Goose's flags. One iteration is one session, so the run ends when the last session has. The base URL goes without its
/// secrets, since goose writes it into its reports. No coordinated-omission mitigation: it makes samples up. Nor does
/// it reset its counts when all users have started: with iterations, it never does.
fn arguments(shared: &Shared, hatch: f64, reports: &[PathBuf]) -> Vec<String> {
    let mut arguments: Vec<String> =
        ["--quiet", "--no-telnet", "--no-print-metrics", "--no-gzip"].map(String::from).into();
    let mut put = |flag: &str, value: String| arguments.extend([flag.to_owned(), value]);
    put("--host", shared.target().base_url.to_string());
    put("--users", shared.load.driving.clients.to_string());
    put("--increase-rate", hatch.to_string());
    put("--iterations", "1".into());
    put("--co-mitigation", "disabled".into());
    for file in reports {
        put("--report-file", file.to_string_lossy().into_owned());
    }
    arguments
}

fn counts(metrics: &GooseMetrics) -> Counts {
    let of = |request: &goose::metrics::GooseRequestMetricAggregate| {
        (request.success_count as u64, request.fail_count as u64)
    };
    metrics.requests.iter().map(|(name, request)| (name.clone(), of(request))).collect()
}

/// Goose prints a line to standard output for each request that fails, whatever its flags, unless there is a logger already;
/// data alone belongs there, and the failures are counted. Where the program has none, the one that stands for none, which
/// writes nothing, is set as such.
fn be_quiet() {
    let _ = log::set_logger(log::logger());
}

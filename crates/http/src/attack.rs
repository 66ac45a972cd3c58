//! Goose, set up from code.

use crate::recorder::RequestCounts;
use crate::session::{self, Shared};
use crate::{LoadError, LoadPlan};
use goose::GooseAttack;
use goose::config::GooseConfiguration;
use goose::goose::{GooseUser, Scenario, Transaction, TransactionFunction};
use goose::metrics::GooseMetrics;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What goose itself counted over the whole run, warm-up and preload included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GooseFigures {
    /// Requests by method and name (`GET read`).
    pub requests: BTreeMap<String, RequestCounts>,
    /// Response times that goose kept, by the same names.
    pub timed: BTreeMap<String, u64>,
    /// Its report as a page, which fetches its chart library from the network when it is opened.
    pub html: Option<PathBuf>,
    /// Its report as JSON.
    pub json: Option<PathBuf>,
}

impl GooseFigures {
    /// All of its requests.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.requests.values().map(|counts| counts.success + counts.fail).sum()
    }
}

/// Runs the sessions as goose's users.
pub(crate) async fn attack(shared: Arc<Shared>) -> Result<GooseFigures, LoadError> {
    // Its errors tell what was wrong in their debug form alone.
    let failed = |error: goose::GooseError| LoadError::client("running goose", format!("{error:?}"));
    be_quiet();
    let plan = shared.plan.clone();
    let reports = report_files(&plan);
    let configuration = GooseConfiguration::parse_args_default(&arguments(&plan, &reports)).map_err(failed)?;
    let function: TransactionFunction = Arc::new(move |user: &mut GooseUser| {
        let shared = Arc::clone(&shared);
        Box::pin(async move {
            session::run(&shared, user).await;
            Ok(())
        })
    });
    let scenario = Scenario::new("workload").register_transaction(Transaction::new(function).set_name("session"));
    let attack = GooseAttack::initialize_with_config(configuration).map_err(failed)?.register_scenario(scenario);
    let metrics = attack.execute().await.map_err(failed)?;
    let [html, json] = reports.map_or([None, None], |files| files.map(Some));
    Ok(GooseFigures { html, json, ..figures(&metrics) })
}

/// Goose's flags. One iteration is one session, so the run ends when the last session has. The base URL goes without its
/// secrets, since goose writes it into its reports. No coordinated-omission mitigation: it makes samples up. Nor does
/// it reset its counts when all users have started: with iterations, it never does.
fn arguments(plan: &LoadPlan, reports: &Option<[PathBuf; 2]>) -> Vec<String> {
    let mut arguments: Vec<String> =
        ["--quiet", "--no-telnet", "--no-print-metrics", "--no-gzip"].map(String::from).into();
    let mut put = |flag: &str, value: String| arguments.extend([flag.to_owned(), value]);
    put("--host", plan.base_url.to_string());
    put("--users", plan.users.to_string());
    put("--increase-rate", plan.rate().to_string());
    put("--iterations", "1".into());
    put("--co-mitigation", "disabled".into());
    // Each user's client has the plan's own timeouts; this is for clients that goose makes and nobody uses.
    put("--timeout", format!("{:.3}", plan.timeout.as_secs_f64().max(0.001)));
    for file in reports.iter().flatten() {
        put("--report-file", file.to_string_lossy().into_owned());
    }
    arguments
}

fn report_files(plan: &LoadPlan) -> Option<[PathBuf; 2]> {
    let (folder, name) = plan.goose_reports.as_ref()?;
    Some(["html", "json"].map(|ending| folder.join(format!("{name}.{ending}"))))
}

fn figures(metrics: &GooseMetrics) -> GooseFigures {
    let mut figures = GooseFigures::default();
    for (name, request) in &metrics.requests {
        let counts = RequestCounts { success: request.success_count as u64, fail: request.fail_count as u64 };
        figures.requests.insert(name.clone(), counts);
        figures.timed.insert(name.clone(), request.raw_data.counter as u64);
    }
    figures
}

/// Goose prints a line to standard output for each request that fails, whatever its flags; data alone belongs there, and
/// the failures are counted. Its log goes nowhere, unless the program has a logger already.
fn be_quiet() {
    struct Nowhere;
    impl log::Log for Nowhere {
        fn enabled(&self, _: &log::Metadata<'_>) -> bool {
            false
        }
        fn log(&self, _: &log::Record<'_>) {}
        fn flush(&self) {}
    }
    let _ = log::set_logger(&Nowhere);
}

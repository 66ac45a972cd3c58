//! Every key written over HTTP before a trial.

use crate::{HttpError, HttpTarget};
use cachemark_bench::StopFlag;
use cachemark_core::PreloadRows;
use cachemark_results::{Warning, warning};
use cachemark_workload::OperationKind;
use futures::stream::StreamExt;
use std::sync::Arc;
use std::time::Duration;

/// After so many failures, and nothing written, nobody tries the rest.
const HOPELESS: u64 = 48;

/// What became of the keys that were to be written.
#[derive(Debug, Default)]
pub(crate) struct Preloaded {
    keys: u64,
    pub(crate) failed: u64,
    /// What the first failure said.
    said: Option<String>,
}

impl Preloaded {
    /// Writes `rows` to the service of `target`, until `stop` is asked; a request may take `timeout`. Its connections are gone before
    /// the trial begins: nothing but the sessions is connected to the service then.
    pub(crate) async fn by(
        target: &HttpTarget,
        rows: &dyn PreloadRows,
        timeout: Duration,
        stop: &StopFlag,
    ) -> Result<Self, HttpError> {
        let target = HttpTarget::new(Arc::clone(&target.templates), target.base_url.clone(), 1)?;
        let mut preloaded = Self { keys: rows.count(), failed: rows.count(), said: None };
        let writes = (0..rows.count()).map(|index| rows.row(index));
        let mut answers = target.ask_beside(OperationKind::Write, writes, timeout);
        let mut failures = 0;
        while let Some((_, answer)) = answers.next().await {
            match target.templates.done(OperationKind::Write, answer) {
                Ok(_) => preloaded.failed -= 1,
                Err(error) => {
                    failures += 1;
                    preloaded.said.get_or_insert_with(|| error.to_string());
                }
            }
            let hopeless = failures >= HOPELESS && preloaded.failed == preloaded.keys;
            if hopeless || stop.is_stopped() {
                break;
            }
        }
        Ok(preloaded)
    }

    /// What a reader should know of it.
    pub(crate) fn remark(&self) -> Option<Warning> {
        let Self { keys, failed, said } = self;
        let said = said.as_deref().unwrap_or("it was stopped");
        if *failed == 0 {
            None
        } else if failed == keys {
            let text = format!("none of {keys} keys could be written before the run ({said})");
            Some(Warning::new(warning::PRELOAD_FAILED, format!("{text}: is [http.write] as the service takes it?")))
        } else {
            let text = format!("{failed} of {keys} keys could not be written before the run ({said})");
            Some(Warning::new(warning::PRELOAD_FAILURES, format!("{text}: reads of them find nothing")))
        }
    }
}

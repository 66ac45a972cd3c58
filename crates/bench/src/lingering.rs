//! Operations that outlive their trial: a client gave them up, and the store is still at them.
//!
//! They would be carried out after the next trial's reset, in its rows. So a trial waits for them before it ends, and tells if it
//! waited in vain.

use cachemark_core::StoreProbe;
use cachemark_results::{Warning, warning};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long they are waited for.
const PATIENCE: Duration = Duration::from_secs(10);
const STEP: Duration = Duration::from_millis(2);

/// Waits until the store is through with what was asked of it; warns of what it is not through with in time, and if it cannot be
/// asked: what was measured stands. To be called once nobody waits for an answer any more.
pub(crate) async fn wait_for(store: &dyn StoreProbe) -> Option<Warning> {
    let limit = Instant::now() + PATIENCE;
    loop {
        match store.unfinished().await {
            Ok(0) => return None,
            Ok(left) if Instant::now() >= limit => return Some(warning(left)),
            Ok(_) => sleep(STEP).await,
            Err(error) => {
                let text = format!(
                    "whether the store was still at operations that their clients had given up could not be asked: {error}"
                );
                return Some(Warning::new(warning::LINGERING, text));
            }
        }
    }
}

fn warning(left: u64) -> Warning {
    let text = format!(
        "the store was still at {left} operations that their clients had given up {} s after the last: what they write the next \
         trial may find",
        PATIENCE.as_secs()
    );
    Warning::new(warning::LINGERING, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::{Counters, Key, PreloadRows, Probe, ProbeFuture, Row, Seeing, StoreError};
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// A store that is through with one operation each time that it is asked, down to `never`; or that has gone.
    #[derive(Default)]
    struct Busy {
        left: AtomicU64,
        never: u64,
        gone: bool,
    }

    impl Probe<StoreError> for Busy {
        fn ping(&self) -> ProbeFuture<'_, Duration, StoreError> {
            unreachable!("nobody asks")
        }

        fn version(&self) -> ProbeFuture<'_, String, StoreError> {
            unreachable!("nobody asks")
        }

        fn settings(&self) -> ProbeFuture<'_, BTreeMap<String, String>, StoreError> {
            unreachable!("nobody asks")
        }

        fn counters(&self) -> ProbeFuture<'_, Counters, StoreError> {
            unreachable!("nobody asks")
        }
    }

    impl StoreProbe for Busy {
        fn reset<'a>(&'a self, _rows: &'a dyn PreloadRows) -> ProbeFuture<'a, (), StoreError> {
            unreachable!("nobody asks")
        }

        fn unfinished(&self) -> ProbeFuture<'_, u64, StoreError> {
            let left = self.left.load(Ordering::Relaxed);
            self.left.store(left.saturating_sub(1).max(self.never), Ordering::Relaxed);
            let gone = StoreError::Unavailable("it is gone".into());
            Box::pin(async move { if self.gone { Err(gone) } else { Ok(left) } })
        }

        fn inspect<'a>(&'a self, _key: &'a Key) -> ProbeFuture<'a, Row, StoreError> {
            unreachable!("nobody asks")
        }

        fn look<'a>(&'a self, _keys: &'a [Key], _see: &'a mut Seeing<'a, Row>) -> ProbeFuture<'a, (), StoreError> {
            unreachable!("nobody asks")
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_ends_is_waited_for_and_what_does_not_is_told() {
        let ends = Busy { left: 3.into(), ..Busy::default() };
        assert_eq!(wait_for(&ends).await, None);
        assert_eq!(ends.left.load(Ordering::Relaxed), 0);
        let hangs = Busy { left: 3.into(), never: 2, ..Busy::default() };
        let told = wait_for(&hangs).await.unwrap();
        assert_eq!(told.code, "lingering");
        assert!(told.text.contains("still at 2 operations"), "{}", told.text);
    }

    #[tokio::test]
    async fn a_store_that_cannot_be_asked_is_told_and_costs_no_trial() {
        let told = wait_for(&Busy { gone: true, ..Busy::default() }).await.unwrap();
        assert_eq!(told.code, "lingering");
        assert!(told.text.contains("could not be asked") && told.text.contains("it is gone"), "{}", told.text);
    }
}

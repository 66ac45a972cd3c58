//! Waiting for the server's crawler, which lists keys for one client at a time and for the server's own housekeeping.

use cachemark_core::CacheError;
use std::time::Duration;
use tokio::time::Instant;

/// How long a crawler that works for others is waited for: far longer than it takes for a few million keys.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// How long before it is asked again.
const PAUSE: Duration = Duration::from_millis(25);

/// Asks, and asks again while the server answers that it is busy, for `patience` at most; then the last answer stands.
pub(super) async fn until_free<T, F>(patience: Duration, mut ask: impl FnMut() -> F) -> Result<T, CacheError>
where
    F: Future<Output = Result<T, CacheError>>,
{
    let until = Instant::now() + patience;
    loop {
        match ask().await {
            Err(CacheError::Rejected(answer)) if answer.starts_with("BUSY") => {
                if Instant::now() >= until {
                    return Err(CacheError::Rejected(format!(
                        "{answer} (for {patience:?}: somebody else's crawler request on this server does not end)"
                    )));
                }
                tokio::time::sleep(PAUSE).await;
            }
            answer => return answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUSY: &str = "BUSY currently processing crawler request";

    /// An answer of a server that is busy for the first `busy` times, and how often it was asked.
    async fn ask(busy: u32, otherwise: Result<u32, CacheError>) -> (Result<u32, CacheError>, u32) {
        let mut asked = 0;
        let answer = until_free(PATIENCE, || {
            asked += 1;
            let answer = if asked <= busy { Err(CacheError::Rejected(BUSY.to_owned())) } else { otherwise.clone() };
            async { answer }
        });
        (answer.await, asked)
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_crawler_is_asked_again_until_it_is_free() {
        assert_eq!(ask(0, Ok(7)).await, (Ok(7), 1));
        assert_eq!(ask(3, Ok(7)).await, (Ok(7), 4));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_stays_busy_is_given_up_with_its_own_words() {
        let (answer, asked) = ask(u32::MAX, Ok(7)).await;
        let CacheError::Rejected(text) = answer.unwrap_err() else { panic!("not what the server said") };
        assert!(text.starts_with(BUSY), "{text}");
        assert_eq!(asked as u128, PATIENCE.as_millis() / PAUSE.as_millis() + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn any_other_refusal_stands_at_once() {
        let refused = Err(CacheError::Rejected("ERROR lru crawler disabled".to_owned()));
        assert_eq!(ask(0, refused.clone()).await, (refused, 1));
    }
}

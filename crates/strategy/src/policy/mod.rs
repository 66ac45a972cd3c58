//! What strategies are made of: joined loads, locks for keys, guarded fills, times to live. And what stands around caches, stores and
//! strategies where something breaks (`crate::resilience` puts it there): retries, circuit breakers, limits,
//! throttles, an outbox.

mod backoff;
mod breaker;
mod by_key;
mod deadline;
mod draw;
mod expiry;
mod fill_guard;
mod in_flight;
mod key_lock;
mod limit;
mod outbox;
mod retry;
mod retry_budget;
mod single_flight;
mod throttle;

pub use backoff::{Backoff, Jitter};
pub use breaker::{Admitted, Breaker, BreakerCounts, BreakerRule, Ended, Phase};
pub(crate) use deadline::within;
pub(crate) use draw::{draw, unit};
pub use expiry::{Expiry, Fill};
pub use fill_guard::{FillGuard, Loading};
pub use in_flight::{InFlight, Ticket};
pub use key_lock::{KeyGuard, KeyLocks};
pub use limit::{Limit, LimitCounts, LimitRule, Place, TurnedAway};
pub use outbox::{Due, Kept, Outbox, OutboxCounts};
pub(crate) use retry::Trying;
pub use retry::{Repeatable, Retry, RetryCounts, RetryRule, Tries};
pub use retry_budget::RetryBudget;
pub use single_flight::{Boarding, Died, Flights, Join, Lead};
pub use throttle::{FixedWindow, Law, Throttle, ThrottleRule, TokenBucket};

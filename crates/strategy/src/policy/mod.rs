//! What strategies are made of: joined loads, locks for keys, times to live.

mod by_key;
mod deadline;
mod expiry;
mod in_flight;
mod key_lock;
mod single_flight;

pub(crate) use deadline::within;
pub use expiry::{Expiry, Fill};
pub use in_flight::{InFlight, Ticket};
pub use key_lock::{KeyGuard, KeyLocks};
pub use single_flight::{Boarding, Died, Flights, Join, Lead};

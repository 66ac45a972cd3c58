//! What strategies are made of: joined loads, locks for keys, guarded fills, times to live.

mod by_key;
mod deadline;
mod draw;
mod expiry;
mod fill_guard;
mod in_flight;
mod key_lock;
mod single_flight;

pub(crate) use deadline::within;
pub(crate) use draw::{draw, unit};
pub use expiry::{Expiry, Fill};
pub use fill_guard::{FillGuard, Loading};
pub use in_flight::{InFlight, Ticket};
pub use key_lock::{KeyGuard, KeyLocks};
pub use single_flight::{Boarding, Died, Flights, Join, Lead};

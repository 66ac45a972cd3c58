//! goose as a driver of loads on HTTP services.
//!
//! Each of goose's users is one session of the load. Goose would call a transaction again and again; here one transaction is the
//! whole session, so a session ends where the window does, to the operation, and nothing is cut off or left uncounted.
//!
//! **Goose is a closed loop for each user**: a user asks, waits for the answer, and asks again. So there is no offered load,
//! no intended start and no response time, and a service that stalls is asked less while it stalls. The times are ours, from the call
//! into goose to the last byte of the body; goose's own stop at the headers.
//!
//! **Goose's coordinated-omission option is off.** It fills the gaps that a stall leaves with samples that it makes up from
//! the pace before the stall; made-up samples are no measurement. For the waits that a closed loop hides there is the open loop
//! of our own driver.
//!
//! Goose's own reports go into a folder. Its HTML page fetches its chart library from a CDN; ours needs nothing.

mod attack;
mod driver;
mod session;
mod stdout;
mod threads;

pub use driver::GooseDriver;

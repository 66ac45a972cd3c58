//! Every strategy is held to the anomaly suite: what its descriptor declares is what the suite sees, and nothing else.

mod arms;
mod guarded;
mod held;
mod page;
mod scripted;
mod servers;
mod unreached;

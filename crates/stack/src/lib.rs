//! Servers brought up, checked, watched and torn down.
//!
//! | module | what it holds |
//! |---|---|
//! | [`native`] | [`Native`]: private servers on free loopback ports, gone with the run |
//! | `external` | [`Addresses`]: servers that somebody else runs |
//! | `fault` | [`impossible`], [`failed`]: faults in words; what can be done to which kind of server ([`ServerKind::can`]) |
//! | `proxy` | [`Proxy`]: what stands between us and a server, to spoil the way |
//! | `orphans` | [`stacks`], [`clear`]: what a killed run left behind, known by process id, start time, user and marker |
//! | `scratch` | [`Scratch`]: a folder that a run keeps for itself, marked as a stack's is |
//! | `folder`, `marker`, `password` | what is ours in a temporary folder that everybody may write to; who may log in |
//! | `process` | [`Process`]: a process that cannot be mistaken for another; its CPU time; all that descends from it |
//! | `leftovers` | what a killed process leaves in shared memory |
//! | `server` | [`SERVERS`]: every kind of server, one a file; [`server_settings`]: what can be set of those that are started |
//! | `programs`, `account`, `port` | what the machine has: programs, an ordinary user, free ports |
//!
//! Every server runs in a process group of its own, so that Ctrl-C in a terminal reaches cachemark first.

mod account;
mod error;
mod external;
mod fault;
mod folder;
mod leftovers;
mod marker;
pub mod native;
mod orphans;
mod password;
mod port;
mod process;
mod programs;
mod proxy;
mod scratch;
mod server;

pub use error::StackError;
pub use external::{Address, AddressError, AddressSource, Addresses};
pub use fault::{failed, impossible};
pub use native::{Native, NativeOptions};
pub use orphans::{FoundServer, FoundStack, Holder, clear, stacks};
pub use process::{Process, ProcessId};
pub use proxy::{Place, Proxy};
pub use scratch::Scratch;
pub use server::{Compose, SERVERS, ServerKind, ServerOptions, program, server_settings};

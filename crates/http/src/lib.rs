//! HTTP services as targets of a sweep.
//!
//! A service that answers over HTTP, ours or anybody's, is asked as a strategy is: [`HttpTarget`] turns each operation into a
//! request and each answer into an outcome. What a request looks like, and what of its answer tells a hit, are templates
//! ([`HttpTemplates`]), read from the table `[http]` of a definition; by default they are those of our own service.
//!
//! | module | what it holds |
//! |---|---|
//! | `spoken` | [`Spoken`]: a definition whose arms are services |
//! | [`section`] | the table `[http]`: read with every mistake at once, and printed |
//! | [`http`] | [`HttpTemplates`]: from operation to request, from answer to outcome |
//! | `base_url` | [`BaseUrl`]: where a service is, its secrets out of sight |
//! | `client` | the client of a session |
//! | `target` | [`HttpTarget`]: a service that operations are asked of |
//! | `preload` | every key written before a trial |
//! | `audit` | what a service's store holds, asked for at another address |
//! | `assembler` | [`HttpAssembler`]: the targets of a sweep's cells |
//! | `remarks` | what a service has to say of a trial |
//!
//! # What the figures are
//!
//! **A time begins when the request is handed to the client, and ends with the last byte of the body**: making the request
//! and reading what the answer means are not in it, whoever drives. Each session has a client of its own, and
//! so a connection of its own; nothing is asked twice, no redirect is followed, nothing is compressed.
//!
//! **What a service asks of its store is not seen.** A trial's store load is reckoned from what the service says of hits:
//! one store operation for each read that the cache did not answer, one for each write or delete answered.

mod assembler;
mod audit;
mod base_url;
mod client;
mod error;
pub mod http;
mod preload;
mod remarks;
pub mod section;
mod spoken;
mod target;

pub use assembler::{DESCRIPTOR, DRIVER, HttpAssembler, STORE, Service, URL};
pub use audit::{AUDIT_URL, AUDIT_WAIT_MS};
pub use base_url::BaseUrl;
pub use error::HttpError;
pub use http::HttpTemplates;
pub use spoken::{Spoken, spoken};
pub use target::HttpTarget;

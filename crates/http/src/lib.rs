//! HTTP services as targets of a sweep.
//!
//! A service that answers over HTTP, ours or anybody's, is asked as a strategy is: [`HttpTarget`] turns each operation into a
//! request and each answer into an outcome. What a request looks like, and what of its answer tells a hit, are templates
//! ([`HttpTemplates`]), read from the table `[http]` of a definition; by default they are those of our own service.
//!
//! # What the figures are
//!
//! **A time begins when the request is handed to the client, and ends with the last byte of the body**: making the request
//! and reading what the answer means are not in it, whoever drives. Each session has a client of its own, and
//! so a connection of its own; nothing is asked twice, no redirect is followed, nothing is compressed: each
//! would measure something else.
//!
//! **What a service asks of its store is not seen.** A trial's store load is reckoned from what the service says of hits:
//! one store operation for each read that the cache did not answer, one for each write or delete answered.

mod assembler;
mod audit;
mod base_url;
mod error;
mod preload;
mod probe;
mod schema;
mod section;
mod spoken;
mod target;
mod templates;

pub use assembler::{DESCRIPTOR, DRIVER, HttpAssembler, Service, URL};
pub use base_url::BaseUrl;
pub use error::HttpError;
pub use schema::json_schema;
pub use spoken::{Spoken, spoken};
pub use target::{Answered, HttpTarget, whole};
pub use templates::HttpTemplates;

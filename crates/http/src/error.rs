//! What can go wrong before a service is asked.

use crate::Service;

/// Why services cannot be asked. What single operations meet with is in the record instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// The address is none. The text given is left out: it may hold a password.
    #[error("the base URL does not do: {0}; write it as in http://127.0.0.1:8080")]
    BaseUrl(String),
    /// Nobody answers there.
    #[error("{}: {}: {source}; start the service, or give its address with --target", service.name, service.base_url)]
    Unreachable {
        /// The service.
        service: Service,
        /// Why.
        source: std::io::Error,
    },
    /// A header cannot be made from the environment.
    #[error("{0}")]
    Header(String),
    /// A client cannot be made.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

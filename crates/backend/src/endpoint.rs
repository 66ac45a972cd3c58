//! Addresses of servers: parsed once, at the edge, and shown without the user and the password in them.

use std::fmt;

/// An address that a URL named. It knows the user and the password in it, and shows neither.
#[derive(Clone)]
pub struct Endpoint<T> {
    shown: String,
    connection: T,
}

/// A URL that is no address of the server. The URL is not repeated: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the address of {server} is not of the form {form}")]
pub struct EndpointError {
    /// The server's name, for people.
    pub server: &'static str,
    /// What its address looks like.
    pub form: &'static str,
}

impl<T> Endpoint<T> {
    /// `shown` is what people see; it holds no secret.
    pub(crate) fn new(shown: String, connection: T) -> Self {
        Self { shown, connection }
    }

    pub(crate) fn connection(&self) -> &T {
        &self.connection
    }
}

impl<T> fmt::Display for Endpoint<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl<T> fmt::Debug for Endpoint<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.shown)
    }
}

//! The address of a service, with its secrets out of sight.

use crate::HttpError;
use reqwest::Url;
use std::fmt;
use std::io;
use std::net::TcpStream;
use std::time::Duration;

/// How long a service may take to accept a connection before a run.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a service is. A user and password in it are sent (as HTTP's basic authentication) and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Reads `http://host:port/path` or the same with https. A slash at the end makes no difference.
    ///
    /// # Errors
    /// [`HttpError::BaseUrl`] if it is no URL, of another scheme, or has a query or fragment. The message holds no part of
    /// what was given, since that may be a secret.
    pub fn parse(text: &str) -> Result<Self, HttpError> {
        let refuse = |detail: &str| HttpError::BaseUrl(detail.to_owned());
        let place = text.split_once("://").map_or(text, |(_, rest)| rest);
        // Behind a slash it is no longer of the user or password, though it may have been meant so, and would be shown.
        if place.find(['/', '?', '#']).is_some_and(|end| place[end..].contains('@')) {
            return Err(refuse(
                "there is an @ behind its host: in a user or password write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23 \
                 and % as %25 (percent-encoding), and an @ of the path as %40",
            ));
        }
        let url = Url::parse(text).map_err(|error| match text.contains("://") {
            true => refuse(&error.to_string()),
            false => refuse("it begins with no scheme"),
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse("its scheme is neither http nor https"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("it has a query or a fragment; those belong into the path templates"));
        }
        Ok(Self(url))
    }

    /// The address of a path, secrets included: for sending only.
    pub(crate) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0.as_str().trim_end_matches('/'))
    }

    /// Whether it holds a user or a password.
    #[must_use]
    pub fn has_login(&self) -> bool {
        self.without_secrets() != self.0
    }

    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Connects once, to know before a run whether anybody is there.
    pub(crate) fn reach(&self) -> io::Result<()> {
        let mut reached = Err(io::ErrorKind::AddrNotAvailable.into());
        for address in self.0.socket_addrs(|| None)? {
            reached = reached.or_else(|_| TcpStream::connect_timeout(&address, PATIENCE));
        }
        reached.map(drop)
    }

    fn without_secrets(&self) -> Url {
        let mut url = self.0.clone();
        // Both fail for addresses without a host only, which http and https don't have.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.without_secrets().as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_sent_and_not_shown() {
        let base = BaseUrl::parse("http://ann:hunter2@localhost:8080/api/").unwrap();
        assert_eq!(base.to_string(), "http://localhost:8080/api");
        assert!(!format!("{base:?}").contains("hunter2") && !format!("{base:?}").contains("ann"));
        assert_eq!(base.join("/items/k1"), "http://ann:hunter2@localhost:8080/api/items/k1");
    }

    #[test]
    fn what_is_no_base_is_refused_without_being_repeated() {
        for text in [
            "localhost",
            "ftp://ann:hunter2@h/",
            "http://ann:hunter2@h/?a=b",
            "http://ann:hunter2@:x/",
            "http://ann:12/hunter2@h/",
        ] {
            let message = BaseUrl::parse(text).unwrap_err().to_string();
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}

//! Addresses of servers: parsed once, at the edge, and shown without the user and the password in them.

mod url;
mod way;

pub(crate) use url::{Form, Parts};

use std::fmt;

/// An address that a URL named. It knows the user and the password in it, and shows neither.
#[derive(Clone)]
pub struct Endpoint<T> {
    shown: String,
    /// The user, which servers like to repeat in what they refuse.
    user: Option<String>,
    connection: T,
}

/// A URL that is no address of the server. The URL is not repeated, nor is any part of it but the name of a parameter:
/// what stands where is not known before it can be read, and it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}; an address of {server} is of the form {form}")]
pub struct EndpointError {
    /// The server's name, for people.
    pub server: &'static str,
    /// What its address looks like.
    pub form: &'static str,
    /// What is wrong.
    pub fault: EndpointFault,
}

/// What is wrong with a URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointFault {
    /// There is nothing.
    #[error("the address is empty")]
    Empty,
    /// It is of another kind of server, or of none.
    #[error("the address does not begin with one of {0}")]
    Scheme(String),
    /// It asks for TLS.
    #[error("the address asks for TLS, which is not spoken here")]
    Tls,
    /// What separates the parts of a URL stands in the user or the password.
    #[error(
        "one of the characters / ? # @ stands where it cannot be told from an end of the user, password or host: in a user or \
         password of a URL write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23 and % as %25 (percent-encoding)"
    )]
    Raw,
    /// There is no host, or none that can be one.
    #[error("the host in the address is missing, or is none")]
    Host,
    /// The port is none.
    #[error("the port in the address is not a number from 1 to 65535")]
    Port,
    /// User and password are not what the server can be told.
    #[error("the login in the address is {0}")]
    Login(&'static str),
    /// What comes after the host is no database, or should not be there.
    #[error("what comes after the host in the address is {0}")]
    Path(&'static str),
    /// A parameter, by its name, that is not known.
    #[error("the parameter `{0}` in the address is not known")]
    Parameter(String),
    /// A parameter that is not known and whose name is no word.
    #[error("a parameter in the address is not known")]
    UnnamedParameter,
    /// The value of a parameter, by its name, that is not one of those it takes.
    #[error("the value of the parameter `{0}` in the address is not one that it takes")]
    Value(&'static str),
    /// The library refuses it all the same.
    #[error("the address cannot be understood")]
    Other,
}

impl<T> Endpoint<T> {
    /// `shown` is what people see; it holds no secret.
    pub(crate) fn new(shown: String, user: Option<String>, connection: T) -> Self {
        Self { shown, user, connection }
    }

    pub(crate) fn connection(&self) -> &T {
        &self.connection
    }

    /// The same server by another connection: people are shown the address that it has.
    pub(crate) fn led(self, lead: impl FnOnce(T) -> T) -> Self {
        Self { connection: lead(self.connection), ..self }
    }

    /// What a server said, behind the address and without the user.
    pub(crate) fn told(&self, text: &str) -> String {
        format!("{self}: {}", self.without_user(text))
    }

    /// What a server said, without the user: servers put it into quotes, or after the word.
    pub(crate) fn without_user(&self, text: &str) -> String {
        let Some(user) = self.user.as_deref().filter(|user| !user.is_empty()) else { return text.to_owned() };
        let quoted = text.replace(&format!("\"{user}\""), "***").replace(&format!("'{user}'"), "***");
        ["user ", "User ", "role "].iter().fold(quoted, |text, word| struck(&text, word, user))
    }
}

/// Strikes out `name` where it comes after `word` and is not the beginning of a longer one.
fn struck(text: &str, word: &str, name: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    let found = format!("{word}{name}");
    while let Some(at) = rest.find(&found) {
        let (before, after) = (&rest[..at + word.len()], &rest[at + found.len()..]);
        out.push_str(before);
        let longer = after.starts_with(|next: char| next.is_alphanumeric() || "_-".contains(next));
        out.push_str(if longer { name } else { "***" });
        rest = after;
    }
    out + rest
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

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn what_a_server_says_is_told_without_the_user() {
        let endpoint = Endpoint::new("postgres://h:1/d".to_owned(), Some("ann".to_owned()), ());
        let cases = [
            ("password authentication failed for user \"ann\"", "password authentication failed for user ***"),
            ("User ann has no permissions", "User *** has no permissions"),
            ("user annie is another", "user annie is another"),
            ("an annotation", "an annotation"),
        ];
        for (said, told) in cases {
            assert_eq!(endpoint.told(said), format!("postgres://h:1/d: {told}"));
        }
    }
}

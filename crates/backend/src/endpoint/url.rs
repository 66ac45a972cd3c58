//! URLs of servers, read into their parts. Libraries read them too, but repeat in their logs what they do not know.

use super::{EndpointError, EndpointFault};
use percent_encoding::percent_decode_str;
use std::net::Ipv6Addr;

/// What a server's URLs look like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    /// The server's name, for people.
    pub(crate) server: &'static str,
    /// The form in words.
    pub(crate) form: &'static str,
    /// What may stand before `://`.
    pub(crate) schemes: &'static [&'static str],
    /// Those that ask for TLS.
    pub(crate) tls: &'static [&'static str],
    /// Whether the scheme may be left out.
    pub(crate) bare: bool,
    /// The parameters that are known. One that ends with `[` is known with any name in brackets after it.
    pub(crate) parameters: &'static [&'static str],
}

/// The parts of a URL, decoded.
#[derive(Clone, Default)]
pub(crate) struct Parts {
    /// One of the form's, or nothing where it was left out.
    pub(crate) scheme: &'static str,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    /// Without the brackets of IPv6; empty if there is none.
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
    /// What stands behind the slash, without it.
    pub(crate) path: String,
    pub(crate) parameters: Vec<(String, String)>,
}

impl Form {
    pub(crate) fn error(&self, fault: EndpointFault) -> EndpointError {
        EndpointError { server: self.server, form: self.form, fault }
    }

    /// Reads a URL.
    pub(crate) fn read(&self, url: &str) -> Result<Parts, EndpointError> {
        self.parts(url).map_err(|fault| self.error(fault))
    }

    fn parts(&self, url: &str) -> Result<Parts, EndpointFault> {
        if url.trim().is_empty() {
            return Err(EndpointFault::Empty);
        }
        let (scheme, rest) = self.scheme(url)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        // A fragment has no meaning here, and an @ in the path means that the authority went on behind it.
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if rest.contains('#') || path.contains('@') {
            return Err(EndpointFault::Raw);
        }
        // The last one: a raw @ in a password can be told from the end of it.
        let (login, place) = authority.rsplit_once('@').map_or((None, authority), |(login, rest)| (Some(login), rest));
        let (user, password) =
            match login.map(|login| login.split_once(':').map_or((login, None), |(u, p)| (u, Some(p)))) {
                Some((user, password)) => (Some(decoded(user)?), password.map(decoded).transpose()?),
                None => (None, None),
            };
        let (host, port) = host_and_port(place)?;
        let path = decoded(path.strip_prefix('/').unwrap_or(path))?;
        let parameters = self.parameters(query)?;
        Ok(Parts { scheme, user: user.filter(|user| !user.is_empty()), password, host, port, path, parameters })
    }

    fn scheme<'u>(&self, url: &'u str) -> Result<(&'static str, &'u str), EndpointFault> {
        let of = |schemes: &'static [&'static str]| {
            schemes.iter().find_map(|scheme| Some((*scheme, url.strip_prefix(scheme)?.strip_prefix("://")?)))
        };
        if let Some(found) = of(self.schemes) {
            return Ok(found);
        }
        if of(self.tls).is_some() {
            return Err(EndpointFault::Tls);
        }
        if self.bare && !url.contains("://") {
            return Ok(("", url));
        }
        let all: Vec<_> = self.schemes.iter().map(|scheme| format!("{scheme}://")).collect();
        Err(EndpointFault::Scheme(all.join(", ")))
    }

    fn parameters(&self, query: &str) -> Result<Vec<(String, String)>, EndpointFault> {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let mut parameters = Vec::new();
        for pair in pairs {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(&value.replace('+', " "))?);
            if !self.parameters.iter().any(|known| is_named(&name, known)) {
                // Behind an @ the "name" may be a piece of a password with a question mark in it.
                return Err(if query.contains('@') { EndpointFault::Raw } else { unknown(name) });
            }
            parameters.push((name, value));
        }
        Ok(parameters)
    }
}

fn is_named(name: &str, known: &str) -> bool {
    if known.ends_with('[') { name.starts_with(known) && name.ends_with(']') } else { name == known }
}

/// A name that is a word can be said; anything else may be something that was meant for another place.
fn unknown(name: String) -> EndpointFault {
    let word = name.len() <= 40 && name.starts_with(|c: char| c.is_ascii_alphabetic());
    let word = word && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.[]".contains(c));
    if word { EndpointFault::Parameter(name) } else { EndpointFault::UnnamedParameter }
}

fn decoded(text: &str) -> Result<String, EndpointFault> {
    percent_decode_str(text).decode_utf8().map(Into::into).map_err(|_| EndpointFault::Other)
}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), EndpointFault> {
    let port = |port: &str| match port {
        "" => Ok(None),
        port => port.parse().ok().filter(|port| *port > 0).map(Some).ok_or(EndpointFault::Port),
    };
    if let Some(rest) = place.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or(EndpointFault::Host)?;
        host.parse::<Ipv6Addr>().map_err(|_| EndpointFault::Host)?;
        let rest = if rest.is_empty() { rest } else { rest.strip_prefix(':').ok_or(EndpointFault::Port)? };
        return Ok((host.to_owned(), port(rest)?));
    }
    let (host, port) = match place.split_once(':') {
        Some((host, rest)) => (host, port(rest)?),
        None => (place, None),
    };
    let host = decoded(host)?;
    if host.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(EndpointFault::Host);
    }
    Ok((host, port))
}

impl Parts {
    /// `host:port` with the brackets that IPv6 needs.
    pub(crate) fn place(host: &str, port: u16) -> String {
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    /// The value of the parameter called `name`; the last one, if it is given more than once.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().rev().find_map(|(found, value)| (found == name).then_some(value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: Form = Form {
        server: "Sample",
        form: "sample://..",
        schemes: &["sample"],
        tls: &["samples"],
        bare: false,
        parameters: &["user", "options["],
    };

    fn fault(url: &str) -> EndpointFault {
        match FORM.read(url) {
            Ok(_) => panic!("{url} is none"),
            Err(error) => {
                assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
                error.fault
            }
        }
    }

    #[test]
    fn the_parts_are_decoded() {
        let parts = FORM.read("sample://a%40b:p%2Fq%25@[::1]:7/d%20b?user=x%26y&options[a]=b+c").unwrap();
        assert_eq!((parts.user.as_deref(), parts.password.as_deref()), (Some("a@b"), Some("p/q%")));
        assert_eq!((&*parts.host, parts.port, &*parts.path), ("::1", Some(7), "d b"));
        assert_eq!((parts.parameter("user"), parts.parameter("options[a]")), (Some("x&y"), Some("b c")));
    }

    #[test]
    fn a_raw_at_sign_or_colon_in_a_password_is_its_own() {
        let parts = FORM.read("sample://u:p@s:s%z@host").unwrap();
        assert_eq!((parts.password.as_deref(), &*parts.host, parts.port), (Some("p@s:s%z"), "host", None));
    }

    #[test]
    fn what_is_wrong_is_said_and_nothing_is_repeated() {
        let cases = [
            ("", EndpointFault::Empty),
            ("s3cret", EndpointFault::Scheme("sample://".into())),
            ("other://u:s3cret@h", EndpointFault::Scheme("sample://".into())),
            ("samples://u:s3cret@h", EndpointFault::Tls),
            ("sample://u:12/s3cret@h/d", EndpointFault::Raw),
            ("sample://u:12?s3cret@h/d", EndpointFault::Raw),
            ("sample://u:12?s3cret=x@h/d", EndpointFault::Raw),
            ("sample://u:12#s3cret@h/d", EndpointFault::Raw),
            ("sample://h/#s3cret", EndpointFault::Raw),
            ("sample://u:s3cret@h:port", EndpointFault::Port),
            ("sample://u:s3cret", EndpointFault::Port),
            ("sample://h:0", EndpointFault::Port),
            ("sample://h:65536", EndpointFault::Port),
            ("sample://[::g]:1", EndpointFault::Host),
            ("sample://a b", EndpointFault::Host),
            ("sample://h/d?sslpassword=s3cret", EndpointFault::Parameter("sslpassword".into())),
            ("sample://h/d?%20s3cret", EndpointFault::UnnamedParameter),
        ];
        for (url, expected) in cases {
            assert_eq!(fault(url), expected, "{url}");
        }
    }
}

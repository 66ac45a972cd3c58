//! Passwords for servers of our own.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};

/// Random bytes in a password: nobody guesses 24 of them.
const BYTES: usize = 24;

/// A password that nobody else knows. It is not shown by accident: only [`Password::text`] gives it away.
#[derive(Clone)]
pub(crate) struct Password(String);

impl Password {
    /// A new one, from the system's source of randomness: letters and digits, so that it stands in a URL, a file's line and
    /// a shell's word as it is.
    pub(crate) fn random() -> io::Result<Self> {
        let mut bytes = [0; BYTES];
        File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_passwords_differ_and_neither_is_shown() {
        let (one, other) = (Password::random().unwrap(), Password::random().unwrap());
        assert_ne!(one.text(), other.text());
        assert!(one.text().len() == 2 * BYTES && one.text().bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(!format!("{one:?}").contains(one.text()));
    }
}

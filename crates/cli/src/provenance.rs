//! What the program knows of itself and its command line.

use cachemark_results::Tool;
use std::fs::File;
use std::io::{self, Read};
use xxhash_rust::xxh3::Xxh3;

/// The program, as every record names it.
pub(crate) fn tool() -> Tool {
    Tool {
        version: env!("CARGO_PKG_VERSION").into(),
        revision: option_env!("CACHEMARK_REVISION").map(str::to_owned),
        rustc: option_env!("CACHEMARK_RUSTC").map(str::to_owned),
        profile: option_env!("CACHEMARK_PROFILE").unwrap_or("unknown").into(),
        executable: executable_hash().ok(),
    }
}

/// XXH3-64 of the file that runs.
fn executable_hash() -> io::Result<String> {
    // The link leads to the very file that runs, also when another has taken its name since.
    let mut file = File::open("/proc/self/exe").or_else(|_| File::open(std::env::current_exe()?))?;
    let mut hash = Xxh3::new();
    let mut piece = vec![0; 1 << 18];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(format!("{:016x}", hash.digest())),
            length => hash.update(&piece[..length]),
        }
    }
}

/// A URL without user, password and parameters in it.
fn without_secret(argument: String) -> String {
    let Some((scheme, rest)) = argument.split_once("://") else { return argument };
    // Drivers take passwords as parameters too.
    let (rest, query) = rest.split_once('?').map_or((rest, ""), |(rest, _)| (rest, "?***"));
    let authority = rest.split(['/', '#']).next().unwrap_or_default();
    match authority.rfind('@') {
        Some(at) => format!("{scheme}://***{}{query}", &rest[at..]),
        None => format!("{scheme}://{rest}{query}"),
    }
}

/// The command that was given, as a shell would take it again, but for passwords.
pub(crate) fn command() -> String {
    let quoted = std::env::args().skip(1).map(without_secret).map(|argument| quoted(&argument));
    std::iter::once("cachemark".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}

/// An argument as a shell takes it.
pub(crate) fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=.,:/+@%".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::without_secret;

    #[test]
    fn passwords_are_struck_out() {
        let shown = |text: &str| without_secret(text.to_owned());
        assert_eq!(shown("--redis-url=redis://me:p@ss@host:1/0"), "--redis-url=redis://***@host:1/0");
        assert_eq!(shown("postgres://u:p@h/d?a=b@c"), "postgres://***@h/d?***");
        assert_eq!(shown("postgres://h/d?user=u&password=p"), "postgres://h/d?***");
        assert_eq!(shown("redis://host/"), "redis://host/");
        assert_eq!(shown("0.5,0.9"), "0.5,0.9");
    }
}

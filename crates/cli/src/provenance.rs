//! What the program knows of itself and its command line.

use cachemark_results::Tool;

/// The program, as every record names it.
pub(crate) fn tool() -> Tool {
    Tool {
        version: env!("CARGO_PKG_VERSION").into(),
        revision: option_env!("CACHEMARK_REVISION").map(str::to_owned),
        rustc: option_env!("CACHEMARK_RUSTC").map(str::to_owned),
        profile: option_env!("CACHEMARK_PROFILE").unwrap_or("unknown").into(),
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
    let quoted = std::env::args().skip(1).map(without_secret).map(|argument| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_=.,:/+@%".contains(c);
        if !argument.is_empty() && argument.chars().all(plain) {
            argument
        } else {
            format!("'{}'", argument.replace('\'', r"'\''"))
        }
    });
    std::iter::once("cachemark".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
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

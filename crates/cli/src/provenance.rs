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

/// The command that was given, as a shell would take it again.
pub(crate) fn command() -> String {
    let quoted = std::env::args().skip(1).map(|argument| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_=.,:/+@%".contains(c);
        if !argument.is_empty() && argument.chars().all(plain) {
            argument
        } else {
            format!("'{}'", argument.replace('\'', r"'\''"))
        }
    });
    std::iter::once("cachemark".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}

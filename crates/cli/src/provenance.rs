//! What the program knows of itself and its command line.

use crate::secrets;
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

/// What is not UTF-8 is recorded with marks in its place.
fn lossy(argument: std::ffi::OsString) -> String {
    argument.to_string_lossy().into_owned()
}

/// The arguments that were given, passwords and all.
pub(crate) fn arguments() -> impl Iterator<Item = String> {
    std::env::args_os().skip(1).map(lossy)
}

/// The command that was given, as a shell would take it again, but for passwords.
pub(crate) fn command() -> String {
    let quoted = secrets::without_any(arguments()).map(|argument| quoted(&argument));
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

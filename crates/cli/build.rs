//! Notes what the binary is built from: commit and compiler, for every record's environment.

use std::env;
use std::process::Command;

fn main() {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    tell("CACHEMARK_RUSTC", output(&rustc, &["--version"]));
    tell("CACHEMARK_REVISION", output("git", &["describe", "--always", "--dirty", "--abbrev=12"]));
    tell("CACHEMARK_PROFILE", env::var("PROFILE").ok());
    println!("cargo::rerun-if-changed=../../.git/HEAD");
    println!("cargo::rerun-if-changed=../../.git/index");
}

/// Sets an environment variable for the compiler; without a value none is set, and the record says null.
fn tell(name: &str, value: Option<String>) {
    if let Some(value) = value {
        println!("cargo::rustc-env={name}={value}");
    }
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

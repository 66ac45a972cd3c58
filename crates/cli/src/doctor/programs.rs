//! Servers' programs for `--stack native`, and Docker's for docker-compose.yml. None of them must be there: an embedded
//! stack needs no server. Memcached before 1.6 does not speak the meta protocol, which is a warning.

use super::{Finding, Ground, Level};
use cachemark_stack::SERVERS;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A program that has not named its version by then won't.
const PATIENCE: Duration = Duration::from_secs(5);
/// A program, what it is for, and the oldest version that will do.
struct Program {
    name: &'static str,
    use_of: &'static str,
    oldest: Option<([u32; 2], &'static str)>,
}

/// What makes each of them name its version.
const VERSION: [&str; 1] = ["--version"];

/// The servers', in their order, then Docker's.
fn programs() -> Vec<Program> {
    let servers = SERVERS.iter().filter(|_| cfg!(feature = "servers")).map(|kind| Program {
        name: kind.program,
        use_of: "--stack native starts it",
        oldest: kind.oldest,
    });
    let of_docker =
        ["docker", "docker-compose"].map(|name| Program { name, use_of: "docker-compose.yml needs it", oldest: None });
    servers.chain(of_docker).collect()
}

/// The newer form of docker-compose: a part of docker.
const COMPOSE_OF_DOCKER: [&str; 2] = ["compose", "version"];

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    programs().iter().map(|program| judge(program, look(program))).collect()
}

/// What was found of a program.
enum Found {
    Nothing,
    /// It is there and does not say which it is.
    Silent,
    Version(String),
}

fn look(program: &Program) -> Found {
    let own = cachemark_stack::program(program.name);
    let said = own.as_deref().and_then(|path| said(path, &VERSION)).or_else(|| match program.name {
        "docker-compose" => said(&cachemark_stack::program("docker")?, &COMPOSE_OF_DOCKER),
        _ => None,
    });
    match said.as_deref().and_then(version) {
        Some(version) => Found::Version(version),
        None if own.is_some() => Found::Silent,
        None => Found::Nothing,
    }
}

fn judge(program: &Program, found: Found) -> Finding {
    match found {
        Found::Nothing => Finding::new(program.name, Level::Ok, format!("not found; {}", program.use_of)),
        Found::Silent => Finding::unknown(program.name, "found, but it does not name its version"),
        Found::Version(version) => {
            let old = program.oldest.filter(|(oldest, _)| numbers(&version) < *oldest);
            let level = if old.is_some() { Level::Warn } else { Level::Ok };
            let advice = old.map_or("", |(_, advice)| advice);
            Finding::new(program.name, level, version.clone()).advise(advice).with("version", version)
        }
    }
}

/// What a program prints on stdout, if it ends well and in time.
fn said(program: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let begun = Instant::now();
    // A version is far shorter than what a pipe holds, so a program that ends has not waited for a reader.
    while let Ok(None) = child.try_wait() {
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first word that looks like a version: `7.0.15` of `Redis server v=7.0.15 sha=0`.
fn version(text: &str) -> Option<String> {
    let words = text.split_whitespace().map(|word| word.trim_start_matches("v=").trim_start_matches('v'));
    let mut versions = words.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.'));
    versions.next().map(|word| word.trim_end_matches(',').to_owned())
}

/// The first two numbers of a version; what is none counts as 0.
fn numbers(version: &str) -> [u32; 2] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    [parts.next().unwrap_or(0), parts.next().unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_say() {
        for (text, expected) in [
            ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=9", "7.0.15"),
            ("memcached 1.6.18\n", "1.6.18"),
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", "15.18"),
            ("Docker version 20.10.24+dfsg1, build 297e128", "20.10.24+dfsg1"),
            ("Docker Compose version v2.20.2", "2.20.2"),
        ] {
            assert_eq!(version(text).as_deref(), Some(expected));
        }
        assert_eq!(version("unknown option"), None);
    }

    #[test]
    #[cfg(feature = "servers")]
    fn an_old_memcached_is_a_warning_and_none_is_none() {
        let programs = programs();
        let memcached = programs.iter().find(|program| program.name == "memcached").unwrap();
        let level = |version: &str| judge(memcached, Found::Version(version.into())).level;
        assert_eq!(["1.5.22", "1.6.18", "1.10.0", "2.0.0"].map(level), [Level::Warn, Level::Ok, Level::Ok, Level::Ok]);
        assert_eq!(judge(memcached, Found::Nothing).level, Level::Ok);
        assert_eq!(judge(memcached, Found::Silent).level, Level::Unknown);
    }

    #[test]
    fn a_program_is_heard_and_one_that_fails_is_not() {
        let shell = Path::new("/bin/sh");
        assert_eq!(said(shell, &["-c", "echo x 1.2"]).as_deref(), Some("x 1.2\n"));
        assert_eq!(said(shell, &["-c", "echo 1.2; exit 1"]), None);
        assert_eq!(said(Path::new("/no/such/program"), &[]), None);
    }
}

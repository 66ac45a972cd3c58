//! The floor: what a client could do at best over so many connections, with one request in flight on each.
//!
//! `bare URL CONNECTIONS SECONDS [KEYS [VALUE_BYTES]]` writes KEYS values and reads them again for SECONDS: one thread, epoll, the
//! bytes of every request made beforehand, nothing looked at in an answer but its length. It prints operations, seconds, and the
//! processor time of the loop, as JSON. The URL says what it asks: `redis://`, `memcached://`, `postgres://`, with a user and password
//! where there are some. It writes under `cm:bare:`, and into a table `cachemark_bare` of Postgres that it makes anew and drops.
//!
//! A tool that parses, counts, checks and times what comes back can hardly be better. Operations are of one size, and every answer is
//! as long as the first: one that isn't ends the program.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose output this is")]

mod asking;
mod memcached;
mod postgres;
mod redis;

use asking::Prepared;
use std::process::ExitCode;
use std::time::Duration;

/// What is asked, of whom.
struct Options {
    url: String,
    connections: usize,
    seconds: f64,
    keys: usize,
    value_bytes: usize,
}

const USAGE: &str = "usage: bare URL CONNECTIONS SECONDS [KEYS [VALUE_BYTES]]";

fn main() -> ExitCode {
    let Some(options) = options(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match measure(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The URL may hold a password.
            eprintln!("bare: {error}");
            ExitCode::FAILURE
        }
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Option<Options> {
    let url = arguments.next()?;
    let connections = arguments.next()?.parse().ok().filter(|count| (1..=10_000).contains(count))?;
    let seconds = arguments.next()?.parse().ok().filter(|seconds| (0.01..=3600.0).contains(seconds))?;
    let mut number = |default| arguments.next().map_or(Some(default), |text| text.parse().ok());
    let keys = number(10_000).filter(|count| (1..=1_000_000).contains(count))?;
    let value_bytes = number(100).filter(|bytes| (1..=1 << 20).contains(bytes))?;
    Some(Options { url, connections, seconds, keys, value_bytes })
}

fn measure(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let scheme = options.url.split("://").next().unwrap_or_default();
    let Prepared { streams, requests, tidy } = match scheme {
        "redis" => redis::prepare(options)?,
        "memcached" => memcached::prepare(options)?,
        "postgres" | "postgresql" => postgres::prepare(options)?,
        _ => return Err(USAGE.into()),
    };
    let asked = asking::ask(&streams, &requests, Duration::from_secs_f64(options.seconds));
    drop(streams);
    tidy();
    let asking::Asked { operations, wall, processor } = asked?;
    println!(
        "{{\"operations\": {operations}, \"seconds\": {:.6}, \"per_second\": {:.1}, \"cpu_us_per_operation\": {:.4}}}",
        wall.as_secs_f64(),
        operations as f64 / wall.as_secs_f64(),
        processor.as_secs_f64() * 1e6 / operations.max(1) as f64,
    );
    Ok(())
}

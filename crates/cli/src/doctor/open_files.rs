//! How many files and sockets this process, and each server that it starts, may hold open.
//!
//! A sweep with two driver threads holds 16 connections to a cache and 8 to Postgres for each, what the runtimes need,
//! and a record's files: some 100, and as much again while a trial's connections give way to the next's, so below 256
//! fails. `cachemark load` holds one for each user, and redis-server lowers the clients it takes to what its limit
//! leaves: below 4096 is a warning.

use super::{Finding, Ground, Level};
use rustix::process::{Resource, getrlimit};

const COMFORT: f64 = 4096.0;
const NEED: f64 = 256.0;

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    let limit = getrlimit(Resource::Nofile);
    vec![judge(limit.current, limit.maximum)]
}

/// `None` is no limit.
fn judge(current: Option<u64>, maximum: Option<u64>) -> Finding {
    let told = |limit: Option<u64>| limit.map_or_else(|| "no limit".to_owned(), |limit| limit.to_string());
    let level = current.map_or(Level::Ok, |limit| Level::at_least(limit as f64, COMFORT, NEED));
    let advice = match maximum {
        Some(maximum) if (maximum as f64) < COMFORT => {
            "raise the hard limit (nofile in /etc/security/limits.conf)".into()
        }
        _ => format!("raise it in this shell: ulimit -n {}", maximum.unwrap_or(65_536).min(65_536)),
    };
    Finding::new("open-files", level, format!("{}, may be raised to {}", told(current), told(maximum)))
        .advise(advice)
        .with("soft_limit", current)
        .with("hard_limit", maximum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_limits_are_told_with_what_to_raise() {
        let low = judge(Some(1024), Some(1_048_576));
        assert_eq!((low.level, low.advice.as_deref()), (Level::Warn, Some("raise it in this shell: ulimit -n 65536")));
        let lowest = judge(Some(128), Some(128));
        assert_eq!(lowest.level, Level::Fail);
        assert!(lowest.advice.unwrap().contains("hard limit"));
        assert_eq!(judge(None, None).level, Level::Ok);
        assert_eq!(judge(Some(20_000), None).level, Level::Ok);
    }
}

//! The program itself: a debug build is several times slower where the client's own work counts, so its figures are
//! no evidence.

use super::{Finding, Ground, Level};
use crate::provenance;

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    vec![judge(&provenance::tool().profile)]
}

fn judge(profile: &str) -> Finding {
    let level = match profile {
        "release" => Level::Ok,
        "debug" => Level::Fail,
        _ => Level::Unknown,
    };
    Finding::new("build", level, format!("a {profile} build"))
        .advise("measure with a release build: cargo build --release")
        .with("profile", profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_release_build_measures() {
        assert_eq!(
            ["release", "debug", "unknown"].map(|profile| judge(profile).level),
            [Level::Ok, Level::Fail, Level::Unknown]
        );
    }
}

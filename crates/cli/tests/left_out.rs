//! What a build says of what it was built without. Each test is of the builds without one feature: `--no-default-features` has all.

use assert_cmd::Command;

fn cachemark() -> Command {
    Command::cargo_bin("cachemark").expect("the binary is built with its tests")
}

/// What the program says of such a command line, which it must refuse as a mistake of use.
#[cfg(not(all(feature = "servers", feature = "http", feature = "goose")))]
fn refused(arguments: &[&str], input: &str) -> String {
    let out = tempfile::tempdir().unwrap();
    let mut command = cachemark();
    let output = command.args(arguments).env("CACHEMARK_OUT", out.path()).write_stdin(input).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
    assert!(is_empty(out.path()), "{arguments:?} left something behind");
    // However a terminal folds it.
    told.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

#[cfg(not(all(feature = "servers", feature = "http", feature = "goose")))]
fn is_empty(folder: &std::path::Path) -> bool {
    std::fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
#[cfg(not(feature = "servers"))]
fn servers_are_left_out_by_name() {
    let file = "/dev/stdin";
    for (arguments, input, what) in [
        (&["sweep", "--stack", "native"][..], "", "--stack native"),
        (&["sweep", "--stack", "external", "--dry-run"], "", "--stack external"),
        (&["serve", "--stack", "native"], "", "--stack native"),
        (&["stack", "up"], "", "--stack native"),
        (&["sweep", "--cache", "redis"], "", "redis"),
        (&["sweep", "--store", "postgres"], "", "postgres"),
        (&["serve", "--cache", "valkey"], "", "valkey"),
        (&["sweep", "--workload", "servers"], "", "memcached"),
        (&["sweep", "--redis-url", "redis://127.0.0.1:1"], "", "--redis-url: redis"),
        (&["sweep", "--set", "redis.lanes=2"], "", "redis"),
        (&["workload", "check", file], "[sweep]\ncaches = [\"memcached\"]\n", "memcached"),
        (&["workload", "check", file], "[cache.redis]\nlanes = 2\n", "redis"),
    ] {
        let told = refused(arguments, input);
        let expected = format!("{what} is not in this build: build cachemark with `--features servers`");
        assert!(told.contains(&expected), "{arguments:?}: {told}");
    }
}

#[test]
#[cfg(not(feature = "http"))]
fn load_is_left_out_whatever_it_is_asked_for() {
    for arguments in
        [&["load"][..], &["load", "--target", "a=http://127.0.0.1:1", "--clients", "3"], &["load", "--help"]]
    {
        let told = refused(arguments, "");
        assert!(told.contains("load is not in this build: build cachemark with `--features http`"), "{told}");
    }
    let help = cachemark().arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("  sweep") && !help.contains("  load"), "help names a command that there is not: {help}");
}

#[test]
#[cfg(all(feature = "http", not(feature = "goose")))]
fn goose_is_left_out_as_a_driver() {
    let told = refused(&["load", "--target", "a=http://127.0.0.1:1", "--driver", "goose"], "");
    assert!(told.contains("the driver goose is not in this build: build cachemark with `--features goose`"), "{told}");
}

/// A build with everything leaves nothing out, and says so of nothing.
#[test]
#[cfg(all(feature = "servers", feature = "http", feature = "goose"))]
fn a_whole_build_leaves_nothing_out() {
    assert_eq!(cachemark_backend::LEFT_OUT, []);
    let help = cachemark().args(["load", "--help"]).output().unwrap();
    assert!(help.status.success());
}

//! Addresses of servers: what is none is refused before anything is started, and no part of one is shown that may be
//! secret.

#![cfg(feature = "servers")]

#[expect(dead_code, reason = "shared with tests that use the rest")]
mod support;

use cachemark_testkit::free_port;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use support::cachemark;
use tempfile::tempdir;

/// A sweep over one server of an external stack, with every log line that there is.
fn sweep(out: &Path, server: &str) -> assert_cmd::Command {
    let mut command = cachemark(out);
    command.env("RUST_LOG", "trace").args(["sweep", "--workload", "smoke", "--stack", "external"]);
    match server {
        "postgres" => command.args(["--cache", "in-process", "--store", "postgres"]),
        cache => command.args(["--cache", cache, "--store", "sqlite"]),
    };
    command
}

/// The exit code and all that is printed.
fn outcome(command: &mut assert_cmd::Command) -> (i32, String) {
    let output = command.output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap(), text)
}

fn flag(server: &str) -> &'static str {
    match server {
        "redis" => "--redis-url",
        "memcached" => "--memcached-url",
        _ => "--database-url",
    }
}

#[test]
fn what_is_no_address_is_a_usage_error_before_anything_is_started() {
    let cases = [
        ("redis", "redis://h:port", "the port in the address is not a number"),
        ("redis", "mysql://u:s3cret@h/", "does not begin with one of"),
        ("redis", "127.0.0.1:6379", "does not begin with one of"),
        ("redis", "rediss://h", "TLS"),
        ("redis", "redis://h/s3cret", "not the number of a database"),
        ("redis", "redis://h?timeout=1", "`timeout`"),
        ("redis", "redis://:p@s3cret/x@127.0.0.1:1/", "%2F"),
        ("redis", "redis://:p#s3cret@127.0.0.1:1/", "%23"),
        ("memcached", "127.0.0.1:99999", "the port in the address is not a number"),
        ("memcached", "memcached://h/s3cret", "no databases"),
        ("memcached", "http://u:s3cret@h", "does not begin with one of"),
        ("postgres", "mysql://u:s3cret@h/d", "does not begin with one of"),
        ("postgres", "postgres://u:s3cret@h:99999/d", "the port in the address is not a number"),
        ("postgres", "postgres://u:12/s3cret@127.0.0.1:1/d", "%2F"),
        ("postgres", "postgres://u:12?s3cret=1@127.0.0.1:1/d", "%3F"),
        ("postgres", "postgres://u:p@127.0.0.1:1/d?sslpassword=s3cret", "`sslpassword`"),
        ("postgres", "postgres://u:p@127.0.0.1:1/d?connect_timeout=3", "`connect_timeout`"),
        ("postgres", "postgres://u:p@127.0.0.1:1/d?sslmode=s3cret", "`sslmode`"),
        ("postgres", "", "empty"),
    ];
    for (server, url, said) in cases {
        let out = tempdir().unwrap();
        for given in [vec![], vec!["--dry-run"]] {
            let (code, text) = outcome(sweep(out.path(), server).args([flag(server), url]).args(given));
            assert_eq!(code, 2, "{url}: {text}");
            assert!(text.contains(said) && text.contains(flag(server)), "{url}: {text}");
            assert!(!text.contains("s3cret"), "{url}: {text}");
            assert_eq!(text.trim_end().lines().count(), 1, "{url}: {text}");
        }
        assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0, "{url}");
    }
}

#[test]
fn serve_reads_addresses_as_a_sweep_does() {
    let out = tempdir().unwrap();
    let serve = ["serve", "--stack", "external", "--cache", "redis", "--store", "sqlite"];
    let (code, text) = outcome(cachemark(out.path()).args(serve).args(["--redis-url", "redis://h:s3cret"]));
    assert!(code == 2 && text.contains("--redis-url") && !text.contains("s3cret"), "{text}");
    let (code, text) = outcome(cachemark(out.path()).args(["serve", "--redis-url", "redis://h"]));
    assert!(code == 2 && text.contains("--stack external"), "{text}");
}

#[test]
fn nothing_of_an_address_but_the_place_is_shown() {
    let port = free_port();
    let cases = [
        ("redis", format!("redis://ann-s3cret:p-s3cret@127.0.0.1:{port}/")),
        ("redis", format!("redis://ann-s3cret:p%40s3cret%2F@127.0.0.1:{port}/")),
        ("redis", format!("redis://:p@:s3cret@127.0.0.1:{port}/")),
        ("postgres", format!("postgres://ann-s3cret:p-s3cret@127.0.0.1:{port}/d")),
        ("postgres", format!("postgres://ann-s3cret:p%2Fs3cret%23@127.0.0.1:{port}/d?application_name=s3cret")),
    ];
    for (server, url) in cases {
        let out = tempdir().unwrap();
        let (code, text) = outcome(sweep(out.path(), server).args([flag(server), &url]));
        assert_eq!(code, 4, "{text}");
        assert!(text.contains(&format!("127.0.0.1:{port}")), "{text}");
        assert!(!text.contains("s3cret"), "{text}");
    }
}

/// Wherever it was put by mistake, and whatever ends a word stands in its password.
#[test]
fn an_address_in_the_wrong_place_is_repeated_without_its_password() {
    let out = tempdir().unwrap();
    for (arguments, shown) in [
        (&["sweep", "redis://ann:s3cret@h/0"][..], "***@h/0"),
        (&["sweep", "redis://u:pa's3cret@h/0"], "***@h/0"),
        (&["sweep", "redis://u:pa s3cret@h/0"], "***@h/0"),
        (&["sweep", "me:s3cret@host:11211"], "***@host:11211"),
        (&["sweep", "--keys", "redis://u:pa\"s3cret@h/0"], "***@h/0"),
        (&["sweep", "--duration=me:s3cret@host:11211"], "***@host:11211"),
        (&["redis://u:pa's3cret@h/0"], "***@h/0"),
        (&["sweep", "--strategy", "no-cache,redis://u:pa's3cret@h/0"], "***@h/0"),
        (&["workload", "check", "redis://u:pa's3cret@h/0"], "***@h/0"),
        (&["report", "me:s3cret@host:11211"], "***@host:11211"),
    ] {
        let (code, text) = outcome(cachemark(out.path()).args(arguments));
        assert!(code == 2 && text.contains(shown) && !text.contains("s3cret"), "{arguments:?}: {text}");
    }
}

#[test]
fn where_nothing_listens_the_address_and_its_origin_are_named() {
    let (out, port) = (tempdir().unwrap(), free_port());
    for (server, scheme, variable, port_variable) in [
        ("redis", "redis", "REDIS_URL", "CACHEMARK_REDIS_PORT"),
        ("memcached", "memcached", "MEMCACHED_URL", "CACHEMARK_MEMCACHED_PORT"),
        ("postgres", "postgres", "DATABASE_URL", "CACHEMARK_POSTGRES_PORT"),
    ] {
        let url = format!("{scheme}://127.0.0.1:{port}");
        let bare = || {
            let mut command = sweep(out.path(), server);
            command.env_remove(variable);
            command
        };
        for (named, command) in [
            (flag(server), bare().args([flag(server), &url])),
            (variable, bare().env(variable, &url)),
            (port_variable, bare().env(port_variable, port.to_string())),
        ] {
            let (code, text) = outcome(command);
            assert_eq!(code, 4, "{text}");
            assert!(text.contains(&format!("127.0.0.1:{port}")) && text.contains(named), "{named}: {text}");
            assert!(text.contains("docker compose up"), "{named}: {text}");
        }
    }
}

#[test]
fn a_variable_that_is_no_text_or_empty_is_not_taken_for_unset() {
    let out = tempdir().unwrap();
    let wrong = [(OsString::new(), "empty"), (OsString::from_vec(b"redis://h\xff".to_vec()), "UTF-8")];
    for (value, said) in wrong {
        for (server, variable) in [("redis", "REDIS_URL"), ("memcached", "MEMCACHED_URL"), ("postgres", "DATABASE_URL")]
        {
            let (code, text) = outcome(sweep(out.path(), server).env(variable, &value));
            assert_eq!(code, 2, "{text}");
            assert!(text.contains(variable) && text.contains(said), "{text}");
            let (code, text) = outcome(sweep(out.path(), "in-process").env(variable, &value).arg("--dry-run"));
            assert_eq!(code, 0, "not asked for: {text}");
        }
    }
}

#[test]
fn an_address_beside_a_stack_that_is_not_external_is_refused() {
    let out = tempdir().unwrap();
    for stack in ["embedded", "native"] {
        for flag in ["--redis-url", "--memcached-url", "--database-url"] {
            let arguments = ["sweep", "--workload", "smoke", "--stack", stack, "--dry-run", flag, "redis://h"];
            let (code, text) = outcome(cachemark(out.path()).args(arguments));
            assert_eq!(code, 2, "{text}");
            assert!(text.contains(&format!("--stack external {flag}")), "{text}");
        }
    }
    let mut command = cachemark(out.path());
    let variables = command.env("REDIS_URL", "redis://h").env("DATABASE_URL", "mysql://h");
    let (code, text) = outcome(variables.args(["sweep", "--workload", "smoke", "--dry-run"]));
    assert_eq!(code, 0, "variables are there for other programs too: {text}");
}

/// Something that listens and says `answer` to whatever it is asked first, and then closes the connection.
fn stranger(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // A client that has gone is no concern of its.
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(answer);
        }
    });
    port
}

#[test]
fn what_speaks_another_protocol_is_told_from_a_server() {
    let http = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n";
    let redis = b"-ERR unknown command 'stats', with args beginning with: 'settings'\r\n";
    let cases: [(&str, &'static [u8], &str); 7] = [
        ("redis", http, "Redis"),
        ("redis", b"ERROR\r\n", "Redis"),
        ("redis", b"", "Redis"),
        ("memcached", http, "Memcached"),
        ("memcached", redis, "Memcached"),
        ("memcached", b"\x4a\x00\x00\x00\xff\n", "Memcached"),
        ("postgres", b"-ERR unknown command\r\n", "PostgreSQL"),
    ];
    for (server, answer, protocol) in cases {
        let (out, port) = (tempdir().unwrap(), stranger(answer));
        let scheme = if server == "postgres" { "postgres://u" } else { server };
        let url = format!("{scheme}{}127.0.0.1:{port}", if server == "postgres" { "@" } else { "://" });
        let (code, text) = outcome(sweep(out.path(), server).args([flag(server), &url]));
        assert_eq!(code, 4, "{text}");
        assert!(text.contains(&format!("speak the {protocol} protocol")), "{server}: {text}");
        assert!(text.contains(&format!("127.0.0.1:{port}")), "{server}: {text}");
        assert!(!text.contains("docker"), "something listens: {text}");
        // That so few blocks give no verdicts is said first.
        let said = text.lines().filter(|line| !line.starts_with("warning: "));
        assert_eq!(said.count(), 1, "{server}: {text}");
    }
}

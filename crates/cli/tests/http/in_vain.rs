//! Loads that are refused, and loads that measure nothing: they are told, and leave nothing that could be taken for figures.

use crate::load;
use crate::service::Service;
use crate::support::{cachemark, latest};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use tempfile::tempdir;

/// A service that answers every request with this status, on a thread that ends with the test's process.
fn always(status: &'static str) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut stream = stream;
                loop {
                    let mut body = 0;
                    loop {
                        let mut line = String::new();
                        if reader.read_line(&mut line).unwrap_or(0) == 0 {
                            return;
                        }
                        if let Some(length) = line.to_lowercase().strip_prefix("content-length:") {
                            body = length.trim().parse().unwrap();
                        }
                        if line == "\r\n" {
                            break;
                        }
                    }
                    let mut bytes = vec![0; body];
                    if reader.read_exact(&mut bytes).is_err() {
                        return;
                    }
                    if write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").is_err() {
                        return;
                    }
                }
            });
        }
    });
    url
}

#[test]
fn a_load_that_measured_nothing_ends_with_3_and_says_why() {
    let out = tempdir().unwrap();
    for (status, more, reason) in [
        ("404 Not Found", &["--read-ratio", "1"][..], "all-absent"),
        ("500 Internal Server Error", &["--read-ratio", "1"], "failures"),
        ("500 Internal Server Error", &["--read-ratio", "1"], "nothing-measured"),
        ("400 Bad Request", &["--read-ratio", "0.9", "--preload"], "preload-failed"),
    ] {
        let (code, told) = load(out.path(), &always(status), more);
        assert_eq!(code, Some(3), "{status}: {told}");
        assert!(told.contains(&format!("not to be trusted: {reason}")), "{status}: {told}");
    }
}

#[test]
fn a_refused_load_leaves_nothing_behind() {
    let out = tempdir().unwrap();
    let service = Service::start(&["--preload"]);
    let target = format!("http://{}", service.address);
    for (more, reason) in [
        (&["--driver", "gose"][..], "unknown driver `gose`"),
        (&["--driver", "goose", "--rate", "5"], "closed loop"),
        (&["--users", "0"], "--users"),
        (&["--rate", "0"], "no offered load"),
        (&["--junit", "/"], "junit"),
        (&["--force"], "give its folder with --resume"),
        (&["--target", "two=http://127.0.0.1:1"], "two: http://127.0.0.1:1"),
    ] {
        let (code, told) = load(out.path(), &target, more);
        assert!(matches!(code, Some(2 | 4)) && told.contains(reason), "{more:?} {code:?}: {told}");
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0, "{more:?}");
    }
}

#[test]
fn a_target_that_is_not_there_is_told_before_the_run() {
    let out = tempdir().unwrap();
    let port = cachemark_testkit::free_port();
    let target = format!("gone=http://user:sesame@127.0.0.1:{port}");
    let output = cachemark(out.path()).args(["load", "--target", &target]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains(&format!("gone: http://127.0.0.1:{port}: ")) && !told.contains("sesame"), "{told}");
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0, "nothing was begun");
}

#[test]
fn a_target_that_never_answers_is_counted_not_hidden() {
    let out = tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // Takes every connection, and hangs up. It ends with the test's process.
    std::thread::spawn(move || listener.incoming().for_each(drop));
    let target = format!("gone=http://user:sesame@127.0.0.1:{port}");
    let arguments = ["load", "--target", &target, "--workload", "smoke", "--users", "1", "--read-ratio", "1"];
    let output = cachemark(out.path()).args(arguments).args(["--duration", "100ms", "--blocks=1"]).output().unwrap();
    let shown = [output.stdout.clone(), output.stderr.clone()].concat();
    let shown = String::from_utf8_lossy(&shown);
    assert!(!shown.contains("sesame"));
    assert_eq!(output.status.code(), Some(3), "{shown}");
    assert!(shown.contains("not to be trusted: failures: in 1 of 1 trial"), "the reason is told: {shown}");
    let run = latest(out.path());
    let totals = run.trials[0].totals;
    // What was sent and hung up on may have been done.
    assert_eq!((totals.ok, totals.error + totals.unknown), (0, totals.issued));
    assert!(totals.issued > 0 && !run.manifest.command.contains("sesame"));
}

#[test]
fn a_wrong_strategy_or_url_is_a_usage_error() {
    let out = tempdir().unwrap();
    let code = |arguments: &[&str]| cachemark(out.path()).args(arguments).output().unwrap().status.code();
    assert_eq!(code(&["serve", "--strategy", "cache-beside"]), Some(2));
    assert_eq!(code(&["load", "--target", "not a url"]), Some(2));
    assert_eq!(code(&["load"]), Some(2));
}

//! What a record with hop times shows, and one without does not.

mod sample;

use cachemark_report::write_report;
use sample::Sample;
use std::fs;

fn small() -> Sample {
    Sample { strategies: &["no-cache", "cache-aside"], read_ratios: &[0.9], blocks: 1, hops: true, ..Sample::default() }
}

/// The summary's section of that heading.
fn section(summary: &str, heading: &str) -> Option<String> {
    let begin = summary.find(&format!("## {heading}"))?;
    let rest = &summary[begin..];
    Some(rest[..rest[3..].find("\n## ").map_or(rest.len(), |end| end + 3)].to_owned())
}

#[test]
fn the_time_is_divided_by_operation_and_hop() {
    let folder = tempfile::tempdir().unwrap();
    let run = small().write(folder.path());
    write_report(&run).unwrap();
    let summary = fs::read_to_string(run.folder.join("SUMMARY.md")).unwrap();
    insta::assert_snapshot!(section(&summary, "Where does the time go?").unwrap(), @r"
    ## Where does the time go?

    | stack | read ratio | strategy | operation | count | service time, mean | cache | store | rest | waiting for a lane, of cache and store |
    | --- | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
    | moka + sqlite | 0.9 | no-cache | read past the cache | 900 | 70.0 µs | 0 | 60.0 µs | 10.0 µs | 7.50 µs |
    |  |  |  | write or delete | 100 | 130 µs | 0 | 120 µs | 10.0 µs | 0 |
    |  |  | no-cache (A/A) | read past the cache | 900 | 70.0 µs | 0 | 60.0 µs | 10.0 µs | 7.50 µs |
    |  |  |  | write or delete | 100 | 130 µs | 0 | 120 µs | 10.0 µs | 0 |
    |  |  | cache-aside | read, hit | 800 | 20.0 µs | 16.0 µs | 0 | 4.00 µs | 1.50 µs |
    |  |  |  | read, miss | 90 | 110 µs | 40.0 µs | 60.0 µs | 10.0 µs | 7.44 µs |
    |  |  |  | read, miss that joined a load | 10 | 80.0 µs | 16.0 µs | 0 | 64.0 µs | 0 |
    |  |  |  | write or delete | 100 | 145 µs | 15.0 µs | 120 µs | 10.0 µs | 0 |

    - Means of the service time of answered operations, in which an operation without the hop counts as 0; the median over trials, so parts may miss the whole by a little. Service time = cache + store + rest. Cache and store are whole calls, with the way to a server and back, and with waiting for a lane (a free connection, or one to be made): that is contained in them, and not to be added. The rest is the strategy's own (waiting for its locks included) and the client's; of a miss that joined a load it is the wait for that load. Calls that run at once are counted each, and then the rest may fall below 0.
    ");
    let html = fs::read_to_string(run.folder.join("report.html")).unwrap();
    assert!(html.contains("<section id=\"hops\">") && html.contains("href=\"#hops\""));
    assert!(run.folder.join("charts/hops.svg").is_file() && run.folder.join("charts/hops.png").is_file());
}

#[test]
fn without_hop_times_nothing_is_said_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let run = Sample { hops: false, ..small() }.write(folder.path());
    write_report(&run).unwrap();
    let summary = fs::read_to_string(run.folder.join("SUMMARY.md")).unwrap();
    assert_eq!(section(&summary, "Where does the time go?"), None);
    assert!(!fs::read_to_string(run.folder.join("report.html")).unwrap().contains("id=\"hops\""));
    assert!(!run.folder.join("charts/hops.svg").exists());
}

//! `--metrics-listen`: what it gives agrees with the record, to the last operation.

mod support;

use cachemark_results::Trial;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;
use support::latest;
use tempfile::tempdir;

const QUICK: [&str; 13] = [
    "sweep",
    "--workload",
    "smoke",
    "--strategy",
    "no-cache,cache-aside",
    "--read-ratio",
    "0.9",
    "--blocks",
    "2",
    "--duration",
    "600ms",
    "--set",
    "cache-aside.ttl-ms=60000",
];

/// What a page says: a value for each line.
type Page = BTreeMap<String, f64>;

fn get(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

fn parsed(answer: &str) -> Page {
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.to_lowercase().contains("content-type: text/plain; version=0.0.4"), "{answer}");
    let body = answer.split_once("\r\n\r\n").expect("a body").1;
    let samples = body.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(' '));
    samples.map(|(name, value)| (name.to_owned(), value.parse().unwrap())).collect()
}

/// Of all samples of a metric whose labels hold that text.
fn sum(page: &Page, metric: &str, label: &str) -> f64 {
    let start = format!("cachemark_{metric}{{");
    page.iter().filter(|(name, _)| name.starts_with(&start) && name.contains(label)).map(|(_, value)| value).sum()
}

/// Runs it, asked again and again until nobody answers; the pages.
fn watched(arguments: &[&str], out: &std::path::Path) -> Vec<Page> {
    let mut run = Command::new(assert_cmd::cargo::cargo_bin("cachemark"))
        .args(arguments)
        .args(["--metrics-listen", "127.0.0.1:0"])
        .env("CACHEMARK_OUT", out)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut talk = BufReader::new(run.stderr.take().unwrap()).lines();
    let address = talk.find_map(|line| {
        let line = line.unwrap();
        Some(line.strip_prefix("metrics: http://")?.strip_suffix("/metrics")?.parse().unwrap())
    });
    let address: SocketAddr = address.expect("the address is told");
    // Or it would wait for somebody to read what it says.
    let rest = thread::spawn(move || talk.map(Result::unwrap).collect::<Vec<_>>());
    let mut pages = Vec::new();
    while let Ok(answer) = get(address, "/metrics") {
        if answer.is_empty() {
            break;
        }
        pages.push(parsed(&answer));
        thread::sleep(Duration::from_millis(50));
    }
    let status = run.wait().unwrap();
    assert!(status.success(), "{status}: {:?}", rest.join());
    pages
}

#[test]
fn the_last_scrape_has_what_the_record_has() {
    let out = tempdir().unwrap();
    let pages = watched(&QUICK, out.path());
    let run = latest(out.path());
    let page = pages.last().expect("a page");
    assert_eq!(page["cachemark_run_over"], 1.0, "it goes on until somebody has heard of the end");
    assert_eq!(page["cachemark_run_trials_finished_total"], run.trials.len() as f64);
    assert_eq!((page["cachemark_run_trials"], page["cachemark_run_blocks"]), (run.trials.len() as f64, 2.0));
    for cell in &run.manifest.cells {
        let label = format!("cell=\"{}\"", cell.id);
        let of = |metric: &str| sum(page, metric, &label);
        let trials: Vec<&Trial> = run.trials_of(&cell.id).collect();
        let total = |count: &dyn Fn(&Trial) -> u64| trials.iter().map(|trial| count(trial)).sum::<u64>() as f64;
        let series = |count: &dyn Fn(&cachemark_results::Interval) -> u64| {
            total(&|trial| run.series(trial).unwrap().intervals.iter().map(count).sum())
        };
        assert!(of("run_operations_total") > 100.0, "{label}");
        assert_eq!(of("run_operations_total"), series(&|interval| interval.operations), "{label}");
        assert_eq!(of("run_cache_hits_total"), series(&|interval| interval.hits), "{label}");
        assert_eq!(of("run_cache_misses_total"), series(&|interval| interval.misses), "{label}");
        assert_eq!(of("run_failures_total"), 0.0, "{label}");
        assert_eq!(of("run_operation_duration_seconds_count"), of("run_operations_total"), "{label}");
        // The window goes by when an operation is issued there, an interval by when it ends here: those in flight differ.
        let in_flight = 64.0 * trials.len() as f64;
        let issued = total(&|trial| trial.totals.issued);
        assert!((of("run_operations_total") - issued).abs() <= in_flight, "{label}: {issued}");
        let judged = total(&|trial| trial.freshness.as_ref().unwrap().judged);
        let stale = total(&|trial| trial.freshness.as_ref().unwrap().stale);
        assert_eq!((of("run_judged_reads_total"), of("run_stale_reads_total")), (judged, stale), "{label}");
        let asked = total(&|trial| trial.store.reads + trial.store.writes + trial.store.deletes + trial.store.errors);
        assert_eq!(of("run_store_operations_total"), asked, "{label}");
    }
}

#[test]
fn counters_only_rise_and_the_phases_come_in_turn() {
    let out = tempdir().unwrap();
    let pages = watched(&QUICK, out.path());
    for (before, after) in pages.iter().zip(&pages[1..]) {
        for (name, value) in before {
            let is_counter = name.split('{').next().is_some_and(|name| name.ends_with("_total"));
            assert!(!is_counter || after[name] >= *value, "{name} fell from {value} to {}", after[name]);
        }
    }
    let seen = |phase: &str| {
        let name = format!("cachemark_run_trial_phase{{phase=\"{phase}\"}}");
        pages.iter().any(|page| page.get(&name) == Some(&1.0))
    };
    assert!(seen("window") && seen("ending"));
    // Of the trial under way alone, however many there are.
    assert!(
        pages.iter().all(|page| page.keys().filter(|name| name.starts_with("cachemark_run_trial_info")).count() <= 1)
    );
}

#[test]
fn the_docs_name_every_metric_and_no_other() {
    let out = tempdir().unwrap();
    let pages = watched(&QUICK, out.path());
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/watching.md")).unwrap();
    let rows = docs.lines().filter_map(|line| line.strip_prefix("| `cachemark_run_")?.split('`').next());
    let mut named: Vec<&str> = rows.collect();
    let of = |name: &String| {
        let name = name.split('{').next().unwrap().strip_prefix("cachemark_run_").unwrap().to_owned();
        let parts = ["_bucket", "_sum", "_count"];
        parts.iter().find_map(|part| name.strip_suffix(part)).map_or(name.clone(), str::to_owned)
    };
    let mut given: Vec<String> = pages.iter().flat_map(|page| page.keys().map(of)).collect();
    // This run had none.
    given.push("failures_total".into());
    given.sort();
    given.dedup();
    named.sort_unstable();
    assert_eq!(named, given);
}

/// What is said on stderr, and the exit code.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let out = tempdir().unwrap();
    let output = support::cachemark(out.path()).args(QUICK).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn beyond_this_machine_it_listens_only_where_that_was_said() {
    let (code, talk) = refused(&["--metrics-listen", "0.0.0.0:0"]);
    assert_eq!(code, Some(2), "{talk}");
    for words in ["more than this machine", "names of arms", "--metrics-public"] {
        assert!(talk.contains(words), "{words} in {talk}");
    }
    let (code, talk) = refused(&["--metrics-listen", "0.0.0.0:0", "--metrics-public"]);
    assert_eq!(code, Some(0), "{talk}");
    assert!(talk.contains("metrics: http://0.0.0.0:") && talk.contains("without a password"), "{talk}");
}

#[test]
fn two_runs_beside_each_other_have_ports_of_their_own() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, talk) = refused(&["--metrics-listen", &address]);
    assert_eq!(code, Some(4), "{talk}");
    assert!(
        talk.contains(&address) && talk.contains("another run may have this one") && talk.contains("port 0"),
        "{talk}"
    );
    let (code, talk) = refused(&["--quiet", "--metrics-listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(2), "{talk}");
    assert!(talk.contains("nobody would be told the port"), "{talk}");
}

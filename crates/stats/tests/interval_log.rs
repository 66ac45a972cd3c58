//! Interval logs: ours in another library's eyes, others' in ours, and what is refused.
//!
//! `CACHEMARK_BLESS=1 cargo test --workspace --locked --test interval_log` writes the log anew; the figures beside it come
//! from `scripts/golden/check-interval-log`, which says how.

use cachemark_stats::{
    Histogram, IntervalLogReader, IntervalLogWriter, LogInterval, LogWriteError, StatsError, interval_log_head,
};
use proptest::prelude::*;
use serde::Deserialize;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const SECOND: Duration = Duration::from_secs(1);
/// 2026-11-22T08:00:00.250Z.
const START: Duration = Duration::from_millis(1_795_334_400_250);

fn histogram_of(values: impl IntoIterator<Item = u64>) -> Histogram {
    let mut histogram = Histogram::new();
    values.into_iter().for_each(|ns| histogram.record(ns));
    histogram
}

/// Six seconds of reads and writes, the same at every run: quick with a slow tail, and a second in which nothing ended.
fn intervals() -> Vec<LogInterval> {
    let mut state = 7_u64;
    let mut times = |count: u64, typical_ns: u64| {
        histogram_of((0..count).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let share = (state >> 40) as f64 / (1_u64 << 24) as f64;
            (typical_ns as f64 * (0.5 + share + 0.002 / (1.0 - share))) as u64
        }))
    };
    let mut intervals = Vec::new();
    for second in 0..6_u32 {
        let counts = if second == 3 { (0, 0) } else { (1_800 + 100 * u64::from(second), 250) };
        for (tag, times) in [("read", times(counts.0, 42_000)), ("write", times(counts.1, 310_000))] {
            intervals.push(LogInterval { tag: Some(tag.to_owned()), start: SECOND * second, length: SECOND, times });
        }
    }
    intervals
}

fn written(intervals: &[LogInterval]) -> Vec<u8> {
    let head = interval_log_head(SystemTime::UNIX_EPOCH + START, &["[Logged by a test]"]);
    let mut log = IntervalLogWriter::new(head);
    for LogInterval { tag, start, length, times } in intervals {
        log.push(tag.as_deref(), *start, *length, times).expect("small counts can be written");
    }
    log.into_inner()
}

fn read(log: &[u8]) -> Result<Vec<LogInterval>, StatsError> {
    IntervalLogReader::new(log).collect()
}

#[derive(Debug, PartialEq, Deserialize)]
struct Figures {
    intervals: usize,
    count: u64,
    p50: u64,
    p99_9: u64,
    max: u64,
}

/// The figures of all intervals merged.
fn figures(log: &[u8]) -> Figures {
    let (mut intervals, mut merged) = (0, Histogram::new());
    for interval in IntervalLogReader::new(log) {
        merged.merge(&interval.expect("the log is whole").times);
        intervals += 1;
    }
    let quantile = |q| merged.quantile(q).expect("the log has samples enough");
    Figures { intervals, count: merged.count(), p50: quantile(0.5), p99_9: quantile(0.999), max: merged.max().unwrap() }
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

#[test]
fn what_was_written_comes_back() {
    let log = written(&intervals());
    assert_eq!(read(&log), Ok(intervals()));
    let mut reader = IntervalLogReader::new(&log);
    assert_eq!(reader.start_time(), None);
    assert!(reader.next().is_some());
    assert_eq!((reader.start_time(), reader.base_time()), (Some(START), Some(START)));
    let untagged = [LogInterval { tag: None, ..intervals().remove(0) }];
    assert_eq!(read(&written(&untagged)), Ok(untagged.to_vec()));
}

#[test]
fn another_library_reads_the_same_in_our_log() {
    if std::env::var_os("CACHEMARK_BLESS").is_some() {
        std::fs::write(golden("interval-log.hlog"), written(&intervals())).unwrap();
    }
    let log = std::fs::read(golden("interval-log.hlog")).unwrap();
    assert_eq!(read(&log), Ok(intervals()), "the log is the one that is written today");
    let theirs: Figures = serde_json::from_slice(&std::fs::read(golden("interval-log.json")).unwrap()).unwrap();
    assert_eq!(figures(&log), theirs);
}

/// Logs of other tools, which are not kept in this repository: CONTRIBUTING.md says where they come from.
#[test]
fn logs_of_other_tools_give_their_known_figures() {
    let Some(traces) = std::env::var_os("CACHEMARK_TRACES") else {
        // Past the test's own capture, so that a skipped test is seen.
        let _ = writeln!(std::io::stderr(), "skipped: CACHEMARK_TRACES names no folder of traces");
        return;
    };
    let log = |name: &str| {
        let path = Path::new(&traces).join("hdrhistogram").join(name);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let figures_of_jhiccup = figures(&log("jHiccup-2.0.7S.logV2.hlog"));
    assert_eq!((figures_of_jhiccup.intervals, figures_of_jhiccup.count), (62, 48_761));
    assert_eq!((figures_of_jhiccup.p99_9, figures_of_jhiccup.max), (1_745_879_039, 1_796_210_687));
    let tagged = read(&log("tagged-Log.logV2.hlog")).unwrap();
    assert_eq!(tagged.iter().map(|interval| interval.times.count()).sum::<u64>(), 32_290);
    let with_tag = tagged.iter().filter(|interval| interval.tag.as_deref() == Some("A")).count();
    assert_eq!(with_tag * 2, tagged.len());
    for (name, version) in [("jHiccup-2.0.1.logV0.hlog", 0), ("jHiccup-2.0.6.logV1.hlog", 1)] {
        let refused = read(&log(name)).unwrap_err();
        assert!(matches!(refused, StatsError::BadIntervalLog { line: 5, .. }), "{refused}");
        assert!(refused.to_string().contains(&format!("HDR encoding version {version}, and version 2 is read")));
    }
}

#[test]
fn a_log_of_an_older_encoding_is_called_that_and_not_damaged() {
    use base64::Engine;
    // The cookies of versions 0 and 1, plain and deflated, with the length of a count's word in them.
    for (last, version) in [(0x88, 0), (0x89, 0), (0x11, 1), (0x12, 1)] {
        let histogram = [&[0x1c, 0x84, 0x93, last, 0, 0, 0, 20][..], &[0x78; 40]].concat();
        let text = base64::engine::general_purpose::STANDARD.encode(histogram);
        let log = format!("#[Histogram log format version 1.01]\n0.116,1.005,3.031,{text}\n");
        let refused = read(log.as_bytes()).unwrap_err().to_string();
        let told = format!("HDR encoding version {version}, and version 2 is read");
        assert!(refused.contains("line 2 of the interval log cannot be read") && refused.contains(&told), "{refused}");
        assert!(!refused.contains("damaged") && !refused.contains("fewer counts"), "{refused}");
    }
}

#[test]
fn damaged_lines_are_refused_by_number() {
    let log = String::from_utf8(written(&intervals()[..2])).unwrap();
    assert_eq!(log.lines().count(), 8);
    let with = |line: usize, change: &dyn Fn(&str) -> String| {
        let changed: Vec<String> = log
            .lines()
            .enumerate()
            .map(|(index, text)| if index + 1 == line { change(text) } else { text.to_owned() })
            .collect();
        read(changed.join("\n").as_bytes())
    };
    assert_eq!(with(1, &str::to_owned).map(|intervals| intervals.len()), Ok(2), "the last line's end may be missing");
    assert_eq!(with(1, &|_| String::new()).map(|intervals| intervals.len()), Ok(2), "an empty line is none");
    let refused = |line: usize, change: &dyn Fn(&str) -> String| match with(line, change) {
        Err(StatsError::BadIntervalLog { line: told, what }) if told == line => what,
        other => panic!("line {line}: {other:?}"),
    };
    assert!(refused(7, &|text| text[..text.len() / 2].to_owned()).contains("histogram"));
    assert!(refused(8, &|text| text[..text.len() - 1].to_owned()).contains("base64"));
    assert!(refused(7, &|text| text.replace("Tag=read,", "Tag=read")).contains("neither"));
    assert!(refused(7, &|text| text.replace(",1.000,", ",soon,")).contains("neither"));
    assert!(refused(8, &|_| "Tag=lost".to_owned()).contains("neither"));
    assert!(refused(4, &|text| text.replace("1795334400.250", "yesterday")).contains("seconds"));
    let middle = |text: &str| {
        let (head, tail) = text.split_at(text.len() - 40);
        let flipped = if tail.starts_with('A') { "B" } else { "A" };
        format!("{head}{flipped}{}", &tail[1..])
    };
    assert!(refused(8, &middle).contains("histogram"));
}

#[test]
fn a_tag_that_would_break_its_line_is_refused() {
    let mut log = IntervalLogWriter::new(Vec::new());
    for tag in ["a,b", "a b", "a\nb"] {
        let refused = log.push(Some(tag), SECOND, SECOND, &Histogram::new());
        assert!(matches!(refused, Err(LogWriteError::Refused(_))));
    }
    let huge = {
        let mut huge = Histogram::new();
        huge.record_n(7, u64::MAX / 2 + 1);
        huge
    };
    assert!(log.push(None, SECOND, SECOND, &huge).is_err());
    assert_eq!(log.into_inner(), b"", "what was refused left nothing behind");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn intervals_merged_are_the_histogram_of_the_union(
        seconds in prop::collection::vec(prop::collection::vec(0..cachemark_stats::HIGHEST_NS, 0..60), 0..8),
    ) {
        let mut log = IntervalLogWriter::new(interval_log_head(SystemTime::UNIX_EPOCH, &[]));
        for (second, values) in seconds.iter().enumerate() {
            let times = histogram_of(values.iter().copied());
            log.push(None, SECOND * second as u32, SECOND, &times).expect("small counts can be written");
        }
        let mut merged = Histogram::new();
        for interval in IntervalLogReader::new(&log.into_inner()) {
            merged.merge(&interval.expect("what we wrote can be read").times);
        }
        prop_assert_eq!(merged, histogram_of(seconds.concat()));
    }

    #[test]
    fn random_text_never_panics(text in "(Tag=|#|[0-9.,]|StartTime|\\[|HIST|\n|[a-zA-Z0-9+/=]){0,60}") {
        let _ = read(text.as_bytes());
    }

    #[test]
    fn a_cut_log_is_refused_or_ends_at_a_line(share in 0.0..1.0) {
        let log = written(&intervals()[..4]);
        let cut = &log[..(log.len() as f64 * share) as usize];
        match read(cut) {
            Ok(kept) => prop_assert_eq!(&kept[..], &intervals()[..kept.len()]),
            Err(StatsError::BadIntervalLog { line, .. }) => {
                prop_assert_eq!(line, cut.split(|byte| *byte == b'\n').count());
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}

/// Takes so many bytes and no more.
struct Small(usize);

impl std::io::Write for Small {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_log_that_finds_no_room_says_why() {
    let mut log = IntervalLogWriter::new(Small(500));
    let failed = (0..500).find_map(|second| log.push(None, SECOND * second, SECOND, &histogram_of([7, 8])).err());
    let Some(LogWriteError::Io(error)) = failed else { panic!("500 lines in 500 bytes: {failed:?}") };
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
}

//! Packed records: they read as before, and a pack that is damaged, foreign or too large is refused.

mod sample;

use cachemark_results::{Manifest, PackError, Packed, RecordError, Run, RunWriter, Status, Thoroughness, pack};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

const LOG: &[u8] = b"#a log\na line\n";

/// A record with two trials, the second with a log.
fn record(out: &Path, status: Status) -> PathBuf {
    let manifest = Manifest { status, ..sample::manifest() };
    let writer = RunWriter::create(out, &manifest, "").unwrap();
    writer.environment(&sample::environment()).unwrap();
    writer.trial(&sample::trial(1), &sample::series(), &sample::histograms()).unwrap();
    let mut lines = writer.log_lines(2).unwrap();
    lines.write_all(&LOG[7..]).unwrap();
    writer.trial_with_log(&sample::trial(2), &sample::series(), &sample::histograms(), &LOG[..7], lines).unwrap();
    writer.folder().to_owned()
}

fn packed_record() -> (tempfile::TempDir, PathBuf) {
    let out = tempfile::tempdir().unwrap();
    let folder = record(out.path(), Status::Complete);
    pack(&folder, Thoroughness::Whole).unwrap();
    (out, folder)
}

fn said(folder: &Path) -> Packed {
    Run::open(folder).unwrap().manifest.packed.unwrap()
}

/// Puts a pack of these bytes into the record, and says of it what `said` makes of the truth.
fn replace(folder: &Path, pack: &[u8], said: impl Fn(&mut serde_json::Value)) {
    use sha2::{Digest, Sha256};
    fs::write(folder.join("trials.tar.zst"), pack).unwrap();
    // In this process: a child would inherit the locks of the records that other tests write.
    let sum: String = Sha256::digest(pack).iter().map(|byte| format!("{byte:02x}")).collect();
    let path = folder.join("manifest.json");
    let mut manifest: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    manifest["packed"]["sha256"] = sum.into();
    manifest["packed"]["bytes"] = pack.len().into();
    said(&mut manifest["packed"]);
    fs::write(&path, manifest.to_string()).unwrap();
}

fn refused(folder: &Path) -> String {
    let error = Run::open(folder).unwrap_err();
    assert!(matches!(error, RecordError::Malformed { .. }), "{error}");
    error.to_string()
}

/// An archive with one file.
fn archive(path: &str, content: &[u8]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    // As a hostile writer sets it: the library's own setter refuses to leave the folder.
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_cksum();
    tar.append(&header, content).unwrap();
    tar.into_inner().unwrap()
}

#[test]
fn a_packed_record_reads_as_before() {
    let (_out, folder) = packed_record();
    let run = Run::open(&folder).unwrap();
    assert_eq!(run.trials, [sample::trial(1), sample::trial(2)]);
    for trial in &run.trials {
        assert_eq!(run.series(trial).unwrap(), sample::series());
        assert_eq!(run.histograms(trial).unwrap(), sample::histograms());
        assert_eq!(run.interval_log(trial).unwrap(), (trial.number == 2).then(|| LOG.to_vec()));
    }
    assert!(!folder.join("trials").exists(), "the folders are in the pack");
    assert!(!said(&folder).sha256.is_empty() && said(&folder).left_out.is_empty());
}

#[test]
fn any_file_can_be_taken_out_as_it_was_and_the_same_trials_give_the_same_bytes() {
    let (out, again) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (folder, other) = (record(out.path(), Status::Complete), record(again.path(), Status::Complete));
    let mut before = BTreeMap::new();
    for trial in ["0001", "0002"] {
        for entry in fs::read_dir(folder.join("trials").join(trial)).unwrap().flatten() {
            let name = format!("trials/{trial}/{}", entry.file_name().to_str().unwrap());
            before.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    let [one, two] = [folder, other].map(|folder| fs::read(pack(&folder, Thoroughness::Whole).unwrap().file).unwrap());
    assert_eq!(one, two);
    let mut archive = tar::Archive::new(zstd::stream::read::Decoder::new(one.as_slice()).unwrap());
    let mut inside = BTreeMap::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let mut bytes = Vec::new();
        std::io::copy(&mut entry, &mut bytes).unwrap();
        inside.insert(entry.path().unwrap().to_str().unwrap().to_owned(), bytes);
    }
    assert_eq!(before.len(), 7);
    assert_eq!(inside, before);
}

#[test]
fn only_a_finished_record_is_packed() {
    for status in [Status::Running, Status::Interrupted, Status::Failed] {
        let out = tempfile::tempdir().unwrap();
        let folder = record(out.path(), status);
        let error = pack(&folder, Thoroughness::Whole).unwrap_err();
        assert!(matches!(error, PackError::Unfit { .. }) && error.to_string().contains("not finished"), "{error}");
        assert!(folder.join("trials/0002/summary.json").is_file() && !folder.join("trials.tar.zst").exists());
    }
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(pack(empty.path(), Thoroughness::Whole), Err(PackError::Record(RecordError::Missing { .. }))));
}

#[test]
fn a_record_that_is_written_is_not_packed() {
    let out = tempfile::tempdir().unwrap();
    let folder = record(out.path(), Status::Complete);
    let writer = RunWriter::reopen(&folder).unwrap();
    assert!(matches!(pack(&folder, Thoroughness::Whole), Err(PackError::Record(RecordError::Busy { .. }))));
    drop(writer);
    assert!(!pack(&folder, Thoroughness::Whole).unwrap().already);
    assert!(pack(&folder, Thoroughness::Whole).unwrap().already, "twice changes nothing");
}

#[test]
fn what_somebody_else_laid_among_the_trials_stays() {
    let out = tempfile::tempdir().unwrap();
    let folder = record(out.path(), Status::Complete);
    fs::write(folder.join("trials/0001/notes.txt"), "mine").unwrap();
    pack(&folder, Thoroughness::Whole).unwrap();
    assert!(folder.join("trials/0001/notes.txt").is_file() && !folder.join("trials/0001/summary.json").exists());
    assert_eq!(Run::open(&folder).unwrap().trials.len(), 2);
}

/// The trials of the record, with their folders put back as they were before it was packed.
fn packed_with_folders(thoroughness: Thoroughness) -> (tempfile::TempDir, PathBuf) {
    let out = tempfile::tempdir().unwrap();
    let folder = record(out.path(), Status::Complete);
    let before: Vec<(PathBuf, Vec<u8>)> = ["trials/0001", "trials/0002"]
        .iter()
        .flat_map(|trial| fs::read_dir(folder.join(trial)).unwrap().flatten())
        .map(|entry| (entry.path(), fs::read(entry.path()).unwrap()))
        .collect();
    pack(&folder, thoroughness).unwrap();
    for (path, bytes) in before {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    (out, folder)
}

#[test]
fn what_lies_beside_a_pack_goes_only_if_the_pack_has_it() {
    use Thoroughness::{Slim, Whole};
    let unfit = |folder: &Path, thoroughness| {
        let error = pack(folder, thoroughness).unwrap_err();
        assert!(matches!(error, PackError::Unfit { .. }), "{error}");
        error.to_string()
    };
    let log = |folder: &Path| fs::read(folder.join("trials/0002/intervals.hlog"));

    let (_out, folder) = packed_with_folders(Slim);
    let told = unfit(&folder, Whole);
    assert!(told.contains("0001/histograms.json") && told.contains("which is slim"), "{told}");
    assert_eq!(log(&folder).unwrap(), LOG);
    assert!(pack(&folder, Slim).unwrap().already, "slim was asked for, so what it leaves out may go");
    assert!(!folder.join("trials").exists());

    let (_out, folder) = packed_with_folders(Slim);
    ["summary.json", "series.json", "histograms.json"]
        .iter()
        .for_each(|file| fs::remove_file(folder.join("trials/0002").join(file)).unwrap());
    assert!(unfit(&folder, Slim).contains("0002/intervals.hlog"), "nothing says that the log is this trial's");
    assert_eq!(log(&folder).unwrap(), LOG);

    let (_out, folder) = packed_with_folders(Whole);
    fs::write(folder.join("trials/0002/intervals.hlog"), "another run's").unwrap();
    for thoroughness in [Whole, Slim] {
        assert!(unfit(&folder, thoroughness).contains("0002/intervals.hlog"));
        assert!(folder.join("trials/0001/summary.json").is_file(), "nothing is removed");
    }
    fs::write(folder.join("trials/0002/intervals.hlog"), LOG).unwrap();
    assert!(pack(&folder, Whole).unwrap().already && !folder.join("trials").exists());
}

#[test]
fn a_whole_pack_becomes_the_slim_one_that_the_folders_would_have_become() {
    let (_out, folder) = packed_record();
    let straight = tempfile::tempdir().unwrap();
    let other = record(straight.path(), Status::Complete);
    let expected = pack(&other, Thoroughness::Slim).unwrap();
    fs::create_dir_all(folder.join("trials")).unwrap();
    fs::write(folder.join("trials/notes.txt"), "mine").unwrap();
    let error = pack(&folder, Thoroughness::Slim).unwrap_err().to_string();
    assert!(error.contains("something lies in its trials/"), "{error}");
    fs::remove_file(folder.join("trials/notes.txt")).unwrap();
    let slim = pack(&folder, Thoroughness::Slim).unwrap();
    assert_eq!((&slim.packed, slim.trials, slim.already), (&expected.packed, 2, false));
    assert_eq!(Run::open(&folder).unwrap().trials, [sample::trial(1), sample::trial(2)]);
    assert!(!folder.join("trials").exists());
    assert!(pack(&folder, Thoroughness::Whole).unwrap().already, "what was left out does not come back");
}

#[test]
fn a_slim_pack_says_what_it_lacks_and_keeps_every_figure() {
    let out = tempfile::tempdir().unwrap();
    let folder = record(out.path(), Status::Complete);
    pack(&folder, Thoroughness::Slim).unwrap();
    let run = Run::open(&folder).unwrap();
    assert_eq!(run.trials, [sample::trial(1), sample::trial(2)]);
    let histograms = run.histograms(&run.trials[1]).unwrap();
    let [bucket] = &histograms.buckets[..] else { panic!("one bucket was recorded") };
    assert_eq!(bucket.service_time, sample::histogram().rounded_up());
    assert_eq!((bucket.service_time.count(), bucket.hops.is_none()), (sample::histogram().count(), true));
    assert_eq!(run.interval_log(&run.trials[1]).unwrap(), None);
    assert_eq!(said(&folder).left_out.len(), 3);
}

#[test]
fn a_changed_pack_is_refused_by_its_digest() {
    let (_out, folder) = packed_record();
    let path = folder.join("trials.tar.zst");
    let whole = fs::read(&path).unwrap();
    let middle = whole.len() / 2;
    let flipped = [&whole[..middle], &[whole[middle] ^ 1], &whole[middle + 1..]].concat();
    for changed in [&flipped[..], &whole[..middle], &[&whole[..], b"more"].concat(), b""] {
        fs::write(&path, changed).unwrap();
        assert!(refused(&folder).contains("SHA-256"));
    }
    fs::remove_file(&path).unwrap();
    let gone = Run::open(&folder).unwrap_err();
    assert!(matches!(gone, RecordError::Io { .. }) && gone.to_string().contains("trials.tar.zst"), "{gone}");
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let (_out, folder) = packed_record();
    // Sixteen times as much as any pack may unpack to, and honest about it.
    let level = 1;
    let mut bomb = zstd::stream::write::Encoder::new(Vec::new(), level).unwrap();
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), 64 << 20), &mut bomb).unwrap();
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 100_000);
    replace(&folder, &bomb, |said| said["unpacked_bytes"] = (64_u64 << 20).into());
    assert!(refused(&folder).contains("more than 200 times its own"));
    replace(&folder, &bomb, |said| said["unpacked_bytes"] = (64_u64 << 30).into());
    assert!(refused(&folder).contains("at most 1073741824"));
    // And one that says that it is small: a file of zeros after the name of one of ours.
    let zeros = zstd::encode_all(archive("trials/0001/series.json", &vec![0; 20 << 20]).as_slice(), level).unwrap();
    replace(&folder, &zeros, |said| said["unpacked_bytes"] = 100_000.into());
    assert!(refused(&folder).contains("more bytes than the manifest says"));
}

#[test]
fn a_pack_holds_the_files_of_trials_and_nothing_else() {
    let (_out, folder) = packed_record();
    for path in ["../escaped.json", "/tmp/escaped.json", "trials/0001/run.sh", "trials/1/summary.json"] {
        let foreign = zstd::encode_all(archive(path, b"{}").as_slice(), 1).unwrap();
        replace(&folder, &foreign, |said| said["unpacked_bytes"] = 100_000.into());
        let told = refused(&folder);
        assert!(told.contains(path) && told.contains("which is none of"), "{told}");
    }
    let incomplete = zstd::encode_all(archive("trials/0001/series.json", b"{}").as_slice(), 1).unwrap();
    replace(&folder, &incomplete, |said| said["unpacked_bytes"] = 100_000.into());
    assert!(refused(&folder).contains("0001/summary.json"));
    replace(&folder, b"no archive at all", |_| ());
    refused(&folder);
}

//! A finished record's trials in one file, `trials.tar.zst`.
//!
//! The archive holds the files of `trials/` under their own paths, so `tar --zstd -xf` takes any of them out. The same trials
//! give the same bytes: the paths are in order, and the archive's heads hold no time, owner or mode of the files.
//!
//! What is read back was written by anybody: the digest of the manifest is checked before anything is unpacked, and no more
//! is unpacked than [`limits`] allow, whatever archive or manifest claim.

mod beside;
mod content;
mod limits;
mod slim;
mod unpack;
mod write;

pub use content::Thoroughness;
pub(crate) use unpack::Unpacked;
pub use write::{PackError, PackedRecord, pack};

/// The name of the file in the record's folder.
pub(crate) const PACK: &str = "trials.tar.zst";
/// The folder whose files it holds.
pub(crate) const TRIALS: &str = "trials";

/// The files of a trial, in the order in which the archive has them. Nothing else is packed.
const FILES: [&str; 4] = [HISTOGRAMS, crate::write::INTERVAL_LOG, SERIES, SUMMARY];
pub(crate) const HISTOGRAMS: &str = "histograms.json";
pub(crate) const SERIES: &str = "series.json";
pub(crate) const SUMMARY: &str = "summary.json";

/// The path of a trial's file within the archive.
fn path_of(number: u32, file: &str) -> String {
    format!("{TRIALS}/{number:04}/{file}")
}

/// The trial's number and the file's name, if the path is one of a trial's files.
fn parsed(path: &str) -> Option<(u32, &'static str)> {
    let (number, name) = path.strip_prefix(TRIALS)?.strip_prefix('/')?.split_once('/')?;
    let number: u32 = number.parse().ok()?;
    let file = FILES.into_iter().find(|file| *file == name)?;
    (path == path_of(number, file)).then_some((number, file))
}

/// SHA-256 in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_files_of_trials_have_a_place() {
        assert_eq!(parsed("trials/0012/series.json"), Some((12, SERIES)));
        assert_eq!(parsed("trials/12345/summary.json"), Some((12345, SUMMARY)));
        for path in [
            "trials/12/series.json",
            "trials/0012/../series.json",
            "/trials/0012/series.json",
            "trials/0012/other.json",
            "trials/+012/series.json",
            "series.json",
            "",
        ] {
            assert_eq!(parsed(path), None, "{path}");
        }
    }

    #[test]
    fn the_digest_is_that_of_sha256sum() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

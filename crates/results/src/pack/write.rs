//! Making a pack, and then removing what is in it.

use super::content::{Thoroughness, content};
use super::{FILES, PACK, TRIALS, Unpacked, beside, limits, path_of, sha256, slim};
use crate::atomic::write_whole;
use crate::schema::packed::Packed;
use crate::{Manifest, RecordError, Run, RunWriter, Status};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// zstd's own scale: above it, more time buys nothing more here.
const LEVEL: i32 = 19;

/// A record that was packed, or had been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedRecord {
    /// The pack.
    pub file: PathBuf,
    /// What the manifest says of it.
    pub packed: Packed,
    /// How many trials it holds.
    pub trials: usize,
    /// Whether it was a pack before.
    pub already: bool,
}

/// Why a record cannot be packed. It is then as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// It cannot be read or written, or another process is writing it.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// It is not one that can be packed.
    #[error("{} cannot be packed: {reason}", folder.display())]
    Unfit {
        /// The record's folder.
        folder: PathBuf,
        /// Why not, and what to do.
        reason: String,
    },
}

/// Packs the trials of the finished record in `folder`, and removes their folders when the pack is on disk, read back and
/// named in the manifest. Stopped anywhere, by whatever, it leaves a record that is read as before; packing it again ends
/// what was begun. A record that is packed already stays as it is, unless it is whole and is to be slim.
///
/// # Errors
/// [`PackError::Unfit`] for a record that is not finished, or longer than a pack may be, or packed and with other trials
/// beside the pack, or more of them; [`PackError::Record`].
pub fn pack(folder: &Path, thoroughness: Thoroughness) -> Result<PackedRecord, PackError> {
    // The lock comes first: what is read after it does not change.
    let writer = RunWriter::reopen(folder)?;
    let run = Run::open(folder)?;
    let unfit = |reason: String| PackError::Unfit { folder: folder.to_owned(), reason };
    let file = folder.join(PACK);
    let numbers: Vec<u32> = run.trials.iter().map(|trial| trial.number).collect();
    let trials = numbers.len();
    if let Some(packed) = run.manifest.packed.clone() {
        let whole = packed.left_out.is_empty();
        let unpacked = Unpacked::open(folder, &packed)?;
        let made_by = if whole { Thoroughness::Whole } else { thoroughness };
        if let Some(path) = beside::first_unpacked(folder, &unpacked.digests()?, &numbers, made_by)? {
            return Err(unfit(more_than_packed(&path, whole)));
        }
        beside::remove(folder, &numbers)?;
        if !whole || thoroughness == Thoroughness::Whole {
            return Ok(PackedRecord { file, packed, trials, already: true });
        }
        finished(&run.manifest).map_err(unfit)?;
        if folder.join(TRIALS).exists() {
            return Err(unfit(format!("something lies in its {TRIALS}/ beside the pack: move it elsewhere")));
        }
        beside::unpack(folder, &unpacked)?;
        writer.manifest(&Manifest { packed: None, ..run.manifest.clone() })?;
    }
    finished(&run.manifest).map_err(unfit)?;
    let (archive, packed) = archive(folder, &numbers, thoroughness, &unfit)?;
    write_whole(&file, &archive)?;
    verified(folder, &packed, &numbers, thoroughness)?;
    writer.manifest(&Manifest { packed: Some(packed.clone()), ..run.manifest })?;
    beside::remove(folder, &numbers)?;
    Ok(PackedRecord { file, packed, trials, already: false })
}

/// Nothing is removed that is nowhere else.
fn more_than_packed(path: &Path, whole: bool) -> String {
    let (path, kind) = (path.display(), if whole { "" } else { ", which is slim" });
    format!(
        "it is packed already, and {path} beside the pack is not what {PACK}{kind} has of it: move {TRIALS}/ elsewhere to keep the \
         pack, or, to pack what lies there, take \"packed\" out of manifest.json"
    )
}

fn finished(manifest: &Manifest) -> Result<(), String> {
    let ended = match manifest.status {
        Status::Complete => return Ok(()),
        Status::Running => "it is under way, or was killed",
        Status::Interrupted => "it was stopped by its user",
        Status::Failed => "it was stopped by an error",
    };
    Err(format!("it is not finished ({ended}); end it with `cachemark sweep --resume`, or keep it as it is"))
}

/// The bytes of the pack, and what the manifest is to say of them.
fn archive(
    folder: &Path,
    numbers: &[u32],
    thoroughness: Thoroughness,
    unfit: &impl Fn(String) -> PackError,
) -> Result<(Vec<u8>, Packed), PackError> {
    let path = folder.join(PACK);
    let fail = |source: io::Error| RecordError::io("write", &path, source);
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), LEVEL).map_err(fail)?;
    encoder.include_checksum(true).map_err(fail)?;
    let mut tar = tar::Builder::new(Counted { to: encoder, bytes: 0 });
    for &number in numbers {
        for file in FILES {
            let Some(bytes) = content(folder, number, file, thoroughness)? else { continue };
            if tar.get_ref().bytes + bytes.len() as u64 > limits::MOST_UNPACKED {
                return Err(unfit(format!(
                    "its trials have more than {} bytes, the most of a pack",
                    limits::MOST_UNPACKED
                )));
            }
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_mtime(0);
            header.set_uid(0);
            header.set_gid(0);
            tar.append_data(&mut header, path_of(number, file), bytes.as_slice()).map_err(fail)?;
        }
    }
    let counted = tar.into_inner().map_err(fail)?;
    let unpacked_bytes = counted.bytes;
    let pack = counted.to.finish().map_err(fail)?;
    let left_out =
        if thoroughness == Thoroughness::Slim { slim::LEFT_OUT.map(str::to_owned).to_vec() } else { Vec::new() };
    let packed = Packed { sha256: sha256(&pack), bytes: pack.len() as u64, unpacked_bytes, left_out };
    match limits::refused(&packed) {
        Some(reason) => Err(unfit(format!("its pack would be refused: {reason}"))),
        None => Ok((pack, packed)),
    }
}

/// Reads the pack as any reader does, and compares each of its files with what it was made from.
fn verified(folder: &Path, packed: &Packed, numbers: &[u32], thoroughness: Thoroughness) -> Result<(), RecordError> {
    let unpacked = Unpacked::open(folder, packed)?;
    let mut expected = beside::Digests::new();
    for &number in numbers {
        for file in FILES {
            if let Some(bytes) = content(folder, number, file, thoroughness)? {
                expected.insert((number, file), sha256(&bytes));
            }
        }
    }
    if unpacked.digests()? == expected {
        return Ok(());
    }
    let detail = "what was read back is not what was packed; the trials were left where they are".to_owned();
    Err(RecordError::Malformed { path: folder.join(PACK), detail })
}

/// Counts what passes.
struct Counted<W> {
    to: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

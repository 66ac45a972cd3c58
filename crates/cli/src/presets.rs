//! Definitions that come with the program, and those in files.

pub(crate) mod built_in;

use crate::catalogue::catalogue;
use crate::exit::Failure;
use crate::stack::{StackKind, refuse_left_out};
use built_in::PRESETS;
use cachemark_bench::definition::{Catalogue, Definition, Draft, LONGEST_DEFINITION, Overrides, likely};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Reads the preset or file called `workload`, lays `overrides` over it and checks it.
pub(crate) fn definition(workload: &str, overrides: Overrides, stack: StackKind) -> Result<Definition, Failure> {
    refuse_left_out(stack)?;
    resolved(&text(workload)?, overrides, &catalogue(stack))
}

/// The same of a text that was read: standard input can be read only once.
pub(crate) fn resolved(
    (name, bytes): &(String, Vec<u8>),
    overrides: Overrides,
    catalogue: &Catalogue<'_>,
) -> Result<Definition, Failure> {
    let draft = Draft::read(name, bytes)?;
    Ok(Definition::resolve(draft.with(overrides), catalogue)?)
}

/// A text as a sweep takes it, less its assertions: those of a load may name services.
pub(crate) fn without_assertions(
    (name, bytes): &(String, Vec<u8>),
    catalogue: &Catalogue<'_>,
) -> Result<Definition, Failure> {
    let draft = Draft::read(name, bytes)?.without_assertions();
    Ok(Definition::resolve(draft, catalogue)?)
}

/// The definition of a record, in which every default is spelt out; nothing is laid over it.
pub(crate) fn recorded(folder: &Path, stack: StackKind) -> Result<Definition, Failure> {
    recorded_with(folder, Overrides::default(), stack)
}

/// The same with `overrides` over it, to be run again by itself.
pub(crate) fn recorded_with(folder: &Path, overrides: Overrides, stack: StackKind) -> Result<Definition, Failure> {
    refuse_left_out(stack)?;
    let (name, bytes) = recorded_text(folder)?;
    let draft = Draft::read(&name, &bytes)?.of_record();
    Ok(Definition::resolve(draft.with(overrides), &catalogue(stack))?)
}

/// The name for people and the text of a record's definition.
pub(crate) fn recorded_text(folder: &Path) -> Result<(String, Vec<u8>), Failure> {
    let path = folder.join("definition.toml");
    let bytes = read(&path).map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))?;
    Ok((path.display().to_string(), bytes))
}

/// The name for people and the text of the preset or file called `workload`.
pub(crate) fn text(workload: &str) -> Result<(String, Vec<u8>), Failure> {
    match PRESETS.iter().find(|preset| preset.name == workload) {
        Some(preset) => Ok((format!("preset {workload}"), preset.text.as_bytes().to_vec())),
        None => match read(Path::new(workload)) {
            Ok(bytes) => Ok((workload.to_owned(), bytes)),
            Err(error) => Err(unreadable(workload, &error)),
        },
    }
}

fn unreadable(workload: &str, error: &io::Error) -> Failure {
    if error.kind() != io::ErrorKind::NotFound {
        return Failure::Usage(format!("cannot read the workload `{workload}`: {error}"));
    }
    let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
    let meant = likely(workload, &names);
    Failure::Usage(format!(
        "`{workload}` is neither a file nor a preset: {meant}`cachemark workload list` has the presets, `cachemark init FILE` writes a file"
    ))
}

/// Reads no more of a file than a definition may have, and a byte to show that there was more.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST_DEFINITION as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

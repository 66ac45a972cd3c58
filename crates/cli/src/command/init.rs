//! `cachemark init`: a definition to begin with, each line with what it is.

mod questions;
mod template;

use self::template::{Answers, Load, SCHEMA_FILE};
use super::schema;
use crate::args::{InitArgs, Over};
use crate::catalogue::of_any_stack;
use crate::exit::{Exit, Failure};
use crate::output::say_wrapped;
use crate::presets::resolved;
use cachemark_bench::definition::Overrides;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

pub(crate) fn run(args: &InitArgs) -> Result<Exit, Failure> {
    // Before anything is asked.
    if args.file.exists() {
        return Err(there_already(&args.file));
    }
    let talks = !args.yes && io::stdin().is_terminal() && io::stderr().is_terminal();
    let answers = if talks { questions::ask(args, io::stdin().lock(), io::stderr().lock())? } else { unasked(args) };
    let text = template::definition(&answers);
    // What was given by flags may be no share, or no number of clients.
    resolved(&(args.file.display().to_string(), text.clone().into_bytes()), Overrides::default(), &of_any_stack())?;
    write_new(&args.file, &text)?;
    let besides =
        if put_schema(&args.file)? { format!(", and {SCHEMA_FILE} beside it for editors") } else { String::new() };
    say_wrapped("", &format!("{}: written{besides}; run it with", args.file.display()));
    say_wrapped("  ", &format!("cachemark sweep --workload {}{}", args.file.display(), stack_flag(answers.over)));
    Ok(Exit::Pass)
}

/// What was given, and what nobody said anything of.
fn unasked(args: &InitArgs) -> Answers {
    let load = match (args.rate, args.clients) {
        (Some(rate), _) => Load::Rate(rate),
        (None, clients) => Load::Clients(clients.unwrap_or(template::CLIENTS)),
    };
    Answers {
        over: args.over.unwrap_or(Over::Embedded),
        read_ratio: args.read_ratio.unwrap_or(template::READ_RATIO),
        load,
    }
}

/// Puts the schema that the file names beside it, for editors; whether it did. One that is there already stays: it may be another
/// version's.
fn put_schema(file: &Path) -> Result<bool, Failure> {
    let path = file.with_file_name(SCHEMA_FILE);
    let text = schema::of_definitions();
    match std::fs::read_to_string(&path) {
        Ok(there) if there == text => {}
        Ok(_) => say_wrapped(
            "",
            &format!(
                "{} is there already, of another version: cachemark schema definition prints this one's",
                path.display()
            ),
        ),
        Err(_) if path.exists() => {}
        Err(_) => {
            write_new(&path, &text)?;
            return Ok(true);
        }
    }
    Ok(false)
}

fn stack_flag(over: Over) -> &'static str {
    match over {
        Over::Embedded => "",
        Over::Redis | Over::Memcached => " --stack native",
    }
}

/// Writes the file whole, unless there is one by now.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        let message =
            format!("cannot write {}: there is no folder {}; make it first", path.display(), folder.display());
        return Err(Failure::Usage(message));
    }
    let failed = |source| Failure::Written { file: path.to_owned(), source };
    let mut temporary = tempfile::Builder::new().prefix(".part-").tempfile_in(folder).map_err(failed)?;
    temporary.write_all(text.as_bytes()).and_then(|()| temporary.as_file().sync_all()).map_err(failed)?;
    match temporary.persist_noclobber(path) {
        Ok(file) => set_readable(&file).map_err(failed),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(there_already(path)),
        Err(error) => Err(failed(error.error)),
    }
}

/// A temporary file is for its owner alone; a definition is not secret.
fn set_readable(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

fn there_already(path: &Path) -> Failure {
    let path = path.display();
    Failure::Usage(format!("{path} is there already; name another file, as in `cachemark init mine.toml`"))
}

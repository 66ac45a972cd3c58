//! `cachemark man`: the man pages, one for each command.

use crate::args::{Args, ManArgs};
use crate::exit::{Exit, Failure};
use crate::output::say_wrapped;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::NamedTempFile;

/// The section of the manual: commands of users.
const SECTION: &str = "1";

/// What each exit code means; README.md says more of them.
const CODES: [(Exit, &str); 6] = [
    (Exit::Pass, "Good."),
    (
        Exit::AssertionFailed,
        "An assertion did not hold, or its figure was not measured. Of compare: a regression. Of sweep --ab: the second build is worse. \
         Of recommend: no arm meets what was asked. Of confirm: a row differs.",
    ),
    (Exit::Usage, "Wrong usage or definition; a folder without a record, or with one that cannot be used so."),
    (
        Exit::Untrusted,
        "Measured, but not to be trusted: a warning is grave, or with --strict there is a doubt. Each reason is a line on stderr.",
    ),
    (Exit::Backend, "A server, the disk or the machine failed, or data could not be written to stdout."),
    (Exit::Interrupted, "Interrupted; what was measured is kept."),
];

/// A page: its file's name and its text.
type Page = (String, Vec<u8>);

pub(crate) fn run(args: &ManArgs) -> Result<Exit, Failure> {
    let folder = args.folder.as_path();
    if folder.exists() && !folder.is_dir() {
        let folder = folder.display();
        return Err(Failure::Usage(format!(
            "{folder} is no folder; name one for the pages, as in `cachemark man man1`"
        )));
    }
    let pages = pages().map_err(|error| Failure::System("make the man pages", error))?;
    write(folder, &pages)?;
    let first = folder.join(format!("cachemark.{SECTION}"));
    say_wrapped("", &format!("{}: {} pages; man -l {}", folder.display(), pages.len(), first.display()));
    Ok(Exit::Pass)
}

/// Every page: of the program, and of each of its commands.
fn pages() -> io::Result<Vec<Page>> {
    let mut program = Args::command().disable_help_subcommand(true);
    program.build();
    let mut pages = Vec::new();
    add(&program, &program, &mut pages)?;
    Ok(pages)
}

/// The page of a command, and those of the commands in it.
fn add(command: &Command, program: &Command, pages: &mut Vec<Page>) -> io::Result<()> {
    let source = format!("{} {}", program.get_name(), program.get_version().unwrap_or_default());
    let page = Man::new(command.clone()).section(SECTION);
    let mut rendered = Vec::new();
    page.render(&mut rendered)?;
    // An empty date has to be quoted, which clap's own title line does not do: what follows would be taken for it.
    let name = page.get_filename();
    let name = name.trim_end_matches(SECTION).trim_end_matches('.');
    let mut text: String = String::from_utf8_lossy(&rendered)
        .lines()
        .map(|line| match line.starts_with(".TH ") {
            true => format!(".TH {name} {SECTION} \"\" \"{source}\" \"cachemark\"\n"),
            false => format!("{line}\n"),
        })
        .collect();
    text += &rest(command.get_name() == program.get_name()).to_roff();
    pages.push((page.get_filename(), text.into_bytes()));
    command.get_subcommands().filter(|inner| !inner.is_hide_set()).try_for_each(|inner| add(inner, program, pages))
}

/// What clap does not know of a page.
fn rest(of_program: bool) -> Roff {
    let mut roff = Roff::default();
    if of_program {
        roff.control("SH", ["EXIT STATUS"]);
        for (code, meaning) in CODES {
            roff.control("TP", []);
            roff.text([bold((code as u8).to_string())]);
            roff.text([roman(meaning)]);
        }
    } else {
        roff.control("SH", ["SEE ALSO"]);
        roff.text([bold("cachemark"), roman("(1), which has the exit codes")]);
    }
    roff
}

/// Writes the pages. None gets its name before all of them are on disk.
fn write(folder: &Path, pages: &[Page]) -> Result<(), Failure> {
    let failed = |file: &Path| {
        let file = file.to_owned();
        move |source| Failure::Written { file, source }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    // No file can take the place of a folder.
    if let Some(path) = pages.iter().map(|(name, _)| folder.join(name)).find(|path| path.is_dir()) {
        return Err(failed(&path)(io::ErrorKind::IsADirectory.into()));
    }
    let mut written = Vec::new();
    for (name, text) in pages {
        let path = folder.join(name);
        written.push((hidden(folder, text).map_err(failed(&path))?, path));
    }
    written.into_iter().try_for_each(|(file, path)| match file.persist(&path) {
        Ok(_) => Ok(()),
        Err(error) => Err(failed(&path)(error.error)),
    })
}

/// A file that has no name yet, and that anyone may read once it has.
fn hidden(folder: &Path, text: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix(".part-").tempfile_in(folder)?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    file.as_file().set_permissions(Permissions::from_mode(0o644))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the pages that a command and those in it have, by their names on the command line.
    fn names(command: &Command, before: &str, found: &mut Vec<String>) {
        let name = format!("{before}{}", command.get_name());
        found.push(format!("{name}.{SECTION}"));
        let inner = command.get_subcommands().filter(|inner| !inner.is_hide_set());
        inner.for_each(|inner| names(inner, &format!("{name}-"), found));
    }

    #[test]
    fn every_command_has_a_page_that_says_what_its_help_does() {
        let mut expected = Vec::new();
        names(&Args::command(), "", &mut expected);
        let pages = pages().unwrap();
        assert_eq!(pages.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), expected);
        for page in ["cachemark-sweep.1", "cachemark-workload-check.1", "cachemark-stack-up.1"] {
            assert!(expected.iter().any(|name| name == page), "{expected:?}");
        }
        let sweep = pages.iter().find(|(name, _)| name == "cachemark-sweep.1").unwrap();
        let text = String::from_utf8(sweep.1.clone()).unwrap();
        assert!(text.contains("read\\-ratio") && !text.contains("record\\-only"), "{text}");
    }

    #[test]
    fn a_page_that_cannot_be_written_leaves_none() {
        let folder = tempfile::tempdir().unwrap();
        let there = || fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
        let pages = ["a.1", "b.1"].map(|name| (name.to_owned(), name.as_bytes().to_vec()));
        fs::create_dir(folder.path().join("b.1")).unwrap();
        assert!(write(folder.path(), &pages).is_err());
        assert_eq!(there(), ["b.1"], "the name of the second is a folder's");
        fs::remove_dir(folder.path().join("b.1")).unwrap();
        write(folder.path(), &pages).unwrap();
        assert_eq!(there().len(), 2);
        write(folder.path(), &pages).unwrap();
        assert_eq!(there().len(), 2, "pages that are there are replaced");
    }
}

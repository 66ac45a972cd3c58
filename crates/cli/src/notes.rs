//! `--notes FILE`: what somebody has to say of a run, which stands as text on its pages.

use crate::exit::Failure;
use cachemark_report::sheet::printable;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The longest: what is longer belongs in a document of its own.
const MOST_BYTES: u64 = 16 * 1024;

/// The text of that file, lines and tabs kept and all else that steers a terminal marked; empty without one.
///
/// # Errors
/// A file that can't be read, is longer than [`MOST_BYTES`], or isn't text.
pub(crate) fn read(file: Option<&Path>) -> Result<String, Failure> {
    let Some(path) = file else { return Ok(String::new()) };
    let refused = |why: &str| Failure::Usage(format!("--notes {}: {why}", path.display()));
    let mut bytes = Vec::new();
    let opened = File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    opened.map_err(|error| refused(&error.to_string()))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(refused(&format!(
            "notes have {} KiB at most; shorten them, or name a document in them",
            MOST_BYTES / 1024
        )));
    }
    let text = String::from_utf8(bytes).map_err(|_| refused("it is not text in UTF-8"))?;
    let lines: Vec<String> = text.lines().map(|line| printable(&line.replace('\t', "    "))).collect();
    Ok(lines.join("\n").trim_matches('\n').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn told(content: &[u8]) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("notes.md");
        fs::write(&file, content).unwrap();
        read(Some(&file)).map_err(|error| error.to_string())
    }

    #[test]
    fn lines_stay_and_what_steers_a_terminal_is_marked() {
        assert_eq!(
            told(b"# One\r\n\n- two\tthree\n\x1b[31mred\n").unwrap(),
            "# One\n\n- two    three\n\u{fffd}[31mred"
        );
        assert_eq!(told(b"").unwrap(), "");
        assert_eq!(read(None).unwrap(), "");
    }

    #[test]
    fn what_is_no_text_or_too_long_is_refused() {
        assert!(told(&[0xff, 0xfe]).unwrap_err().contains("not text"));
        assert!(told(&[b'x'; 16 * 1024]).is_ok());
        assert!(told(&[b'x'; 16 * 1024 + 1]).unwrap_err().contains("16 KiB at most"));
        assert!(read(Some(Path::new("/"))).unwrap_err().to_string().contains("--notes /"));
    }
}

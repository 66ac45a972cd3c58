//! What is wrong with a definition, and where.

use std::fmt;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The byte of the text where it is; none: nowhere in particular.
    pub at: Option<usize>,
    /// What is wrong, as a phrase.
    pub message: String,
    /// What to do, if that can be said.
    pub help: Option<String>,
}

/// Every mistake of a definition, in the order of their places. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes {
    /// The file's name, for people.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The mistakes.
    pub list: Vec<Mistake>,
}

impl Mistakes {
    /// The line of a place, from 1.
    #[must_use]
    pub fn line_of(&self, at: usize) -> usize {
        1 + self.text.bytes().take(at).filter(|byte| *byte == b'\n').count()
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.list.iter().enumerate() {
            let line = mistake.at.map(|at| format!(":{}", self.line_of(at))).unwrap_or_default();
            let help = mistake.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
            let end = if index + 1 < self.list.len() { "\n" } else { "" };
            write!(f, "{}{line}: {}{help}{end}", self.name, mistake.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

/// The name most like the given one, as help; all names, if none is like it.
pub(super) fn nearest(given: &str, known: &[&str]) -> String {
    let alike = |name: &&&str| strsim::jaro_winkler(given, name);
    let best = known.iter().max_by(|a, b| alike(a).total_cmp(&alike(b)));
    match best.filter(|name| alike(name) > 0.75) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("there are: {}", known.join(", ")),
    }
}
